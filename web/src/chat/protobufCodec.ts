import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { MessageSchema } from '../gen/duplexer/chat/v1/chat_pb';
import type { FrameCodec } from './frameCodec';

/** One protobuf message a binary frame: smaller, and the same bytes that gRPC carries. */
export const protobufCodec: FrameCodec = {
  name: 'protobuf',
  subprotocol: 'duplexer.chat.v1+proto',

  encode: (message) => toBinary(MessageSchema, message),

  decode(data) {
    if (typeof data === 'string') {
      throw new Error('a text frame (expected: binary)');
    }
    return fromBinary(MessageSchema, new Uint8Array(data));
  },
};
