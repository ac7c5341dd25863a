import { type Message as AnyMessage, fromBinary, fromJsonString } from '@bufbuild/protobuf';
import { ChatService, type Message, MessageSchema } from '../../../gen/duplexer/chat/v1/chat_pb';
import type { LoggedFrame } from '../frame';
import { bytesAround } from '../frameSplitter';
import { bytesOf } from './decodeFrame';

/** What a frame is, in a few words: `join`, `message #12`, `trailers, status 0`. Pure, never throws. */
export function headlineOf(frame: LoggedFrame): string {
  switch (frame.kind) {
    case 'open':
      return 'connection open';
    case 'close':
      return `end (${frame.data})`;
    case 'half-close':
      return 'half-close';
    case 'headers':
      return 'headers';
    case 'trailers': {
      const status = /grpc-status: ?(\d+)/.exec(new TextDecoder().decode(bytesOf(frame)));
      return `trailers, status ${status?.[1] ?? 'missing'}`;
    }
    case 'message':
      return messageHeadline(frame);
  }
}

function messageHeadline(frame: LoggedFrame): string {
  try {
    const message = decoded(frame);
    return message.$typeName === MessageSchema.typeName ? chatHeadline(message as Message) : nameOf(message);
  } catch {
    return 'message';
  }
}

function decoded(frame: LoggedFrame): AnyMessage {
  const { data, direction, stream } = frame;
  if (stream.transport === 'websocket') {
    return typeof data === 'string'
      ? fromJsonString(MessageSchema, data, { ignoreUnknownFields: true })
      : fromBinary(MessageSchema, data);
  }
  const method = ChatService.methods.find(({ name }) => name === stream.method);
  const schema = (direction === 'up' ? method?.input : method?.output) ?? MessageSchema;
  return fromBinary(schema, bytesOf(frame).subarray(bytesAround(frame)));
}

function chatHeadline({ event, sequence, userId }: Message): string {
  switch (event.case) {
    case undefined:
      return sequence > 0n ? `message #${sequence}` : 'message';
    case 'joined':
    case 'left':
    case 'typing':
      return `${event.case}: ${userId}`;
    case 'readHistory':
      return 'read history';
    case 'history':
      return `history, ${event.value.messages.length} messages`;
    case 'recovered':
      return event.value.recovered ? `recovered, ${event.value.missed} missed` : 'answer to join';
    default:
      return event.case;
  }
}

function nameOf({ $typeName }: AnyMessage): string {
  return $typeName.slice($typeName.lastIndexOf('.') + 1);
}
