import { Code, ConnectError } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { describeError, mayRetryAfter } from './grpcStatus';

test.each([
  [Code.Canceled, true],
  [Code.Unknown, true],
  [Code.InvalidArgument, false],
  [Code.DeadlineExceeded, true],
  [Code.NotFound, false],
  [Code.AlreadyExists, false],
  [Code.PermissionDenied, false],
  [Code.ResourceExhausted, true],
  [Code.FailedPrecondition, false],
  [Code.Aborted, true],
  [Code.OutOfRange, false],
  [Code.Unimplemented, false],
  [Code.Internal, true],
  [Code.Unavailable, true],
  [Code.DataLoss, true],
  [Code.Unauthenticated, false],
])('status %i: may be tried again is %s', (code, expected) => {
  expect(mayRetryAfter(code)).toBe(expected);
});

test('an error keeps its own words, and its status where the server gave one', () => {
  expect(describeError(new ConnectError('room: too long', Code.InvalidArgument))).toBe(
    '[invalid_argument] room: too long',
  );
  expect(describeError(new TypeError('Failed to fetch'))).toBe('Failed to fetch');
});
