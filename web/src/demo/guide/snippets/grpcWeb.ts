import { createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { ChatService } from './chat_pb';

export async function say(baseUrl: string, room: string, content: string) {
  const chat = createClient(ChatService, createGrpcWebTransport({ baseUrl }));
  const { sequence } = await chat.sendMessage({ userId: 'ann', room, content });
  const call = new AbortController();
  const join = { userId: 'ann', room, join: { history: 1 } };
  try {
    for await (const message of chat.subscribeToMessages(join, { signal: call.signal })) {
      if (message.sequence === sequence) return `#${sequence} ${message.content}`;
    }
    throw new Error('the stream ended');
  } finally {
    call.abort(); // Leaving the loop does not end the call.
  }
}
