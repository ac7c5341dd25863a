import type { Board } from '../board';
import { find, make } from '../dom';
import { formatMs } from '../formatMs';
import { onPress } from '../press';
import type { TransportName } from '../transports';
import type { WireLog } from '../wire/wireLog';
import { AttemptRow } from './attemptRow';
import type { Kind } from './call';
import { CallCell } from './callCell';
import { CallRun, type MakeCall } from './callRun';
import { grpcWebCalls } from './grpcWebCalls';
import { grpcWebSocketCalls } from './grpcWebSocketCalls';
import { ScratchRoom } from './scratchRoom';
import { webSocketCalls } from './webSocketCalls';

const KINDS: readonly { kind: Kind; title: string; method: string; arrows: string; means: string }[] = [
  { kind: 'unary', title: 'Unary', method: 'SendMessage', arrows: '↑ ↓', means: 'one up, one down' },
  {
    kind: 'server-streaming',
    title: 'Server streaming',
    method: 'SubscribeToMessages',
    arrows: '↑ ↓↓↓',
    means: 'one up, many down',
  },
  {
    kind: 'client-streaming',
    title: 'Client streaming',
    method: 'UploadMessages',
    arrows: '↑↑↑ ↓',
    means: 'many up, one down',
  },
  {
    kind: 'bidirectional',
    title: 'Bidirectional',
    method: 'Chat',
    arrows: '↑↓↑↓',
    means: 'many up, many down, at once',
  },
];

/** Fills the table with a cell for each call, makes them when asked to, and writes down how they went. */
export function showCallTable(section: HTMLElement, log: WireLog, board: Board): void {
  const rows = find('#call-rows', section);
  const room = new ScratchRoom(new CallRun(log, 'Preparing').grpcWeb());
  const calls: readonly (readonly [TransportName, Readonly<Record<Kind, MakeCall>>])[] = [
    ['grpc-web', grpcWebCalls(room)],
    ['grpc-websocket', grpcWebSocketCalls(room)],
    ['websocket', webSocketCalls(room)],
  ];
  const runs: (() => Promise<void>)[] = [];
  for (const { kind, title, method, arrows, means } of KINDS) {
    const head = make(
      'th',
      { scope: 'row' },
      make('strong', {}, title),
      make(
        'span',
        { class: 'means' },
        make('span', { class: 'arrows', 'aria-hidden': 'true' }, arrows),
        means,
      ),
      make('code', {}, method),
    );
    const row = make('tr', { 'data-kind': kind }, head);
    const why = new AttemptRow(`grpc-web-${kind}`, 1 + calls.length);
    for (const [transport, makeCalls] of calls) {
      const attempts = transport === 'grpc-web' ? why : undefined;
      const cell = new CallCell(`${transport}-${kind}`, transport, title, attempts);
      const run = async () => {
        const { words, openMs } = await cell.run(makeCalls[kind], () => new CallRun(log, title));
        board.put(`${kind}/${transport}`, words);
        if (openMs !== undefined) {
          board.put(`open/${transport}`, formatMs(openMs));
        }
      };
      cell.button.addEventListener('click', () => void run());
      runs.push(run);
      row.append(cell.element);
    }
    rows.append(row, why.element);
  }
  const runAll = find<HTMLButtonElement>('#run-all', section);
  runAll.disabled = false;
  onPress([runAll], async () => {
    for (const run of runs) {
      await run();
    }
  });
}
