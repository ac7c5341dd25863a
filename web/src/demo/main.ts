import { grpcWebChannel } from '../chat/grpcWebChannel';
import { webSocketChannel } from '../chat/webSocketChannel';
import { showCallTable } from './calls/callTable';
import { Pane } from './chat/pane';
import { listenToRoomForm } from './chat/roomForm';
import { visitOf } from './chat/visit';
import { chatUrl } from './chatUrl';
import { find } from './dom';
import { whenNear } from './lazy';
import { tappedFetch } from './wire/tappedFetch';
import { tappedWebSocket } from './wire/tappedWebSocket';
import { WireLog } from './wire/wireLog';

const log = new WireLog();
const visit = visitOf(location.search, Math.random);

const grpcWeb = grpcWebChannel({
  baseUrl: location.origin,
  fetch: tappedFetch(log.taps('left pane', 'grpc-web')),
});
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
    transport: webSocketChannel({
      url: chatUrl(),
      webSocket: tappedWebSocket(log.taps('right pane', 'websocket'), 'chat'),
    }),
    fallback: grpcWeb,
    userId: visit.right,
  }),
];
listenToRoomForm(visit.room, (room) => {
  for (const pane of panes) {
    pane.enter(room);
  }
});

showCallTable(find('#call-rows'), find<HTMLButtonElement>('#run-all'), log, () => {});
whenNear(find('#wire'), async () => {
  const { showInspector } = await import('./inspector/inspector');
  showInspector(find('#wire .later'), log);
});

const PROTOCOLS: Readonly<Record<string, string>> = { h2: 'HTTP/2', h3: 'HTTP/3', 'http/1.1': 'HTTP/1.1' };
const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
find('#protocol').textContent = PROTOCOLS[navigation?.nextHopProtocol ?? ''] ?? 'HTTP';
