import { fromJsonString } from '@bufbuild/protobuf';
import { type Join, type Message, MessageSchema } from '../gen/duplexer/chat/v1/chat_pb';
import type { FrameCodec } from './frameCodec';

/** One JSON object a text frame, with the field names of the contract; what a person reads in the developer tools. */
export const jsonCodec: FrameCodec = {
  name: 'json',
  subprotocol: 'duplexer.chat.v1+json',

  encode(message) {
    return JSON.stringify({
      ...present({
        id: message.id,
        user_id: message.userId,
        content: message.content,
        room: message.room,
      }),
      ...event(message),
    });
  },

  decode(data) {
    if (typeof data !== 'string') {
      throw new Error('a binary frame (expected: text)');
    }
    return fromJsonString(MessageSchema, data, { ignoreUnknownFields: true });
  },
};

/** The events that a client may send; there is nothing to write of the others. */
function event(message: Message): object {
  switch (message.event.case) {
    case 'join':
      return { join: join(message.event.value) };
    case 'left':
      return { left: {} };
    case 'typing':
      return { typing: {} };
    case 'readHistory': {
      const { before, limit } = message.event.value;
      return { read_history: { before: wholeNumber(before), limit } };
    }
    default:
      return {};
  }
}

function join({ history, resume }: Join): object {
  return {
    ...present({ history }),
    ...(resume && { resume: { epoch: resume.epoch, sequence: wholeNumber(resume.sequence) } }),
  };
}

/** A JSON number while it is exact, else the digits as a string, which proto3 JSON allows. */
function wholeNumber(value: bigint): number | string {
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
}

/** Leaves out what is empty or zero, as proto3 JSON does. */
function present(fields: Record<string, string | number>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== 0));
}
