import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { MessageSchema } from '../gen/duplexer/chat/v1/chat_pb';
import { jsonCodec } from './jsonCodec';
import { protobufCodec } from './protobufCodec';

const chatMessage = create(MessageSchema, { id: 'm1', userId: 'ann', content: 'Grüße 👋', room: 'lobby' });
const joinAgain = create(MessageSchema, {
  userId: 'ann',
  room: 'lobby',
  event: { case: 'join', value: { history: 50, resume: { epoch: 'e1', sequence: 12n } } },
});

describe('JSON', () => {
  test('a chat message is written with the contract’s field names and without empty fields', () => {
    expect(JSON.parse(jsonCodec.encode(chatMessage) as string)).toEqual({
      id: 'm1',
      user_id: 'ann',
      content: 'Grüße 👋',
      room: 'lobby',
    });
  });

  test('a join is written as a nested object with its sequence as a number', () => {
    expect(JSON.parse(jsonCodec.encode(joinAgain) as string)).toEqual({
      user_id: 'ann',
      room: 'lobby',
      join: { history: 50, resume: { epoch: 'e1', sequence: 12 } },
    });
  });

  test('a sequence beyond exact numbers is written as a string', () => {
    const far = create(MessageSchema, {
      event: { case: 'join', value: { resume: { epoch: 'e1', sequence: 2n ** 53n } } },
    });
    expect(jsonCodec.encode(far)).toBe('{"join":{"resume":{"epoch":"e1","sequence":"9007199254740992"}}}');
  });

  test('the wish for older messages is written as a nested object', () => {
    const readHistory = create(MessageSchema, {
      id: 'older-1',
      event: { case: 'readHistory', value: { before: 12n, limit: 50 } },
    });
    expect(jsonCodec.encode(readHistory)).toBe('{"id":"older-1","read_history":{"before":12,"limit":50}}');
  });

  test('a page of older messages is read', () => {
    const { id, event } = jsonCodec.decode(
      '{"id":"older-1","history":{"messages":[{"content":"hi","sequence":11}],"more":true}}',
    );
    expect(id).toBe('older-1');
    expect(event).toMatchObject({
      case: 'history',
      value: { messages: [{ content: 'hi', sequence: 11n }], more: true },
    });
  });

  test('what the server sends is read: numbers, nested events, fields of a later version', () => {
    const line = jsonCodec.decode(
      '{"id":"m1","user_id":"ann","content":"hi","timestamp":1790000000000,"sequence":42,"previous_sequence":41,"mood":"new"}',
    );
    expect([line.userId, line.timestamp, line.sequence, line.previousSequence]).toEqual([
      'ann',
      1790000000000n,
      42n,
      41n,
    ]);
    const { event } = jsonCodec.decode(
      '{"room":"lobby","recovered":{"recovered":true,"missed":3,"epoch":"e1","sequence":42,"members":["ann"],"member_count":1}}',
    );
    expect(event.case === 'recovered' && [event.value.missed, event.value.members]).toEqual([3, ['ann']]);
  });

  test.each(['', 'hello', '[]', '{"sequence":{}}'])('%j is not a chat message', (text) => {
    expect(() => jsonCodec.decode(text)).toThrow();
  });

  test('a binary frame is refused', () => {
    expect(() => jsonCodec.decode(new ArrayBuffer(1))).toThrow('expected: text');
  });
});

describe('protobuf', () => {
  test.each([chatMessage, joinAgain])('what is written is read back the same', (message) => {
    const bytes = protobufCodec.encode(message) as Uint8Array<ArrayBuffer>;
    expect(toBinary(MessageSchema, protobufCodec.decode(bytes.buffer))).toEqual(bytes);
  });

  test('a text frame is refused', () => {
    expect(() => protobufCodec.decode('hi')).toThrow('expected: binary');
  });
});
