import { make, setAttributes } from '../dom';
import { formatMs } from '../formatMs';
import { type Attempt, type CallResult, errorWords, type Figures, type MakeCall } from './call';

const BADGES = {
  ok: 'worked',
  refused: 'refused in the browser',
  error: 'failed',
  running: 'running…',
} as const;

/** One call's button and what came of it. */
export class CallCell {
  readonly element: HTMLTableCellElement;
  readonly button: HTMLButtonElement;
  readonly #id: string;
  readonly #connection: string;
  readonly #outcome: HTMLElement;
  #running = false;

  constructor(id: string, name: string, transportTitle: string, connection: string) {
    this.#id = id;
    this.#connection = connection;
    this.button = make(
      'button',
      { type: 'button', 'data-testid': `run-${id}`, 'aria-label': `Run: ${name}` },
      'Run',
    );
    this.#outcome = make('div', { class: 'outcome', 'data-testid': `outcome-${id}`, role: 'status' });
    const label = make('span', { class: 'cell-title', 'aria-hidden': 'true' }, transportTitle);
    const call = make('div', { class: 'call' }, label, this.button, this.#outcome);
    this.element = make('td', { 'data-testid': `cell-${id}` }, call);
  }

  /** Makes the call and shows it; while one is being made, does nothing. */
  async run(call: MakeCall): Promise<void> {
    if (this.#running) {
      return;
    }
    this.#running = true;
    setAttributes(this.button, { 'aria-disabled': 'true' });
    this.#mark('running');
    this.#outcome.replaceChildren(this.#badge('running'));
    this.#show(await call().catch(failed));
    setAttributes(this.button, { 'aria-disabled': undefined });
    this.button.textContent = 'Run again';
    this.#running = false;
  }

  #show({ outcome, summary, figures, attempts = [] }: CallResult): void {
    this.#mark(outcome, figures);
    this.#outcome.replaceChildren(
      this.#badge(outcome),
      ...(figures ? [this.#figures(figures)] : []),
      make('p', { class: 'summary', 'data-testid': `summary-${this.#id}` }, summary),
    );
    if (attempts.length > 0) {
      this.#outcome.append(
        make('dl', { class: 'attempts' }, ...attempts.flatMap((one) => this.#attempt(one))),
      );
    }
  }

  #mark(outcome: keyof typeof BADGES, figures?: Figures): void {
    setAttributes(this.element, { 'data-outcome': outcome });
    setAttributes(this.#outcome, {
      'data-outcome': outcome,
      'data-connections': figures?.connections,
      'data-up': figures?.up,
      'data-down': figures?.down,
      'data-ms': figures?.ms.toFixed(1),
      'data-open-ms': figures?.openMs?.toFixed(1),
    });
  }

  #badge(outcome: keyof typeof BADGES): HTMLElement {
    return make('span', { class: 'badge', 'data-outcome': outcome }, BADGES[outcome]);
  }

  #figures({ connections, up, down, ms, openMs }: Figures): HTMLElement {
    const opening = openMs === undefined ? '' : ` (${formatMs(openMs)} to open)`;
    const text = `${connections} ${this.#connection} · ${up} up · ${down} down · ${formatMs(ms)}${opening}`;
    return make('p', { class: 'figures', 'data-testid': `figures-${this.#id}` }, text);
  }

  #attempt({ name, label, outcome, words }: Attempt): HTMLElement[] {
    const attributes = {
      'data-testid': `attempt-${this.#id}`,
      'data-attempt': name,
      'data-outcome': outcome,
    };
    return [make('dt', {}, label), make('dd', attributes, words)];
  }
}

/** The result of a call that rejected. */
function failed(error: unknown): CallResult {
  return { outcome: 'error', summary: errorWords(error) };
}
