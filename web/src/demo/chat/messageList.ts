import type { ChatLine } from '../../chat/chatClient';
import type { Outgoing } from '../../chat/outbox';
import type { Gap } from '../../chat/sequenceTracker';
import { find, make } from '../dom';
import { dayRow, markDelivery, newRow, placeRow, type RowOptions } from './messageRow';

/** The most rows on the page. Beyond it the oldest go, and no older ones can be read back: there would be a hole. */
const MAX_ROWS = 2_000;

/** So many go at a time, since it costs a layout to keep what is in sight where it is. */
const TRIM_ROWS = 100;

/** Nearer to the end than this, in pixels, the list follows new messages. */
const FOLLOW_WITHIN_PX = 48;

/** What a list needs besides. */
export interface MessageListOptions extends RowOptions {
  /** How many lines came since the end was last in sight. */
  readonly onUnread: (count: number) => void;
}

/**
 * Shows one room: its lines in their order, day by day, then one's own messages that have no place in it yet. It stays at
 * the end until a person scrolls up. Adding a line asks for no layout: the list goes to its end once a picture.
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
  #following = true;
  /** The end is gone to before the next picture. */
  #scheduled = false;
  /** Where the list was when it last scrolled. */
  #top = 0;

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

  /** How many own messages have no place in the room: not answered yet, or failed. */
  get withoutPlace(): number {
    return this.#waiting.size;
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

  /**
   * Adds lines from before all that are there, as many as there is room for; what is in sight stays where it is. Does nothing once
   * the oldest had to go, as there would be a hole.
   */
  addOlder(lines: readonly ChatLine[]): void {
    if (this.#full) {
      return;
    }
    const rows: HTMLLIElement[] = [];
    for (const line of lines) {
      const row = newRow(this.#options, line);
      placeRow(row, line.sequence, line.timestampMs, line.userId === this.#options.userId);
      if (row.dataset['day'] !== rows.at(-1)?.dataset['day']) {
        rows.push(dayRow(row));
      }
      rows.push(row);
    }
    const over = rows.length + this.#rows.childElementCount - MAX_ROWS;
    if (over > 0) {
      rows.splice(0, over);
      this.#full = true;
    }
    this.#keepInSight(() => {
      const first = this.#rows.firstElementChild;
      if (
        first instanceof HTMLElement &&
        first.classList.contains('day') &&
        first.dataset['day'] === rows.at(-1)?.dataset['day']
      ) {
        first.remove();
      }
      this.#rows.prepend(...rows);
    });
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

  /** To be called when the list has scrolled. With the end in sight all is read; only a person scrolls up from there. */
  scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    if (scrollHeight - scrollTop - clientHeight < FOLLOW_WITHIN_PX) {
      this.#following = true;
      this.#setUnread(0);
    } else if (scrollTop < this.#top) {
      this.#following = false;
    }
    this.#top = scrollTop;
  }

  /** Goes to the newest. */
  toEnd(): void {
    this.#following = true;
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
    this.#following ||= always;
    change();
    this.#empty.hidden = true;
    if (this.#rows.childElementCount > MAX_ROWS) {
      this.#trim();
    }
    if (this.#following) {
      this.#follow();
    } else {
      this.#setUnread(this.#unread + 1);
    }
  }

  #trim(): void {
    this.#full = true;
    const trim = () => {
      for (const row of [...this.#rows.children].slice(0, TRIM_ROWS)) {
        row.remove();
      }
    };
    if (this.#following) {
      trim();
    } else {
      this.#keepInSight(trim);
    }
  }

  /** Makes a change above what is in sight, which stays where it is. */
  #keepInSight(change: () => void): void {
    const fromEnd = this.#log.scrollHeight - this.#log.scrollTop;
    change();
    this.#log.scrollTop = this.#log.scrollHeight - fromEnd;
    this.#top = this.#log.scrollTop;
  }

  #follow(): void {
    if (!this.#scheduled) {
      this.#scheduled = true;
      requestAnimationFrame(() => {
        this.#scheduled = false;
        if (this.#following) {
          this.toEnd();
        }
      });
    }
  }

  #setUnread(count: number): void {
    if (count !== this.#unread) {
      this.#unread = count;
      this.#options.onUnread(count);
    }
  }
}
