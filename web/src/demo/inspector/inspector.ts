import type { Board } from '../board';
import { choiceField } from '../choiceField';
import { find, make } from '../dom';
import { TRANSPORT_TITLES, type TransportName } from '../transports';
import { decodeFrame } from '../wire/decode/decodeFrame';
import { headlineOf } from '../wire/decode/headline';
import type { Part } from '../wire/decode/part';
import type { Direction, LoggedFrame } from '../wire/frame';
import { MAX_FRAMES, type WireLog } from '../wire/wireLog';
import { frameDetail } from './frameDetail';
import { type FrameFilter, passes } from './frameFilter';
import { FrameList } from './frameList';

/** Shows the last frames of everything on the page, until it is left; of the one looked at it writes down how much is named. */
export function showInspector(section: HTMLElement, log: WireLog, board: Board): void {
  section.append(toolbar(), panes());
  const detail = find('.wire-detail', section);
  const empty = find('.wire-empty', section);
  const pause = find<HTMLButtonElement>('[data-testid=wire-pause]', section);
  const list = new FrameList(find('.wire-list', section), (frame) => {
    const parts = decodeFrame(frame);
    detail.replaceChildren(...frameDetail(frame, parts));
    board.put(
      'wire-frame',
      `${headlineOf(frame)}: ${frame.length} bytes in ${namedParts(parts)} named parts`,
    );
  });
  let paused = false;
  let waiting: LoggedFrame[] = [];
  let scheduled = false;

  const showEmpty = () => {
    empty.hidden = !list.isEmpty;
    empty.textContent =
      log.frames.length === 0
        ? 'Nothing has crossed yet. Write in the chat, or run a call.'
        : 'No frame passes the filter.';
  };
  const refresh = () => {
    waiting = [];
    list.replace(log.frames.filter((frame) => passes(frame, filterOf(section))));
    showEmpty();
  };
  // Once a picture, however many frames come: what is measured elsewhere on the page must not wait for this.
  const schedule = () => {
    if (!scheduled) {
      scheduled = true;
      requestAnimationFrame(() => {
        scheduled = false;
        const added = paused ? [] : waiting.filter((frame) => passes(frame, filterOf(section)));
        waiting = [];
        list.append(added);
        list.chooseLastMessage();
        showEmpty();
      });
    }
  };

  log.listen((frame) => {
    if (!paused) {
      waiting.push(frame);
      // In a tab that is not looked at there are no pictures.
      if (waiting.length > MAX_FRAMES) {
        waiting.shift();
      }
      schedule();
    }
  });
  pause.addEventListener('click', () => {
    paused = !paused;
    pause.textContent = paused ? 'Resume' : 'Pause';
    pause.setAttribute('aria-pressed', String(paused));
    if (!paused) {
      refresh();
    }
  });
  for (const control of section.querySelectorAll('select, input')) {
    control.addEventListener('input', refresh);
  }
  refresh();
  list.chooseLastMessage();
}

/** How many names the bytes of a frame have. */
function namedParts(parts: readonly Part[]): number {
  return parts.reduce((sum, { parts: inner = [] }) => sum + Math.max(1, namedParts(inner)), 0);
}

function filterOf(section: HTMLElement): FrameFilter {
  const value = (name: string) => find<HTMLSelectElement>(`[name=${name}]`, section).value;
  return {
    transport: (value('transport') || undefined) as TransportName | undefined,
    direction: (value('direction') || undefined) as Direction | undefined,
    text: value('text'),
  };
}

function toolbar(): HTMLElement {
  return make(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': 'Which frames' },
    make('button', { type: 'button', 'aria-pressed': 'false', 'data-testid': 'wire-pause' }, 'Pause'),
    choiceField('wire', 'transport', 'Transport', [['', 'all'], ...Object.entries(TRANSPORT_TITLES)]),
    choiceField('wire', 'direction', 'Direction', [
      ['', 'both'],
      ['up', '↑ to the server'],
      ['down', '↓ to the browser'],
    ]),
    make(
      'label',
      { class: 'grow' },
      make('span', {}, 'Contains'),
      make('input', {
        name: 'text',
        type: 'search',
        'data-testid': 'wire-text',
        autocomplete: 'off',
        spellcheck: 'false',
      }),
    ),
  );
}

function panes(): HTMLElement {
  return make(
    'div',
    { class: 'wire' },
    make(
      'div',
      { class: 'wire-side' },
      make('div', {
        class: 'wire-list',
        role: 'listbox',
        tabindex: 0,
        'aria-label': 'Frames',
        'data-testid': 'wire-list',
      }),
      make('p', { class: 'wire-empty', 'data-testid': 'wire-empty' }),
    ),
    make(
      'div',
      { class: 'wire-detail', 'data-testid': 'wire-detail' },
      make('p', { class: 'hint' }, 'Choose a frame to see its bytes and what they mean.'),
    ),
  );
}
