import { createClient } from '@connectrpc/connect';
import { WebSocket } from 'ws';
import { ChatService } from '../../gen/duplexer/chat/v1/chat_pb.js';
import { createGrpcWebSocketTransport } from '../index.js';

export async function* greet(baseUrl: string, names: AsyncIterable<string>) {
  const chat = createClient(ChatService, createGrpcWebSocketTransport({ baseUrl, webSocket: WebSocket }));
  const outgoing = (async function* () {
    for await (const name of names) yield { userId: name, content: `${name} says hello` };
  })();
  for await (const { content } of chat.chat(outgoing)) yield content;
}
