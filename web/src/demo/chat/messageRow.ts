import type { Outgoing } from '../../chat/outbox';
import { find, make, setAttributes } from '../dom';
import { formatMs } from '../formatMs';

const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const wholeDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

/** Whose list it is, and what its buttons do. */
export interface RowOptions {
  /** Begins every `data-testid`: `left` or `right`. */
  readonly side: string;
  readonly userId: string;
  readonly onRetry: (id: string) => void;
}

/** A row for a message; {@link placeRow} gives it its place and time. */
export function newRow(
  { side, userId: self }: RowOptions,
  { id, userId, content }: { readonly id: string; readonly userId: string; readonly content: string },
): HTMLLIElement {
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

/** Gives a row its place in the room and its time. */
export function placeRow(row: HTMLElement, sequence: bigint, timestampMs: number, isOwn: boolean): void {
  const time = new Date(timestampMs);
  setAttributes(row, {
    'data-sequence': String(sequence),
    'data-state': isOwn ? 'acknowledged' : 'received',
    'data-day': time.toDateString(),
  });
  find('.sequence', row).textContent = `#${sequence}`;
  find('time', row).textContent = clockTime.format(time);
  setAttributes(find('time', row), { datetime: time.toISOString() });
}

/** Shows how an own message stands. */
export function markDelivery(row: HTMLElement, outgoing: Outgoing, { side, onRetry }: RowOptions): void {
  setAttributes(row, { 'data-state': outgoing.state });
  const delivery = find('.delivery', row);
  switch (outgoing.state) {
    case 'pending':
      delivery.replaceChildren('sending…');
      break;
    case 'acknowledged':
      delivery.replaceChildren(`✓ ${formatMs(outgoing.latencyMs)}`);
      find('.sequence', row).textContent = `#${outgoing.sequence}`;
      setAttributes(row, {
        'data-sequence': String(outgoing.sequence),
        'data-latency-ms': outgoing.latencyMs.toFixed(1),
      });
      break;
    case 'failed': {
      const testId = `${side}-message-retry`;
      const retry = make('button', { type: 'button', class: 'small', 'data-testid': testId }, 'Retry');
      retry.addEventListener('click', () => onRetry(outgoing.id));
      delivery.replaceChildren(`not sent: ${outgoing.reason} `, retry);
      break;
    }
  }
}

/** The line above the first message of a day. */
export function dayRow(row: HTMLElement): HTMLLIElement {
  const time = find('time', row).getAttribute('datetime') ?? '';
  return make('li', { class: 'day', 'data-day': row.dataset['day'] }, wholeDay.format(new Date(time)));
}
