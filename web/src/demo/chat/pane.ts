import type { ChatTransport } from '../../chat/channel';
import { ChatClient } from '../../chat/chatClient';
import { pageEnvironment } from '../../chat/environment';
import { find, setAttributes } from '../dom';
import { noticeOf } from './connectionNotice';
import { MessageList } from './messageList';
import { nameError } from './visit';

/** What makes one pane different from the other. */
export interface PaneOptions {
  /** Begins every `data-testid` and names the colours: `left` or `right`. */
  readonly side: 'left' | 'right';
  readonly title: string;
  /** How it sends and receives, in a few words. */
  readonly how: string;
  readonly transport: ChatTransport;
  readonly fallback?: ChatTransport;
  readonly userId: string;
}

/** One person's view of the room: a chat client and its controls. */
export class Pane {
  readonly #root: HTMLElement;
  readonly #options: PaneOptions;
  #userId: string;
  #room = '';
  #client: ChatClient | undefined;

  /** Adds the pane at the end of `parent`. It is in no room before {@link enter}. */
  constructor(parent: HTMLElement, options: PaneOptions) {
    const copy = find<HTMLTemplateElement>('#pane').content.cloneNode(true) as DocumentFragment;
    this.#root = find('.pane', copy);
    this.#options = options;
    this.#userId = options.userId;
    this.#label();
    this.#listen();
    parent.append(copy);
  }

  /** Leaves the room it is in and enters this one. */
  enter(room: string): void {
    const previous = this.#client;
    this.#room = room;
    const { transport, fallback } = this.#options;
    const client = new ChatClient({
      userId: this.#userId,
      room,
      transport,
      ...(fallback && { fallback }),
      environment: pageEnvironment({ window, document, navigator, location }),
    });
    const list = new MessageList(find('.log', this.#root), {
      side: this.#options.side,
      userId: this.#userId,
      onRetry: (id) => client.retry(id),
    });
    client.on('line', (line) => list.addLine(line));
    client.on('outgoing', (outgoing) => list.update(outgoing));
    client.on('gap', (gap) => list.addGap(gap));
    client.on('problem', (problem) => this.#showError(problem));
    client.on('state', () => this.#showState(client));
    client.on('line', () => this.#showCounts(client));
    client.on('recovery', ({ recovered }) => {
      setAttributes(this.#root, { 'data-recovered': String(recovered) });
      this.#showCounts(client);
    });
    this.#client = client;
    previous?.close();
    setAttributes(this.#root, { 'data-recovered': undefined });
    this.#showCounts(client);
    this.#showError('');
    client.connect();
  }

  #label(): void {
    const { side, title, how, userId } = this.#options;
    const titleId = `${side}-title`;
    setAttributes(this.#root, {
      class: `pane ${side}`,
      'aria-labelledby': titleId,
      'data-testid': `${side}-pane`,
    });
    const parts = [
      ['h3', 'title'],
      ['.state', 'state'],
      ['.identity label', ''],
      ['.identity input', 'name'],
      ['.notice p', 'notice'],
      ['.notice button', 'reconnect'],
      ['.log', 'log'],
      ['.empty', 'empty'],
      ['.composer label', ''],
      ['.composer input', 'input'],
      ['.composer button', 'send'],
      ['.error', 'error'],
    ] as const;
    for (const [selector, part] of parts) {
      if (part) {
        setAttributes(find(selector, this.#root), {
          id: `${side}-${part}`,
          'data-testid': `${side}-${part}`,
        });
      }
    }
    find('h3', this.#root).textContent = title;
    find('.how', this.#root).textContent = how;
    setAttributes(find('.identity label', this.#root), { for: `${side}-name` });
    setAttributes(find('.identity input', this.#root), { 'aria-describedby': `${side}-error` });
    setAttributes(find('.composer label', this.#root), { for: `${side}-input` });
    // A list that scrolls must be reachable by keyboard.
    setAttributes(find('.log', this.#root), { tabindex: 0, 'aria-label': `Messages, ${title}` });
    find<HTMLInputElement>('.identity input', this.#root).value = userId;
  }

  #listen(): void {
    const name = find<HTMLInputElement>('.identity input', this.#root);
    name.addEventListener('change', () => this.#rename(name));
    find('.composer', this.#root).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send(find<HTMLInputElement>('.composer input', this.#root));
    });
    find('.notice button', this.#root).addEventListener('click', () => {
      if (this.#client?.state.name === 'closed') {
        this.enter(this.#room);
      } else {
        this.#client?.reconnectNow();
      }
    });
  }

  #rename(input: HTMLInputElement): void {
    const name = input.value.trim();
    const error = nameError(name);
    this.#showError(error ?? '');
    if (error === undefined && name !== this.#userId) {
      this.#userId = name;
      this.enter(this.#room);
    }
  }

  #send(input: HTMLInputElement): void {
    if (input.value === '') {
      return;
    }
    try {
      this.#client?.send(input.value);
      input.value = '';
      this.#showError('');
    } catch (error) {
      this.#showError(error instanceof Error ? error.message : String(error));
    }
  }

  #showState(client: ChatClient): void {
    if (client !== this.#client) {
      return;
    }
    const { badge, text, action } = noticeOf(client.state);
    setAttributes(find('.state', this.#root), {
      'data-state': client.state.name,
      'data-transport': 'transport' in client.state ? client.state.transport : undefined,
    });
    find('.state', this.#root).textContent = badge;
    find('.notice p', this.#root).textContent = text;
    const button = find<HTMLButtonElement>('.notice button', this.#root);
    button.textContent = action ?? '';
    button.hidden = action === undefined;
    find<HTMLButtonElement>('.composer button', this.#root).disabled = client.state.name === 'closed';
  }

  /** For tests: what the client counted itself. */
  #showCounts(client: ChatClient): void {
    const { lines, missed, gaps, duplicates } = client.counts;
    setAttributes(this.#root, {
      'data-lines': lines,
      'data-missed': missed,
      'data-gaps': gaps,
      'data-duplicates': duplicates,
    });
  }

  #showError(text: string): void {
    find('.error', this.#root).textContent = text;
  }
}
