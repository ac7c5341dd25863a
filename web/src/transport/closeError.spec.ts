import { Code } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { closeError } from './closeError.js';

test.for<[number, string, string]>([
  [1000, '', 'the server closed it (close code 1000)'],
  [1001, '', 'the server is going away (close code 1001)'],
  [1001, 'server stopping', 'server stopping (close code 1001)'],
  [1005, '', 'the server closed it without a code (close code 1005)'],
  [1006, '', 'the connection was lost (close code 1006)'],
  [1008, '', 'the server saw a violation of its policy (close code 1008)'],
  [1009, '', 'a message was too big for the server (close code 1009)'],
  [1011, 'in the middle of a message', 'in the middle of a message (close code 1011)'],
  [3012, 'no pong', 'no pong (close code 3012)'],
  [4999, '', 'no reason given (close code 4999)'],
])('a close with %i "%s" before the trailers', ([code, reason, words]) => {
  const error = closeError({ code, reason }, true);
  expect(error.code).toBe(Code.Unavailable);
  expect(error.rawMessage).toBe(`the WebSocket ended before the call did: ${words}`);
});

test('before the opening it says that browsers hide the reason', () => {
  const error = closeError({ code: 1006, reason: '' }, false);
  expect(error.code).toBe(Code.Unavailable);
  expect(error.rawMessage).toBe(
    'the WebSocket did not open: browsers hide the reason; the server may be down, not know the path, or not allow this origin (close code 1006)',
  );
});

test('where the platform tells the reason, so does the error', () => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:1');
  const error = closeError({ code: 1006, reason: '', cause }, false);
  expect(error.rawMessage).toBe(
    'the WebSocket did not open: connect ECONNREFUSED 127.0.0.1:1 (close code 1006)',
  );
  expect(error.cause).toBe(cause);
});
