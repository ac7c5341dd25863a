import { Code } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { encodeData, encodeRequestHeaders, HALF_CLOSE } from './requestCodec.js';
import { text } from './testing/serverBytes.js';

test.for<[string, [string, string][], string]>([
  ['no header is an empty message', [], ''],
  [
    'each header is a line, and there is no blank one at the end',
    [
      ['content-type', 'application/grpc-web+proto'],
      ['x-grpc-web', '1'],
    ],
    'content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n',
  ],
  [
    'names are in lower case, several values on one line',
    [
      ['X-Tag', 'a'],
      ['x-tag', 'b'],
    ],
    'x-tag: a, b\r\n',
  ],
  ['an empty value is kept', [['x-empty', '']], 'x-empty: \r\n'],
  [
    "Connect's copy of its name does not hide the browser's own",
    [
      ['user-agent', 'connect-es/2.2.0'],
      ['x-user-agent', 'connect-es/2.2.0'],
    ],
    'x-user-agent: connect-es/2.2.0\r\n',
  ],
  [
    'a user agent of its own is sent',
    [
      ['user-agent', 'probe/1'],
      ['x-user-agent', 'connect-es/2.2.0'],
    ],
    'user-agent: probe/1\r\nx-user-agent: connect-es/2.2.0\r\n',
  ],
  ['a timeout in milliseconds stays', [['grpc-timeout', '99999999m']], 'grpc-timeout: 99999999m\r\n'],
  ['a fraction of a millisecond is rounded up', [['grpc-timeout', '0.2m']], 'grpc-timeout: 1m\r\n'],
  [
    'nine digits of milliseconds become seconds',
    [['grpc-timeout', '100000001m']],
    'grpc-timeout: 100001S\r\n',
  ],
  ['a timeout has at most eight digits', [['grpc-timeout', '1e15m']], 'grpc-timeout: 99999999S\r\n'],
  ['a timeout in another unit stays', [['grpc-timeout', '3H']], 'grpc-timeout: 3H\r\n'],
])('%s', ([, headers, expected]) => {
  expect(text(encodeRequestHeaders(new Headers(headers)))).toBe(expected);
});

test.for(['gr\u00fc\u00df', 'a\tb', '\u007f'])(
  '%j as a value is refused, with what to do instead',
  (value) => {
    expect(() => encodeRequestHeaders(new Headers({ 'x-name': value }))).toThrow(
      expect.objectContaining({ code: Code.InvalidArgument, rawMessage: expect.stringContaining('x-name:') }),
    );
  },
);

test('data is a zero and the frame, the half-close a one', () => {
  expect([...encodeData(Uint8Array.of(0, 0, 0, 0, 1, 7))]).toEqual([0, 0, 0, 0, 0, 1, 7]);
  expect([...encodeData(new Uint8Array())]).toEqual([0]);
  expect([...HALF_CLOSE]).toEqual([1]);
});
