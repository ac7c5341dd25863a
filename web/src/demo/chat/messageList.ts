import type { ChatLine } from '../../chat/chatClient';
import type { Outgoing } from '../../chat/outbox';
import type { Gap } from '../../chat/sequenceTracker';
import { find, make, setAttributes } from '../dom';
import { formatMs } from '../formatMs';

/** The most rows on the page; the oldest go first. The server still has them. */
const MAX_ROWS = 500;

/** Nearer to the end than this, in pixels, the list follows new messages. */
const FOLLOW_WITHIN_PX = 48;

const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** Whose list it is, and what its buttons do. */
export interface MessageListOptions {
  /** Begins every `data-testid`: `left` or `right`. */
  readonly side: string;
  readonly userId: string;
  readonly onRetry: (id: string) => void;
}

/**
 * Shows one room: its lines in their order, then one's own messages that have no place in it yet.
 */
export class MessageList {
  readonly #log: HTMLElement;
  readonly #rows: HTMLOListElement;
  readonly #empty: HTMLElement;
  readonly #options: MessageListOptions;
  /** Own messages without a place, by id, in the order in which they were written. */
  readonly #waiting = new Map<string, HTMLLIElement>();

  constructor(log: HTMLElement, options: MessageListOptions) {
    this.#log = log;
    this.#rows = find<HTMLOListElement>('ol', log);
    this.#empty = find('.empty', log);
    this.#options = options;
    this.#rows.replaceChildren();
    this.#empty.hidden = false;
  }

  /** Adds the next line of the room; an own message moves from the end to its place. */
  addLine({ id, userId, content, timestampMs, sequence }: ChatLine): void {
    const isOwn = userId === this.#options.userId;
    const row = (isOwn && this.#waiting.get(id)) || this.#row(id, userId, content);
    this.#waiting.delete(id);
    setAttributes(row, {
      'data-sequence': String(sequence),
      'data-state': isOwn ? 'acknowledged' : 'received',
    });
    const time = new Date(timestampMs);
    find('.sequence', row).textContent = `#${sequence}`;
    find('time', row).textContent = clockTime.format(time);
    setAttributes(find('time', row), { datetime: time.toISOString() });
    this.#place(row);
  }

  /** Shows how an own message stands. */
  update(outgoing: Outgoing): void {
    const { id, content, state } = outgoing;
    const existing = this.#waiting.get(id);
    const row = existing ?? this.#row(id, this.#options.userId, content);
    setAttributes(row, { 'data-state': state });
    find('.delivery', row).replaceChildren(...this.#delivery(outgoing));
    if (state === 'acknowledged') {
      setAttributes(row, {
        'data-sequence': String(outgoing.sequence),
        'data-latency-ms': outgoing.latencyMs.toFixed(1),
      });
      find('.sequence', row).textContent = `#${outgoing.sequence}`;
    }
    if (!existing) {
      this.#waiting.set(id, row);
      this.#keepUp(() => this.#rows.append(row), true);
    }
  }

  /** Marks the place where messages are missing. */
  addGap({ kind, afterSequence, throughSequence }: Gap): void {
    const text =
      kind === 'new-history'
        ? 'The server has a new history: what was above is not part of it.'
        : `Messages after #${afterSequence}, up to #${throughSequence}, could not be recovered.`;
    this.#place(
      make('li', { class: 'gap', 'data-testid': `${this.#options.side}-gap`, 'data-kind': kind }, text),
    );
  }

  #row(id: string, userId: string, content: string): HTMLLIElement {
    const { side, userId: self } = this.#options;
    const isOwn = userId === self;
    return make(
      'li',
      {
        class: isOwn ? 'message own' : 'message',
        'data-testid': `${side}-message`,
        'data-id': id,
        'data-author': userId,
        'data-own': String(isOwn),
      },
      make('span', { class: 'author', 'data-testid': `${side}-message-author` }, userId),
      make('span', { class: 'delivery', 'data-testid': `${side}-message-delivery` }),
      make('span', { class: 'sequence', 'data-testid': `${side}-message-sequence` }),
      make('time'),
      make('span', { class: 'content', 'data-testid': `${side}-message-content` }, content),
    );
  }

  #delivery(outgoing: Outgoing): (Node | string)[] {
    switch (outgoing.state) {
      case 'pending':
        return ['sending…'];
      case 'acknowledged':
        return [`✓ ${formatMs(outgoing.latencyMs)}`];
      case 'failed': {
        const testId = `${this.#options.side}-message-retry`;
        const retry = make('button', { type: 'button', class: 'small', 'data-testid': testId }, 'Retry');
        retry.addEventListener('click', () => this.#options.onRetry(outgoing.id));
        return [`not sent: ${outgoing.reason} `, retry];
      }
    }
  }

  /** Puts a row after the room's lines and before what has no place yet. */
  #place(row: HTMLLIElement): void {
    const [firstWaiting] = this.#waiting.values();
    this.#keepUp(() => this.#rows.insertBefore(row, firstWaiting ?? null), false);
  }

  #keepUp(change: () => void, always: boolean): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    const follow = always || scrollHeight - scrollTop - clientHeight < FOLLOW_WITHIN_PX;
    change();
    this.#empty.hidden = true;
    while (this.#rows.children.length > MAX_ROWS) {
      this.#rows.firstElementChild?.remove();
    }
    if (follow) {
      this.#log.scrollTop = this.#log.scrollHeight;
    }
  }
}
