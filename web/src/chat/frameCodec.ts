import type { Message } from '../gen/duplexer/chat/v1/chat_pb';

/** What one WebSocket message carries: text, or bytes. */
export type Frame = string | Uint8Array<ArrayBuffer>;

/** How chat messages look on the chat WebSocket: one frame each. */
export interface FrameCodec {
  /** The encoding in one word. */
  readonly name: string;
  /** The WebSocket subprotocol that names this encoding. */
  readonly subprotocol: string;
  encode(message: Message): Frame;
  /** @throws {Error} when the frame is not a chat message */
  decode(data: string | ArrayBuffer): Message;
}
