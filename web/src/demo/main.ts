import { Board } from './board';
import { chatChoice } from './chat/chatChoices';
import { Pane } from './chat/pane';
import { listenToRoomForm } from './chat/roomForm';
import { visitOf } from './chat/visit';
import { find } from './dom';
import { whenNear } from './lazy';
import { WireLog } from './wire/wireLog';

const log = new WireLog();
const board = new Board();
const visit = visitOf(location.search, Math.random);

const panes = [
  new Pane(find('#panes'), {
    side: 'left',
    title: 'gRPC-Web',
    choices: [chatChoice('grpc-web', log, 'left pane')],
    userId: visit.left,
  }),
  new Pane(find('#panes'), {
    side: 'right',
    title: 'WebSocket',
    choices: [
      chatChoice('websocket-json', log, 'right pane'),
      chatChoice('websocket-protobuf', log, 'right pane'),
      chatChoice('grpc-websocket', log, 'right pane'),
    ],
    fallback: chatChoice('grpc-web', log, 'right pane'),
    userId: visit.right,
  }),
];
listenToRoomForm(visit.room, (room) => {
  for (const pane of panes) {
    pane.enter(room);
  }
});

// Both forms take input from here on; `e2e-tests/bench/first-load.mjs` measures when that is.
performance.mark('usable');

const PROTOCOLS: Readonly<Record<string, string>> = { h2: 'HTTP/2', h3: 'HTTP/3', 'http/1.1': 'HTTP/1.1' };
const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
const protocol = PROTOCOLS[navigation?.nextHopProtocol ?? ''] ?? 'HTTP';
find('#protocol').textContent = protocol;

whenNear(find('#calls'), async () => {
  const { showCallTable } = await import('./calls/callTable');
  showCallTable(find('#calls'), log, board);
});
whenNear(find('#race'), async () => {
  const { showRace } = await import('./race/raceSection');
  showRace(find('#race .later'), board, protocol);
});
whenNear(find('#break'), async () => {
  const { showBreakIt } = await import('./breakit/breakSection');
  showBreakIt(find('#break .later'), log, board);
});
whenNear(find('#wire'), async () => {
  const { showInspector } = await import('./inspector/inspector');
  showInspector(find('#wire .later'), log, board);
});
whenNear(find('#guide'), async () => {
  const { showGuide } = await import('./guide/guide');
  showGuide(find('#guide .later'), board);
});
