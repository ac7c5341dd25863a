import type { MessageInitShape } from '@bufbuild/protobuf';
import { newId, randomHex } from '../../chat/newId';
import type { MessageSchema } from '../../gen/duplexer/chat/v1/chat_pb';
import { ANSWER_TIMEOUT_MS } from './call';
import type { ChatServiceClient } from './callRun';

/** How many stored messages the server-streaming calls ask for. */
export const STORED_MESSAGES = 10;

/** How many messages the client-streaming calls send. */
export const UPLOADED_MESSAGES = 20;

/** How often the bidirectional calls send and wait for the answer. */
export const EXCHANGES = 10;

/** For each call on the page. */
export const TIMEOUT = { timeoutMs: ANSWER_TIMEOUT_MS };

/** A room for this visit's calls, so that they do not write into anybody's chat. */
export class ScratchRoom {
  readonly name = `demo-${randomHex(4)}`;
  readonly userId = 'demo';
  readonly #client: ChatServiceClient;
  readonly #ids = new Set<string>();
  #stored: Promise<void> | undefined;

  constructor(client: ChatServiceClient) {
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
    const id = newId();
    this.#ids.add(id);
    return { id, userId: this.userId, room: this.name, content };
  }

  /** Whether a message with this id was made here. */
  isOwn(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The event that enters this room, for what comes from now on. */
  join(): MessageInitShape<typeof MessageSchema> {
    return { userId: this.userId, room: this.name, event: { case: 'join', value: {} } };
  }

  async #sendAll(): Promise<void> {
    for (let i = 1; i <= STORED_MESSAGES; i++) {
      await this.#client.sendMessage(this.message(`stored message ${i}`), TIMEOUT);
    }
  }
}
