import { make } from '../dom';
import type { CallTransport, Kind, MakeCall } from './call';
import { CallCell } from './callCell';

/** The calls of the table, by transport and kind. */
export type Calls = Readonly<Record<CallTransport, Readonly<Record<Kind, MakeCall>>>>;

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

const TRANSPORTS: readonly { transport: CallTransport; title: string; connection: string }[] = [
  { transport: 'grpc-web', title: 'gRPC-Web', connection: 'request' },
  { transport: 'websocket', title: 'WebSocket', connection: 'socket' },
];

/** Fills the table with a cell for each call, and makes them when asked to. */
export function showCallTable(rows: HTMLElement, runAll: HTMLButtonElement, calls: Calls): void {
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
    for (const { transport, title: transportTitle, connection } of TRANSPORTS) {
      const cell = new CallCell(
        `${transport}-${kind}`,
        `${title} by ${transportTitle}`,
        transportTitle,
        connection,
      );
      const run = () => cell.run(calls[transport][kind]);
      cell.button.addEventListener('click', () => void run());
      runs.push(run);
      row.append(cell.element);
    }
    rows.append(row);
  }
  runAll.addEventListener('click', async () => {
    runAll.disabled = true;
    for (const run of runs) {
      await run();
    }
    runAll.disabled = false;
  });
}
