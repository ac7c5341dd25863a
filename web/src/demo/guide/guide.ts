import type { Board } from '../board';
import { make } from '../dom';
import { CLAIMS, type Claim } from './claims';
import { showSnippets } from './snippetView';

/** The comparison with the figures of this visit, advice, and code to begin with. */
export function showGuide(section: HTMLElement, board: Board): void {
  const rows = CLAIMS.map((claim) => {
    const measured = make('td', { class: 'measured', 'data-label': 'Measured here, just now' });
    const row = make(
      'tr',
      { 'data-testid': 'guide-claim', 'data-experiment': claim.experiment },
      make('th', { scope: 'row' }, claim.topic),
      make('td', { 'data-label': 'WebSockets' }, claim.webSocket),
      make('td', { 'data-label': 'gRPC' }, claim.grpc),
      measured,
    );
    return { claim, measured, row };
  });
  const show = () => {
    for (const { claim, measured } of rows) {
      measured.replaceChildren(...figuresOf(claim, board));
    }
  };
  const titles = ['', 'WebSockets', 'gRPC', 'Measured here, just now'];
  section.append(
    make(
      'div',
      { class: 'scrolling card', tabindex: 0, role: 'region', 'aria-label': 'Comparison' },
      make(
        'table',
        { class: 'claims', 'data-testid': 'guide' },
        make(
          'thead',
          {},
          make(
            'tr',
            {},
            ...titles.map((title) => (title === '' ? make('td') : make('th', { scope: 'col' }, title))),
          ),
        ),
        make('tbody', {}, ...rows.map(({ row }) => row)),
      ),
    ),
    advice(),
  );
  showSnippets(section);
  show();
  board.listen(show);
}

function figuresOf({ experiment, experimentTitle, figures }: Claim, board: Board): Node[] {
  const link = make('a', { href: `#${experiment}` }, experimentTitle);
  const made = figures.flatMap(([name, label]) => {
    const words = board.get(name);
    return words === undefined
      ? []
      : [make('div', { class: 'figure', 'data-figure': name }, make('span', {}, label), words)];
  });
  return [link, ...(made.length > 0 ? made : [make('div', { class: 'none' }, 'not measured yet')])];
}

function advice(): HTMLElement {
  const entries = [
    [
      'gRPC-Web',
      'Request and answer, or a feed to listen to, with types from the contract. Nothing to keep open.',
    ],
    [
      'gRPC on WebSocket',
      'The same contract and client code where calls stream from the browser. One socket a call: over HTTP/2 that is cheap.',
    ],
    [
      'a plain WebSocket',
      'Many small messages both ways, or clients without generated code. Ordering, retry and resume are yours, or the chat client’s.',
    ],
    ['gRPC', 'Between services: the same port speaks it to every other language.'],
  ] as const;
  return make(
    'dl',
    { class: 'advice' },
    ...entries.map(([what, when]) =>
      make('div', {}, make('dt', {}, `Use ${what} for`), make('dd', {}, when)),
    ),
  );
}
