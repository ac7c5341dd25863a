import type { Client } from '@connectrpc/connect';
import { newId } from '../../chat/newId';
import type { ChatService } from '../../gen/duplexer/chat/v1/chat_pb';

/** How many stored messages the server-streaming calls ask for. */
export const STORED_MESSAGES = 10;

/** A room for this visit's calls, so that they do not write into anybody's chat. */
export class ScratchRoom {
  readonly name = `demo-${newId().slice(0, 8)}`;
  readonly userId = 'demo';
  readonly #client: Client<typeof ChatService>;
  #stored: Promise<void> | undefined;

  constructor(client: Client<typeof ChatService>) {
    this.#client = client;
  }

  /** Makes sure that the room has {@link STORED_MESSAGES} messages to stream; tried again if it failed. */
  fill(): Promise<void> {
    this.#stored ??= this.#sendAll().catch((error: unknown) => {
      this.#stored = undefined;
      throw error;
    });
    return this.#stored;
  }

  /** A message for this room. */
  message(content: string): { id: string; userId: string; room: string; content: string } {
    return { id: newId(), userId: this.userId, room: this.name, content };
  }

  async #sendAll(): Promise<void> {
    for (let i = 1; i <= STORED_MESSAGES; i++) {
      await this.#client.sendMessage(this.message(`stored message ${i}`), { timeoutMs: 10_000 });
    }
  }
}
