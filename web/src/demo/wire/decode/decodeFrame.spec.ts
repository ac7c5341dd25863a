import { create, toBinary } from '@bufbuild/protobuf';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import { expect, test } from 'vitest';
import { MessageResponseSchema, MessageSchema } from '../../../gen/duplexer/chat/v1/chat_pb';
import { frameOf } from '../testing/frameOf';
import { decodeFrame } from './decodeFrame';
import { headlineOf } from './headline';
import type { Part } from './part';

/** Parts as `label: value [start, end)`, indented. */
const outline = (parts: readonly Part[], indent = ''): string[] =>
  parts.flatMap(({ label, value, start, end, parts: inner = [] }) => [
    `${indent}${label}: ${value} [${start}, ${end})`,
    ...outline(inner, `${indent}  `),
  ]);

const message = create(MessageSchema, {
  id: 'm1',
  userId: 'ann',
  timestamp: 1_700_000_000_000n,
  sequence: 300n,
  duplicate: true,
  event: { case: 'recovered', value: { members: ['ann', 'bob'], memberCount: 2 } },
});
const bytes = toBinary(MessageSchema, message);

test('a protobuf frame is read by the names of the contract, with the place of each field', () => {
  expect(outline(decodeFrame(frameOf({ data: bytes })))).toEqual([
    'id: "m1" [0, 4)',
    'user_id: "ann" [4, 9)',
    'timestamp: 1700000000000 (2023-11-14T22:13:20.000Z) [9, 16)',
    'sequence: 300 [16, 19)',
    'duplicate: true [19, 21)',
    'recovered:  [21, 35)',
    '  members: "ann" [23, 28)',
    '  members: "bob" [28, 33)',
    '  member_count: 2 [33, 35)',
  ]);
});

test('a gRPC frame has its prefix first, then the message of the method', () => {
  const response = toBinary(MessageResponseSchema, create(MessageResponseSchema, { success: true }));
  const stream = { transport: 'grpc-web', method: 'SendMessage' } as const;
  const frame = frameOf({ direction: 'down', data: encodeEnvelope(0, response), stream });
  expect(outline(decodeFrame(frame))).toEqual([
    'flags: message (0x00) [0, 1)',
    'length: 2 bytes [1, 5)',
    'MessageResponse:  [5, 7)',
    '  success: true [5, 7)',
  ]);
  expect(headlineOf(frame)).toBe('MessageResponse');
});

test('up on a socket a marker comes before the gRPC frame', () => {
  const data = Uint8Array.from([0, ...encodeEnvelope(0, Uint8Array.of(10, 1, 65))]);
  const frame = frameOf({ data, stream: { transport: 'grpc-websocket' } });
  expect(outline(decodeFrame(frame))).toEqual([
    'marker: data [0, 1)',
    'flags: message (0x00) [1, 2)',
    'length: 3 bytes [2, 6)',
    'Message:  [6, 9)',
    '  id: "A" [6, 9)',
  ]);
});

test('trailers are read line by line', () => {
  const block = new TextEncoder().encode('grpc-status: 3\r\ngrpc-message: no: empty\r\n');
  const data = encodeEnvelope(0x80, block);
  const frame = frameOf({ direction: 'down', kind: 'trailers', data, stream: { transport: 'grpc-web' } });
  expect(outline(decodeFrame(frame))).toEqual([
    'flags: headers or trailers (0x80) [0, 1)',
    'length: 41 bytes [1, 5)',
    'block:  [5, 46)',
    '  grpc-status: 3 [5, 19)',
    '  grpc-message: no: empty [21, 44)',
  ]);
  expect(headlineOf(frame)).toBe('trailers, status 3');
});

test('JSON is laid out, and what is not JSON is left as it is', () => {
  expect(decodeFrame(frameOf({ data: '{"a":1}' }))[0]?.value).toBe('{\n  "a": 1\n}');
  expect(decodeFrame(frameOf({ data: 'hello' }))[0]).toMatchObject({ label: 'text', value: 'hello' });
});

test.each([
  ['a field that the contract does not have', [0xa0, 0x06, 5], ['field 100: 5 [0, 3)']],
  ['a length beyond the end', [10, 9, 65], ['not readable:  [0, 3)']],
  ['a varint that does not end', [0x30, 0xff], ['not readable:  [0, 2)']],
  ['a group that does not end', [0x0b], ['not readable:  [0, 1)']],
  ['no bytes', [], []],
])('%s', (_, data, expected) => {
  expect(outline(decodeFrame(frameOf({ data: Uint8Array.from(data) })))).toEqual(expected);
});

test('a gRPC frame without a whole prefix is not readable', () => {
  const frame = frameOf({ direction: 'down', data: Uint8Array.of(0, 0), stream: { transport: 'grpc-web' } });
  expect(outline(decodeFrame(frame))).toEqual(['not readable: 2 bytes (a prefix has 5) [0, 2)']);
});

test('what was not kept is said', () => {
  const parts = decodeFrame(frameOf({ data: Uint8Array.of(10, 1, 65), length: 10 }));
  expect(outline(parts).at(-1)).toBe('not kept: 7 bytes more [3, 3)');
});

test.each([
  ['{"sequence":12,"content":"hi"}', 'message #12'],
  ['{"content":"hi"}', 'message'],
  ['{"user_id":"ann","join":{}}', 'join'],
  ['{"user_id":"ann","typing":{}}', 'typing: ann'],
  ['{"recovered":{}}', 'answer to join'],
  ['{"recovered":{"recovered":true,"missed":7}}', 'recovered, 7 missed'],
  ['{', 'message'],
])('%s is called %s', (data, headline) => {
  expect(headlineOf(frameOf({ data }))).toBe(headline);
});
