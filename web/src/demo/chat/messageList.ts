import type { ChatLine } from '../../chat/chatClient';
import type { Outgoing } from '../../chat/outbox';
import type { Gap } from '../../chat/sequenceTracker';
import { find, make } from '../dom';
import { dayRow, markDelivery, newRow, placeRow, type RowOptions } from './messageRow';

/** The most rows on the page. Beyond it the oldest go, and no older ones can be read back: there would be a hole. */
const MAX_ROWS = 2_000;

/** Nearer to the end than this, in pixels, the list follows new messages. */
const FOLLOW_WITHIN_PX = 48;

/** What a list needs besides. */
export interface MessageListOptions extends RowOptions {
  /** How many lines came since the end was last in sight. */
  readonly onUnread: (count: number) => void;
}

/**
 * Shows one room: its lines in their order, day by day, then one's own messages that have no place in it yet. It stays at
 * the end while the end is in sight.
 */
export class MessageList {
  readonly #log: HTMLElement;
  readonly #rows: HTMLOListElement;
  readonly #empty: HTMLElement;
  readonly #options: MessageListOptions;
  /** Own messages without a place, by id, in the order in which they were written. */
  readonly #waiting = new Map<string, HTMLLIElement>();
  #unread = 0;
  #full = false;

  constructor(log: HTMLElement, options: MessageListOptions) {
    this.#log = log;
    this.#rows = find<HTMLOListElement>('ol', log);
    this.#empty = find('.empty', log);
    this.#options = options;
    this.#rows.replaceChildren();
    this.#empty.hidden = false;
  }

  /** Whether the oldest rows had to go. */
  get isFull(): boolean {
    return this.#full;
  }

  /** Adds the next line of the room; an own message moves from the end to its place. */
  addLine(line: ChatLine): void {
    const isOwn = line.userId === this.#options.userId;
    const row = (isOwn && this.#waiting.get(line.id)) || newRow(this.#options, line);
    this.#waiting.delete(line.id);
    const lastDay = this.#lastDay();
    placeRow(row, line.sequence, line.timestampMs, isOwn);
    this.#place(...(row.dataset['day'] === lastDay ? [row] : [dayRow(row), row]));
  }

  /** Adds lines from before all that are there; what is in sight stays where it is. */
  addOlder(lines: readonly ChatLine[]): void {
    const rows: HTMLLIElement[] = [];
    for (const line of lines) {
      const row = newRow(this.#options, line);
      placeRow(row, line.sequence, line.timestampMs, line.userId === this.#options.userId);
      if (row.dataset['day'] !== rows.at(-1)?.dataset['day']) {
        rows.push(dayRow(row));
      }
      rows.push(row);
    }
    const first = this.#rows.firstElementChild;
    if (
      first instanceof HTMLElement &&
      first.classList.contains('day') &&
      first.dataset['day'] === rows.at(-1)?.dataset['day']
    ) {
      first.remove();
    }
    const fromEnd = this.#log.scrollHeight - this.#log.scrollTop;
    this.#rows.prepend(...rows);
    this.#log.scrollTop = this.#log.scrollHeight - fromEnd;
  }

  /** Shows how an own message stands. */
  update(outgoing: Outgoing): void {
    const { id, content } = outgoing;
    const { userId } = this.#options;
    const existing = this.#waiting.get(id);
    const row = existing ?? newRow(this.#options, { id, userId, content });
    markDelivery(row, outgoing, this.#options);
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

  /** The end came in sight: all is read. */
  scrolled(): void {
    if (this.#isAtEnd() && this.#unread > 0) {
      this.#setUnread(0);
    }
  }

  /** Goes to the newest. */
  toEnd(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#setUnread(0);
  }

  /** The day of the newest line. */
  #lastDay(): string | undefined {
    const [firstWaiting] = this.#waiting.values();
    let row = firstWaiting ? firstWaiting.previousElementSibling : this.#rows.lastElementChild;
    while (row instanceof HTMLElement && row.dataset['day'] === undefined) {
      row = row.previousElementSibling;
    }
    return row instanceof HTMLElement ? row.dataset['day'] : undefined;
  }

  /** Puts rows after the room's lines and before what has no place yet. */
  #place(...rows: HTMLLIElement[]): void {
    const [firstWaiting] = this.#waiting.values();
    this.#keepUp(() => {
      for (const row of rows) {
        this.#rows.insertBefore(row, firstWaiting ?? null);
      }
    }, false);
  }

  #keepUp(change: () => void, always: boolean): void {
    const follow = always || this.#isAtEnd();
    change();
    this.#empty.hidden = true;
    while (follow && this.#rows.children.length > MAX_ROWS) {
      this.#rows.firstElementChild?.remove();
      this.#full = true;
    }
    if (follow) {
      this.toEnd();
    } else {
      this.#setUnread(this.#unread + 1);
    }
  }

  #setUnread(count: number): void {
    if (count !== this.#unread) {
      this.#unread = count;
      this.#options.onUnread(count);
    }
  }

  #isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight < FOLLOW_WITHIN_PX;
  }
}
