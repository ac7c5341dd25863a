import type { MessageInitShape } from '@bufbuild/protobuf';
import { SendQueue } from '../../chat/sendQueue';
import type { MessageSchema } from '../../gen/duplexer/chat/v1/chat_pb';
import type { CallResult } from './call';
import type { ChatServiceClient } from './callRun';
import { EXCHANGES, type ScratchRoom, STORED_MESSAGES, TIMEOUT, UPLOADED_MESSAGES } from './scratchRoom';

/** The four kinds of call as any Connect-ES program makes them; which of them work is the transport's matter. */
export async function unary(client: ChatServiceClient, room: ScratchRoom): Promise<CallResult> {
  const { sequence } = await client.sendMessage(room.message('one message'), TIMEOUT);
  return { outcome: 'ok', summary: `One message, one answer: it is #${sequence} in its room.` };
}

/** Of a room that was filled. */
export async function serverStreaming(client: ChatServiceClient, room: ScratchRoom): Promise<CallResult> {
  const abort = new AbortController();
  const request = { userId: room.userId, room: room.name, join: { history: STORED_MESSAGES } };
  let lines = 0;
  for await (const message of client.subscribeToMessages(request, { ...TIMEOUT, signal: abort.signal })) {
    lines += message.event.case === undefined ? 1 : 0;
    if (lines === STORED_MESSAGES) {
      break;
    }
  }
  // Leaving the loop does not end the call.
  abort.abort();
  if (lines < STORED_MESSAGES) {
    throw new Error(`the stream ended after ${lines} of ${STORED_MESSAGES} messages`);
  }
  return {
    outcome: 'ok',
    summary: `One request; the answer stayed open and brought the room’s state and ${lines} messages.`,
  };
}

export async function clientStreaming(client: ChatServiceClient, room: ScratchRoom): Promise<CallResult> {
  const { stored } = await client.uploadMessages(messages(room), TIMEOUT);
  if (Number(stored) !== UPLOADED_MESSAGES) {
    throw new Error(`the server stored ${stored} of ${UPLOADED_MESSAGES} messages`);
  }
  return {
    outcome: 'ok',
    summary: `${stored} messages up without waiting, then one answer: all are stored.`,
  };
}

export async function bidirectional(client: ChatServiceClient, room: ScratchRoom): Promise<CallResult> {
  const outgoing = new SendQueue<MessageInitShape<typeof MessageSchema>>();
  outgoing.push(room.join());
  let answered = 0;
  for await (const message of client.chat(outgoing, TIMEOUT)) {
    const { event, id } = message;
    if (event.case === 'rejected') {
      throw new Error(event.value.reason);
    }
    answered += event.case === undefined && room.isOwn(id) ? 1 : 0;
    if (event.case === 'recovered' || event.case === undefined) {
      if (answered < EXCHANGES) {
        outgoing.push(room.message(`exchange ${answered + 1}`));
      } else {
        outgoing.end();
      }
    }
  }
  if (answered < EXCHANGES) {
    throw new Error(`the stream ended after ${answered} of ${EXCHANGES} answers`);
  }
  return {
    outcome: 'ok',
    summary: `${EXCHANGES} exchanges on one stream: each message was answered before the next was sent.`,
  };
}

async function* messages(room: ScratchRoom) {
  for (let i = 1; i <= UPLOADED_MESSAGES; i++) {
    yield room.message(`streamed message ${i}`);
  }
}
