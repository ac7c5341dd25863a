import { newId } from '../../chat/newId';
import type { CallResult, Kind } from './call';
import type { CallRun, MakeCall } from './callRun';
import { EXCHANGES, type ScratchRoom, STORED_MESSAGES, UPLOADED_MESSAGES } from './scratchRoom';
import { ScratchSession } from './scratchSession';

/** Needs only the chat channel of a run, and its clock. */
type MakeSocketCall = (run: Pick<CallRun, 'webSocket' | 'begin'>) => ReturnType<MakeCall>;

/** The four kinds of call as conversations on the chat WebSocket, one new socket each. */
export function webSocketCalls(room: ScratchRoom): Record<Kind, MakeSocketCall> {
  return {
    unary: (run) => converse(run, room, 0, unary),
    'server-streaming': async (run) => {
      await room.fill();
      run.begin();
      return converse(run, room, STORED_MESSAGES, serverStreaming);
    },
    'client-streaming': (run) => converse(run, room, 0, clientStreaming),
    bidirectional: (run) => converse(run, room, 0, bidirectional),
  };
}

/** Opens a socket and holds a conversation on it that ends with its summary. */
async function converse(
  run: Pick<CallRun, 'webSocket' | 'begin'>,
  room: ScratchRoom,
  history: number,
  conversation: (session: ScratchSession) => Promise<string>,
): Promise<CallResult> {
  const session = await ScratchSession.join(run.webSocket(), room, history);
  try {
    return { outcome: 'ok', summary: await conversation(session) };
  } finally {
    session.close();
  }
}

async function unary(session: ScratchSession): Promise<string> {
  const id = newId();
  session.send(id, 'one message');
  const { sequence } = await echo(session, id);
  return `A join, then one message; its echo, with the same id, says that it is #${sequence}.`;
}

async function serverStreaming(session: ScratchSession): Promise<string> {
  for (let i = 0; i < STORED_MESSAGES; i++) {
    await session.nextLine();
  }
  return `One join; the socket brought the room’s state and ${STORED_MESSAGES} messages.`;
}

async function clientStreaming(session: ScratchSession): Promise<string> {
  const ids = Array.from({ length: UPLOADED_MESSAGES }, newId);
  for (const [i, id] of ids.entries()) {
    session.send(id, `streamed message ${i + 1}`);
  }
  for (const id of ids) {
    await echo(session, id);
  }
  return `${UPLOADED_MESSAGES} messages up without waiting; each has an answer of its own, in order.`;
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
