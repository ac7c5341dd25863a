import { randomHex } from '../../chat/newId';
import { errorWords } from '../calls/call';
import { copyButton } from '../copyButton';
import { make, setAttributes } from '../dom';
import { onPress } from '../press';
import type { TransportName } from '../transports';
import { say as sayByGrpcWeb } from './snippets/grpcWeb';
import grpcWebSource from './snippets/grpcWeb?raw';
import { say as sayByGrpcWebSocket } from './snippets/grpcWebSocket';
import grpcWebSocketSource from './snippets/grpcWebSocket?raw';
import { say as sayByWebSocket } from './snippets/plainWebSocket';
import plainWebSocketSource from './snippets/plainWebSocket?raw';

interface Snippet {
  readonly transport: TransportName;
  readonly title: string;
  /** The text of the very module that `run` is from. */
  readonly source: string;
  readonly run: (baseUrl: string, room: string, content: string) => Promise<string>;
}

const SNIPPETS: readonly Snippet[] = [
  { transport: 'grpc-web', title: 'gRPC-Web', source: grpcWebSource, run: sayByGrpcWeb },
  {
    transport: 'grpc-websocket',
    title: 'gRPC on WebSocket',
    source: grpcWebSocketSource,
    run: sayByGrpcWebSocket,
  },
  { transport: 'websocket', title: 'Plain WebSocket', source: plainWebSocketSource, run: sayByWebSocket },
];

/** A dozen lines for each transport: to read, to copy, and to run as they stand. */
export function showSnippets(section: HTMLElement): void {
  section.append(make('div', { class: 'snippets' }, ...SNIPPETS.map(snippetView)));
}

function snippetView({ transport, title, source, run }: Snippet): HTMLElement {
  const button = make(
    'button',
    { type: 'button', class: 'small', 'data-testid': `snippet-run-${transport}` },
    'Run it',
    make('span', { class: 'unseen' }, ` by ${title}`),
  );
  const said = make('output', { 'data-testid': `snippet-output-${transport}` });
  onPress([button], async () => {
    said.textContent = 'running…';
    setAttributes(said, { 'data-outcome': 'running' });
    try {
      said.textContent = await run(location.origin, `snippet-${randomHex(4)}`, `hello by ${title}`);
      setAttributes(said, { 'data-outcome': 'ok' });
    } catch (error) {
      said.textContent = errorWords(error);
      setAttributes(said, { 'data-outcome': 'error' });
    }
  });
  return make(
    'figure',
    { class: `snippet card ${transport}` },
    make(
      'figcaption',
      {},
      make('h3', {}, title),
      make(
        'div',
        { class: 'buttons' },
        button,
        copyButton('Copy', `snippet-copy-${transport}`, () => source),
      ),
    ),
    make(
      'pre',
      { tabindex: 0, role: 'region', 'aria-label': `Code, ${title}` },
      make('code', { 'data-testid': `snippet-${transport}` }, source.trimEnd()),
    ),
    said,
  );
}
