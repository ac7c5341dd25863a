import { copyButton } from '../copyButton';
import { make } from '../dom';
import { TRANSPORT_TITLES } from '../transports';
import { bytesOf } from '../wire/decode/decodeFrame';
import { headlineOf } from '../wire/decode/headline';
import { hexRows, hexText } from '../wire/decode/hexDump';
import type { Part } from '../wire/decode/part';
import type { LoggedFrame } from '../wire/frame';

/** More bytes than this are not laid out; the copy has them. */
const MAX_SHOWN_BYTES = 1_024;

/** A frame: its bytes on the left, what they mean on the right; pointing at a part marks its bytes. */
export function frameDetail(frame: LoggedFrame, parts: readonly Part[]): HTMLElement[] {
  const bytes = bytesOf(frame);
  const dump = hexDump(bytes);
  const decoded = make('div', { class: 'decoded', 'data-testid': 'wire-decoded' }, partList(parts, dump));
  const { direction, number, length, stream, atMs } = frame;
  const way = direction === 'up' ? '↑ to the server' : '↓ to the browser';
  const size = frame.kind === 'open' || frame.kind === 'close' ? '' : ` · ${length} bytes`;
  return [
    make(
      'div',
      { class: 'detail-head' },
      make('h3', { 'data-testid': 'wire-headline' }, `#${number} ${headlineOf(frame)}`),
      make(
        'p',
        { 'data-testid': 'wire-about' },
        `${way} · ${stream.method} by ${TRANSPORT_TITLES[stream.transport]} · ${stream.source} · ${(atMs / 1_000).toFixed(3)} s${size}`,
      ),
      make(
        'div',
        { class: 'buttons' },
        copyButton('Copy hex', 'wire-copy-hex', () => hexText(bytes)),
        copyButton('Copy decoded', 'wire-copy-decoded', () => partText(parts)),
      ),
    ),
    make('div', { class: 'side-by-side' }, dump.element, decoded),
  ];
}

interface Dump {
  readonly element: HTMLElement;
  readonly mark: (start: number, end: number) => void;
}

function hexDump(bytes: Uint8Array): Dump {
  const rowBytes = matchMedia('(min-width: 40rem)').matches ? 16 : 8;
  const cells: HTMLElement[][] = [];
  const rows = hexRows(bytes.subarray(0, MAX_SHOWN_BYTES), rowBytes).map((row) => {
    const hex = row.bytes.map((byte) => make('span', {}, byte));
    const text = row.text.map((character) => make('span', {}, character));
    cells.push(...hex.map((cell, i) => [cell, ...text.slice(i, i + 1)]));
    return make(
      'div',
      { class: 'hex-row' },
      make('span', { class: 'offset' }, row.offset),
      make('span', { class: 'bytes' }, ...hex),
      make('span', { class: 'ascii' }, ...text),
    );
  });
  const rest = bytes.byteLength - MAX_SHOWN_BYTES;
  const element = make(
    'div',
    {
      class: `hex of-${rowBytes}`,
      tabindex: 0,
      role: 'group',
      'aria-label': 'Bytes',
      'data-testid': 'wire-hex',
    },
    ...(rows.length === 0 ? [make('p', { class: 'hint' }, 'No bytes of its own.')] : rows),
    ...(rest > 0 ? [make('p', { class: 'hint' }, `${rest} bytes more; “Copy hex” has them.`)] : []),
  );
  return {
    element,
    mark(start, end) {
      for (const [i, both] of cells.entries()) {
        for (const cell of both) {
          cell.classList.toggle('marked', i >= start && i < end);
        }
      }
    },
  };
}

function partList(parts: readonly Part[], dump: Dump): HTMLUListElement {
  return make('ul', {}, ...parts.map((part) => make('li', {}, ...partView(part, dump))));
}

function partView({ label, value, start, end, parts = [] }: Part, dump: Dump): HTMLElement[] {
  const button = make(
    'button',
    { type: 'button', class: 'part' },
    make('span', { class: 'label' }, label),
    ...(value === '' ? [] : [make('span', { class: 'value' }, value)]),
  );
  for (const event of ['pointerenter', 'focus', 'click']) {
    button.addEventListener(event, () => dump.mark(start, end));
  }
  return parts.length === 0 ? [button] : [button, partList(parts, dump)];
}

function partText(parts: readonly Part[], indent = ''): string {
  return parts
    .map(({ label, value, parts: inner = [] }) =>
      [`${indent}${label}${value === '' ? '' : `: ${value}`}`, partText(inner, `${indent}  `)]
        .filter((line) => line !== '')
        .join('\n'),
    )
    .join('\n');
}
