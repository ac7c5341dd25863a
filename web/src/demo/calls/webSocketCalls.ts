import type { ChatTransport } from '../../chat/channel';
import { newId } from '../../chat/newId';
import type { CallResult, Kind, MakeCall } from './call';
import { type ScratchRoom, STORED_MESSAGES } from './scratchRoom';
import { ScratchSession } from './scratchSession';

const UPLOADED_MESSAGES = 20;
const EXCHANGES = 10;

/** The four kinds of call as conversations on the chat WebSocket, one new socket each. */
export function webSocketCalls(transport: ChatTransport, room: ScratchRoom): Record<Kind, MakeCall> {
  return {
    unary: () => converse(transport, room, 0, unary),
    'server-streaming': async () => {
      await room.fill();
      return converse(transport, room, STORED_MESSAGES, serverStreaming);
    },
    'client-streaming': () => converse(transport, room, 0, clientStreaming),
    bidirectional: () => converse(transport, room, 0, bidirectional),
  };
}

/** Opens a socket, holds a conversation on it that ends with its summary, and counts. */
async function converse(
  transport: ChatTransport,
  room: ScratchRoom,
  history: number,
  conversation: (session: ScratchSession) => Promise<string>,
): Promise<CallResult> {
  const startMs = performance.now();
  const session = await ScratchSession.join(transport, room, history);
  const openMs = performance.now() - startMs;
  try {
    const summary = await conversation(session);
    const ms = performance.now() - startMs;
    const { up, down } = session;
    return { outcome: 'ok', summary, figures: { connections: 1, up, down, ms, openMs } };
  } finally {
    session.close();
  }
}

async function unary(session: ScratchSession): Promise<string> {
  const id = newId();
  session.send(id, 'one message');
  const { sequence } = await echo(session, id);
  return `Sent one message; its echo, with the same id, says that it is #${sequence}.`;
}

async function serverStreaming(session: ScratchSession): Promise<string> {
  for (let i = 0; i < STORED_MESSAGES; i++) {
    await session.nextLine();
  }
  return `Sent one join; the socket brought the room’s state and ${STORED_MESSAGES} messages.`;
}

async function clientStreaming(session: ScratchSession): Promise<string> {
  const ids = Array.from({ length: UPLOADED_MESSAGES }, newId);
  for (const [i, id] of ids.entries()) {
    session.send(id, `streamed message ${i + 1}`);
  }
  for (const id of ids) {
    await echo(session, id);
  }
  return `Sent ${UPLOADED_MESSAGES} messages without waiting; each was acknowledged, in order.`;
}

async function bidirectional(session: ScratchSession): Promise<string> {
  for (let i = 1; i <= EXCHANGES; i++) {
    const id = newId();
    session.send(id, `exchange ${i}`);
    await echo(session, id);
  }
  return `${EXCHANGES} exchanges on one socket: each message was answered before the next was sent.`;
}

/** Waits for the echo of one's own message; anybody else's may come before it. */
async function echo(session: ScratchSession, id: string) {
  for (;;) {
    const line = await session.nextLine();
    if (line.id === id) {
      return line;
    }
  }
}
