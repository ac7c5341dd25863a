import { make } from '../dom';
import type { Attempt } from './call';
import { timelineView } from './timelineView';

/** A row under a call that gRPC-Web cannot make: each way of trying it, and the words that came back. */
export class AttemptRow {
  readonly element: HTMLTableRowElement;
  readonly #id: string;
  readonly #body = make('div', { class: 'why-body' });

  constructor(id: string, columns: number) {
    this.#id = id;
    const cell = make('td', { colspan: columns, class: 'grpc-web' }, this.#body);
    this.element = make('tr', { class: 'why', 'data-testid': `why-${id}`, hidden: '' }, cell);
  }

  show(attempts: readonly Attempt[]): void {
    this.element.hidden = attempts.length === 0;
    this.#body.replaceChildren(
      make(
        'div',
        { class: 'tried' },
        make('h3', {}, 'What was tried, and what came back'),
        make('dl', { class: 'attempts' }, ...attempts.flatMap((attempt) => this.#words(attempt))),
      ),
      ...(attempts.some(({ timeline }) => timeline)
        ? attempts.flatMap((attempt) => this.#proof(attempt))
        : [unprovable()]),
    );
  }

  #words({ name, label, outcome, words }: Attempt): HTMLElement[] {
    const attributes = {
      'data-testid': `attempt-${this.#id}`,
      'data-attempt': name,
      'data-outcome': outcome,
    };
    return [make('dt', {}, make('code', {}, label)), make('dd', attributes, words)];
  }

  #proof({ label, timeline, proof }: Attempt): HTMLElement[] {
    if (!timeline) {
      return [];
    }
    return [
      make(
        'div',
        { class: 'proof', 'data-testid': `proof-${this.#id}` },
        make('h3', {}, 'Half duplex, measured: ', make('code', {}, label)),
        timelineView(timeline, this.#id),
        ...(proof === undefined ? [] : [make('p', {}, proof)]),
      ),
    ];
  }
}

/** Where nothing crossed: what would have to be different. */
function unprovable(): HTMLElement {
  const streamsRequests = 'duplex' in Request.prototype;
  return make(
    'div',
    { class: 'proof' },
    make('h3', {}, 'Half duplex could not be measured'),
    streamsRequests
      ? make(
          'p',
          {},
          'This browser streams a request only over HTTP/2, which needs TLS. Start the server with ',
          make('code', {}, '--tls-self-signed'),
          ' and open this page by https: then the last way works, and it is drawn here how the answers are held back until the request has ended.',
        )
      : make(
          'p',
          {},
          'This browser does not stream requests at all: it has no half of the two directions to measure. Chromium does, over HTTP/2.',
        ),
  );
}
