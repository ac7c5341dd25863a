import type { Message } from '../gen/duplexer/chat/v1/chat_pb';

/** A chat message at its place in the room. */
export interface ChatLine {
  readonly id: string;
  readonly userId: string;
  readonly content: string;
  /** When the server accepted it, in milliseconds since the Unix epoch. */
  readonly timestampMs: number;
  readonly sequence: bigint;
}

export function chatLineOf({ id, userId, content, timestamp, sequence }: Message): ChatLine {
  return { id, userId, content, timestampMs: Number(timestamp), sequence };
}
