import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { ConnectError, createClient } from '@connectrpc/connect';
import { ChatService, MessageSchema } from '../../../../web/src/gen/duplexer/chat/v1/chat_pb.ts';
import { createGrpcWebSocketTransport } from '../../../../web/src/transport/index.ts';
import { EventQueue } from './eventQueue.mjs';

/** How long the test waits for something to happen here before it may tell something itself. */
const TURN_MS = 10;

/** `Chat` calls of this page that a test drives: it tells what to send, and is told what came. */
const links = new Map();
let news = [];
let wake = () => {};

function tell(event) {
  news.push(event);
  wake();
}

function open(id) {
  const requests = new EventQueue();
  const abort = new AbortController();
  links.set(id, { send: (message) => requests.push(message), close: () => abort.abort() });

  async function* outgoing() {
    for (;;) {
      yield await requests.next();
    }
  }

  async function run() {
    const chat = createClient(ChatService, createGrpcWebSocketTransport({ baseUrl: '/' }));
    for await (const message of chat.chat(outgoing(), { signal: abort.signal })) {
      tell({ id, message: base64Encode(toBinary(MessageSchema, message)) });
    }
  }

  run().then(
    () => tell({ id, code: 0, text: '' }),
    (error) => tell({ id, code: ConnectError.from(error).code, text: ConnectError.from(error).rawMessage }),
  );
}

/** Does what the test wants, and answers with what has happened: at once if something has. */
export async function exchange(commands) {
  for (const { id, message, close } of commands) {
    if (!links.has(id)) {
      open(id);
    }
    if (message !== undefined) {
      links.get(id).send(fromBinary(MessageSchema, base64Decode(message)));
    }
    if (close) {
      links.get(id).close();
    }
  }
  if (news.length === 0) {
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, TURN_MS);
    });
  }
  const told = news;
  news = [];
  return told;
}
