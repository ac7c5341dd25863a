import { make, setAttributes } from '../dom';
import { headlineOf } from '../wire/decode/headline';
import type { LoggedFrame } from '../wire/frame';
import { MAX_FRAMES } from '../wire/wireLog';

/** Nearer to the end than this, in pixels, the list follows new frames. */
const FOLLOW_WITHIN_PX = 24;

/** The frames, newest last, of which one is chosen: by a click, or with the arrow keys. */
export class FrameList {
  readonly #list: HTMLElement;
  readonly #onChoose: (frame: LoggedFrame) => void;
  readonly #frames = new Map<HTMLElement, LoggedFrame>();
  #chosen: HTMLElement | undefined;

  constructor(list: HTMLElement, onChoose: (frame: LoggedFrame) => void) {
    this.#list = list;
    this.#onChoose = onChoose;
    list.addEventListener('click', ({ target }) => {
      const option = target instanceof Element ? target.closest<HTMLElement>('[role=option]') : undefined;
      if (option) {
        this.#choose(option);
      }
    });
    list.addEventListener('keydown', (event) => this.#onKey(event));
  }

  get isEmpty(): boolean {
    return this.#frames.size === 0;
  }

  /** Shows these and no others; what was chosen stays chosen if it is among them. */
  replace(frames: readonly LoggedFrame[]): void {
    const chosen = this.#chosen && this.#frames.get(this.#chosen);
    this.#frames.clear();
    this.#chosen = undefined;
    this.#list.replaceChildren();
    this.append(frames);
    for (const [option, frame] of this.#frames) {
      if (frame === chosen) {
        this.#mark(option);
      }
    }
  }

  /** Adds newer ones; the oldest go. */
  append(frames: readonly LoggedFrame[]): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    const follow = scrollHeight - scrollTop - clientHeight < FOLLOW_WITHIN_PX;
    for (const frame of frames) {
      const option = optionOf(frame);
      this.#frames.set(option, frame);
      this.#list.append(option);
    }
    while (this.#list.childElementCount > MAX_FRAMES) {
      const oldest = this.#list.firstElementChild as HTMLElement;
      this.#frames.delete(oldest);
      oldest.remove();
    }
    if (follow) {
      this.#list.scrollTop = this.#list.scrollHeight;
    }
  }

  /** Chooses the last one that is a message, if nothing is chosen. */
  chooseLastMessage(): void {
    const [option] = [...this.#frames].findLast(([, { kind }]) => kind === 'message') ?? [];
    if (!this.#chosen && option) {
      this.#choose(option);
    }
  }

  #onKey(event: KeyboardEvent): void {
    const options = [...this.#list.children] as HTMLElement[];
    const at = this.#chosen ? options.indexOf(this.#chosen) : options.length;
    const targets: Record<string, number> = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      Home: 0,
      End: options.length - 1,
    };
    const option = options[targets[event.key] ?? -1];
    if (option) {
      event.preventDefault();
      this.#choose(option);
      option.scrollIntoView({ block: 'nearest' });
    }
  }

  #choose(option: HTMLElement): void {
    this.#mark(option);
    const frame = this.#frames.get(option);
    if (frame) {
      this.#onChoose(frame);
    }
  }

  #mark(option: HTMLElement): void {
    setAttributes(this.#chosen ?? option, { 'aria-selected': 'false' });
    setAttributes(option, { 'aria-selected': 'true' });
    setAttributes(this.#list, { 'aria-activedescendant': option.id });
    this.#chosen = option;
  }
}

function optionOf(frame: LoggedFrame): HTMLElement {
  const { number, direction, stream, length, kind, atMs } = frame;
  return make(
    'div',
    {
      role: 'option',
      id: `frame-${number}`,
      'aria-selected': 'false',
      'data-testid': 'wire-frame',
      'data-direction': direction,
      'data-transport': stream.transport,
      'data-kind': kind,
    },
    make(
      'span',
      { class: 'way' },
      direction === 'up' ? '↑' : '↓',
      make('span', { class: 'unseen' }, direction),
    ),
    make('span', { class: 'headline' }, headlineOf(frame)),
    make('span', { class: 'size' }, kind === 'open' || kind === 'close' ? '' : `${length} B`),
    make('span', { class: 'who' }, `${stream.method} · ${stream.source}`),
    make('span', { class: 'at' }, `${(atMs / 1_000).toFixed(3)} s`),
  );
}
