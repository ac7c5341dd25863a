import { Code } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { type ResponsePart, ResponseReader } from './responseReader.js';
import { ascii, block, frame, join } from './testing/serverBytes.js';

const HEADERS = block({ 'content-type': 'application/grpc-web+proto', 'x-a': '1' });
const MESSAGE = frame(0, Uint8Array.of(1, 2, 3));
const EMPTY = frame(0, new Uint8Array());
const TRAILERS = block({ 'grpc-status': '0' });

/** What a reader makes of the messages: body bytes joined, headers as entries. */
function read(...messages: readonly Uint8Array[]) {
  const reader = new ResponseReader(1_000);
  return summary(messages.flatMap((bytes) => reader.read(bytes)));
}

function summary(parts: readonly ResponsePart[]) {
  return {
    kinds: [...new Set(parts.map(({ kind }) => kind))],
    headers: parts.flatMap((part) => ('headers' in part ? [...part.headers] : [])),
    body: parts.flatMap((part) => (part.kind === 'body' ? [...part.bytes] : [])),
  };
}

const CASES: [string, Uint8Array, Uint8Array][] = [
  ['headers, a message, trailers', join(HEADERS, MESSAGE, TRAILERS), join(MESSAGE, TRAILERS)],
  ['headers, trailers', join(HEADERS, TRAILERS), TRAILERS],
  [
    'headers, several messages, one of them empty, trailers',
    join(HEADERS, MESSAGE, EMPTY, MESSAGE, TRAILERS),
    join(MESSAGE, EMPTY, MESSAGE, TRAILERS),
  ],
  ['empty trailers', join(HEADERS, frame(0x80, new Uint8Array())), frame(0x80, new Uint8Array())],
];

test.for(CASES)('%s: the same wherever it is split', ([, stream, body]) => {
  const whole = read(stream);
  expect(whole.kinds).toEqual(['headers', 'body', 'end']);
  expect(whole.body).toEqual([...body]);
  expect(whole.headers).toEqual([
    ['content-type', 'application/grpc-web+proto'],
    ['x-a', '1'],
  ]);
  for (let at = 0; at <= stream.length; at++) {
    expect(read(stream.subarray(0, at), stream.subarray(at))).toEqual(whole);
  }
  expect(read(...Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual(whole);
});

test('a first block with a status is the end of the call, wherever it is split', () => {
  const stream = block({ 'grpc-status': '5', 'grpc-message': 'no room' });
  for (let at = 0; at <= stream.length; at++) {
    const { kinds, headers } = read(stream.subarray(0, at), stream.subarray(at));
    expect(kinds).toEqual(['trailersOnly', 'end']);
    expect(Object.fromEntries(headers)).toEqual({ 'grpc-status': '5', 'grpc-message': 'no room' });
  }
});

test('a stream that is not finished has no end', () => {
  expect(read(HEADERS, MESSAGE, TRAILERS.subarray(0, -1)).kinds).toEqual(['headers', 'body']);
});

test('more bytes after the trailers are ignored', () => {
  const { kinds, body } = read(join(HEADERS, TRAILERS, MESSAGE), MESSAGE);
  expect(kinds).toEqual(['headers', 'body', 'end']);
  expect(body).toEqual([...TRAILERS]);
});

test('an empty header block is a header block', () => {
  expect(read(frame(0x80, new Uint8Array()), MESSAGE)).toEqual({
    kinds: ['headers', 'body'],
    headers: [],
    body: [...MESSAGE],
  });
});

test('a name with several values has them all, and lines may end without a carriage return', () => {
  const lines = frame(0x80, ascii('x-a: 1\nX-A:2\r\nx-bin: AAE\r\n'));
  expect(read(lines).headers).toEqual([
    ['x-a', '1, 2'],
    ['x-bin', 'AAE'],
  ]);
});

test.for<[string, Uint8Array, Code]>([
  ['a message before the headers', MESSAGE, Code.Internal],
  ['compressed headers', frame(0x81, ascii('x-a: 1\r\n')), Code.Internal],
  ['a line without a colon', frame(0x80, ascii('x-a 1\r\n')), Code.Internal],
  ['a name that cannot be one', frame(0x80, ascii('x a: 1\r\n')), Code.Internal],
  [
    'headers of 1,001 bytes, by their length alone',
    Uint8Array.of(0x80, 0, 0, 3, 233),
    Code.ResourceExhausted,
  ],
])('%s: an error', ([, bytes, code]) => {
  expect(() => read(bytes)).toThrow(expect.objectContaining({ name: 'ConnectError', code }));
});

test('headers of exactly the limit are accepted', () => {
  expect(read(frame(0x80, ascii(`x-a: ${'v'.repeat(993)}\r\n`))).headers[0]?.[1]).toHaveLength(993);
});

test('a length with the highest bit set is a length', () => {
  expect(() => read(Uint8Array.of(0x80, 0xff, 0xff, 0xff, 0xff))).toThrow('4294967295 bytes');
});
