import { find, make, setAttributes } from '../dom';
import { formatMs } from '../formatMs';
import { TRANSPORT_TITLES, type TransportName } from '../transports';
import type { AttemptRow } from './attemptRow';
import { type CallResult, errorWords, type Timeline } from './call';
import type { CallRun, MakeCall } from './callRun';
import { type Figures, figuresOf } from './figures';
import { isDrawn } from './timelineLayout';
import { timelineView } from './timelineView';

const BADGES = {
  ok: 'worked',
  refused: 'refused in the browser',
  error: 'failed',
  running: 'running…',
} as const;

/** How a call went, to be written down. */
interface CallNote {
  readonly words: string;
  /** What opening the socket took. */
  readonly openMs?: number | undefined;
}

/** One call's button and what came of it. */
export class CallCell {
  readonly element: HTMLTableCellElement;
  readonly button: HTMLButtonElement;
  readonly #id: string;
  readonly #transport: TransportName;
  readonly #outcome: HTMLElement;
  readonly #attempts: AttemptRow | undefined;
  #running = false;

  /** @param attempts where the ways are shown in which a call was tried that cannot be made */
  constructor(id: string, transport: TransportName, kindTitle: string, attempts?: AttemptRow) {
    this.#attempts = attempts;
    this.#id = id;
    this.#transport = transport;
    const title = TRANSPORT_TITLES[transport];
    this.button = make(
      'button',
      { type: 'button', 'data-testid': `run-${id}` },
      make('span', {}, 'Run'),
      make('span', { class: 'unseen' }, ` ${kindTitle} by ${title}`),
    );
    this.#outcome = make('div', { class: 'outcome', 'data-testid': `outcome-${id}`, role: 'status' });
    const label = make('span', { class: 'cell-title', 'aria-hidden': 'true' }, title);
    const call = make('div', { class: 'call' }, label, this.button, this.#outcome);
    this.element = make('td', { class: transport, 'data-testid': `cell-${id}` }, call);
  }

  /** Makes the call, shows it, and says how it went; while one is being made, does nothing. */
  async run(call: MakeCall, newRun: () => CallRun): Promise<CallNote> {
    if (this.#running) {
      return { words: BADGES.running };
    }
    this.#running = true;
    setAttributes(this.button, { 'aria-disabled': 'true' });
    this.#mark('running');
    this.#outcome.replaceChildren(this.#badge('running'));
    const run = newRun();
    const result = await call(run).catch(failed);
    const figures = result.outcome === 'ok' ? figuresOf(run.timeline, this.#transport) : undefined;
    this.#show(result, run.timeline, figures);
    setAttributes(this.button, { 'aria-disabled': undefined });
    find('span', this.button).textContent = 'Run again';
    this.#running = false;
    return { words: figures ? formatMs(figures.ms) : BADGES[result.outcome], openMs: figures?.openMs };
  }

  #show(
    { outcome, summary, attempts = [] }: CallResult,
    timeline: Timeline,
    figures: Figures | undefined,
  ): void {
    this.#mark(outcome, figures);
    this.#outcome.replaceChildren(
      this.#badge(outcome),
      ...(figures ? [this.#figures(figures)] : []),
      make('p', { class: 'summary', 'data-testid': `summary-${this.#id}` }, summary),
    );
    if (attempts.length === 0 && timeline.frames.some(isDrawn)) {
      this.#outcome.append(timelineView(timeline, this.#id));
    }
    this.#attempts?.show(attempts);
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
    const connection = this.#transport === 'grpc-web' ? 'request' : 'socket';
    const opening = openMs === undefined ? '' : ` (${formatMs(openMs)} to open)`;
    const text = `${connections} ${connection} · ${up} up · ${down} down · ${formatMs(ms)}${opening}`;
    return make('p', { class: 'figures', 'data-testid': `figures-${this.#id}` }, text);
  }
}

/** The result of a call that rejected. */
function failed(error: unknown): CallResult {
  return { outcome: 'error', summary: errorWords(error) };
}
