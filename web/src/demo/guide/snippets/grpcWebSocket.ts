import { createClient } from '@connectrpc/connect';
import { createGrpcWebSocketTransport } from '@duplexer/grpc-websocket-transport';
import { ChatService } from './chat_pb';

export async function say(baseUrl: string, room: string, content: string) {
  const chat = createClient(ChatService, createGrpcWebSocketTransport({ baseUrl }));
  async function* outgoing() {
    yield { userId: 'ann', room, event: { case: 'join' as const, value: {} } };
    yield { userId: 'ann', room, content };
  }
  const call = new AbortController();
  try {
    for await (const { sequence, content } of chat.chat(outgoing(), { signal: call.signal })) {
      if (sequence > 0n) return `#${sequence} ${content}`;
    }
    throw new Error('the stream ended');
  } finally {
    call.abort(); // Leaving the loop does not end the call.
  }
}
