import { createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { grpcWebChannel } from '../chat/grpcWebChannel';
import { webSocketChannel } from '../chat/webSocketChannel';
import { ChatService } from '../gen/duplexer/chat/v1/chat_pb';
import { showCallTable } from './calls/callTable';
import { grpcWebCalls } from './calls/grpcWebCalls';
import { ScratchRoom } from './calls/scratchRoom';
import { webSocketCalls } from './calls/webSocketCalls';
import { find } from './dom';
import { Pane } from './pane';
import { listenToRoomForm } from './roomForm';
import { visitOf } from './visit';

const client = createClient(ChatService, createGrpcWebTransport({ baseUrl: location.origin }));
const grpcWeb = grpcWebChannel({ baseUrl: location.origin });
const webSocket = webSocketChannel({ url: `${location.origin.replace(/^http/, 'ws')}/ws` });

const visit = visitOf(location.search, Math.random);
const panes = [
  new Pane(find('#panes'), {
    side: 'left',
    title: 'gRPC-Web',
    how: 'A stream to receive, one POST for each message sent',
    transport: grpcWeb,
    userId: visit.left,
  }),
  new Pane(find('#panes'), {
    side: 'right',
    title: 'WebSocket',
    how: 'One socket at /ws, JSON in both directions',
    transport: webSocket,
    fallback: grpcWeb,
    userId: visit.right,
  }),
];
listenToRoomForm(visit.room, (room) => {
  for (const pane of panes) {
    pane.enter(room);
  }
});

const scratchRoom = new ScratchRoom(client);
showCallTable(find('#call-rows'), find<HTMLButtonElement>('#run-all'), {
  'grpc-web': grpcWebCalls(client, scratchRoom),
  websocket: webSocketCalls(webSocket, scratchRoom),
});

const PROTOCOLS: Readonly<Record<string, string>> = { h2: 'HTTP/2', h3: 'HTTP/3', 'http/1.1': 'HTTP/1.1' };
const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
find('#protocol').textContent = PROTOCOLS[navigation?.nextHopProtocol ?? ''] ?? 'HTTP';
