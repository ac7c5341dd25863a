import { expect, test } from 'vitest';
import type { ConnectionState } from '../../chat/connection';
import { noticeOf } from './connectionNotice';

test.each<[ConnectionState, string, string, string | undefined]>([
  [{ name: 'connecting' }, 'connecting', '', undefined],
  [{ name: 'connected', transport: 'grpc-web' }, 'connected', '', undefined],
  [
    { name: 'fallback', transport: 'grpc-web', reason: 'the connection could not be made' },
    'fallback',
    'By gRPC-Web for now: the connection could not be made. The other way is tried again from time to time.',
    undefined,
  ],
  [
    { name: 'offline', reason: 'lost' },
    'offline',
    'There is no network. It goes on when there is.',
    'Try now',
  ],
  [
    { name: 'reconnecting', reason: 'server stopping', waitMs: 3_400 },
    'recovering',
    'No connection: server stopping. Next attempt in 3 s.',
    'Try now',
  ],
  [
    { name: 'reconnecting', reason: 'server stopping', waitMs: 999 },
    'recovering',
    'No connection: server stopping. Next attempt in less than 1 s.',
    'Try now',
  ],
  [
    { name: 'reconnecting', reason: 'server stopping', waitMs: 0 },
    'recovering',
    'No connection: server stopping. Trying now.',
    undefined,
  ],
  [{ name: 'closed' }, 'closed', '', undefined],
  [{ name: 'closed', reason: 'room: too long' }, 'closed', 'Not connected: room: too long.', 'Connect again'],
])('%j', (state, badge, text, action) => {
  expect(noticeOf(state)).toEqual({ badge, text, ...(action && { action }) });
});
