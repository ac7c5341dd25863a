import { expect, test } from 'vitest';
import { frameOf } from '../wire/testing/frameOf';
import { figuresOf } from './figures';

test('requests are counted by their headers, messages by direction, time to the last frame', () => {
  const frames = [
    frameOf({ kind: 'headers', atMs: 10 }),
    frameOf({ atMs: 10 }),
    frameOf({ kind: 'headers', direction: 'down', atMs: 20 }),
    frameOf({ direction: 'down', atMs: 25 }),
    frameOf({ kind: 'trailers', direction: 'down', atMs: 30 }),
    frameOf({ kind: 'close', direction: 'down', atMs: 99 }),
  ];
  expect(figuresOf({ frames, startMs: 10 }, 'grpc-web')).toEqual({ connections: 1, up: 1, down: 1, ms: 20 });
});

test('sockets are counted when they are open, and that is timed', () => {
  const frames = [
    frameOf({ kind: 'open', direction: 'down', atMs: 7 }),
    frameOf({ kind: 'headers', atMs: 8 }),
  ];
  expect(figuresOf({ frames, startMs: 0 }, 'grpc-websocket')).toEqual({
    connections: 1,
    up: 0,
    down: 0,
    ms: 8,
    openMs: 7,
  });
});
