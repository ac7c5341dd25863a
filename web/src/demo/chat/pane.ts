import { ChatClient } from '../../chat/chatClient';
import { pageEnvironment } from '../../chat/environment';
import { find, make, setAttributes } from '../dom';
import { type ChatChoice, chatTitle } from './chatChoices';
import { noticeOf } from './connectionNotice';
import { MessageList } from './messageList';
import { nameError } from './visit';
import { droppedWords, presenceWords, trafficWords, typingWords } from './words';

/** Nearer to the beginning than this, in pixels, older messages are read. */
const READ_BACK_WITHIN_PX = 24;

/** How many of the newest messages a pane begins with. */
const FIRST_PAGE = 50;

/** What makes one pane different from the other. */
export interface PaneOptions {
  /** Begins every `data-testid` and names the colours: `left` or `right`. */
  readonly side: 'left' | 'right';
  readonly title: string;
  /** The ways to chat; with more than one, a person may switch. */
  readonly choices: readonly [ChatChoice, ...ChatChoice[]];
  readonly fallback?: ChatChoice;
  readonly userId: string;
}

/** One person's view of the room: a chat client and its controls. */
export class Pane {
  readonly #root: HTMLElement;
  readonly #options: PaneOptions;
  #userId: string;
  #room = '';
  #choice: ChatChoice;
  #client: ChatClient | undefined;
  #list: MessageList | undefined;

  /** Adds the pane at the end of `parent`. It is in no room before {@link enter}. */
  constructor(parent: HTMLElement, options: PaneOptions) {
    const copy = find<HTMLTemplateElement>('#pane').content.cloneNode(true) as DocumentFragment;
    this.#root = find('.pane', copy);
    this.#options = options;
    this.#userId = options.userId;
    this.#choice = options.choices[0];
    this.#label();
    this.#listen();
    parent.append(copy);
  }

  /** Leaves the room it is in and enters this one. */
  enter(room: string): void {
    const previous = this.#client;
    const dropped = droppedWords(this.#list?.withoutPlace ?? 0, this.#room);
    const { side, fallback } = this.#options;
    this.#room = room;
    const client = new ChatClient({
      userId: this.#userId,
      room,
      transport: this.#choice.transport,
      ...(fallback && { fallback: fallback.transport }),
      history: FIRST_PAGE,
      environment: pageEnvironment({ window, document, navigator, location }),
    });
    const list = new MessageList(this.#part('log'), {
      side,
      userId: this.#userId,
      onRetry: (id) => client.retry(id),
      onUnread: (count) => this.#showUnread(count),
    });
    this.#client = client;
    this.#list = list;
    previous?.close();
    this.#hear(client, list);
    setAttributes(this.#root, { 'data-recovered': undefined });
    this.#part('older').hidden = true;
    this.#showUnread(0);
    this.#showCounts(client);
    this.#showError(dropped);
    client.connect();
  }

  #hear(client: ChatClient, list: MessageList): void {
    client.on('line', (line) => {
      list.addLine(line);
      this.#showOlder(client, list);
      this.#showCounts(client);
    });
    client.on('outgoing', (outgoing) => list.update(outgoing));
    client.on('gap', (gap) => list.addGap(gap));
    client.on('problem', (problem) => this.#showError(problem));
    client.on('state', () => this.#showState(client));
    client.on('recovery', ({ recovered }) => {
      setAttributes(this.#root, { 'data-recovered': String(recovered) });
      this.#showCounts(client);
    });
    client.on('presence', (presence) => {
      this.#part('presence').textContent = presenceWords(presence);
      setAttributes(this.#part('presence'), {
        'data-count': presence.count,
        title: presence.members.join(', '),
      });
    });
    client.on('typing', (userIds) => {
      this.#part('typing').textContent = typingWords(userIds);
    });
    client.on('traffic', (traffic) => {
      this.#part('traffic').textContent = trafficWords(traffic);
      setAttributes(this.#part('traffic'), {
        'data-requests': traffic.requests,
        'data-bytes-sent': traffic.bytesSent,
        'data-bytes-received': traffic.bytesReceived,
      });
    });
    setAttributes(this.#part('older'), { 'data-end': undefined });
  }

  #part<E extends HTMLElement = HTMLElement>(name: string): E {
    return find<E>(`#${this.#options.side}-${name}`, this.#root);
  }

  #label(): void {
    const { side, title, choices, userId } = this.#options;
    setAttributes(this.#root, {
      class: `pane ${side}`,
      'aria-labelledby': `${side}-title`,
      'data-testid': `${side}-pane`,
    });
    for (const part of this.#root.querySelectorAll<HTMLElement>('[data-part]')) {
      const id = `${side}-${part.dataset['part']}`;
      setAttributes(part, { id, 'data-testid': id });
    }
    for (const label of this.#root.querySelectorAll<HTMLElement>('[data-for]')) {
      setAttributes(label, { for: `${side}-${label.dataset['for']}` });
    }
    this.#part('title').textContent = title;
    setAttributes(this.#part('name'), { 'aria-describedby': `${side}-error` });
    // A list that scrolls must be reachable by keyboard.
    setAttributes(this.#part('log'), { tabindex: 0, 'aria-label': `Messages, ${title}` });
    this.#part<HTMLInputElement>('name').value = userId;
    find('.choice', this.#root).hidden = choices.length === 1;
    this.#part('transport').append(
      ...choices.map(({ title: name, transport }) => make('option', { value: transport.name }, name)),
    );
    this.#showChoice();
  }

  #listen(): void {
    const name = this.#part<HTMLInputElement>('name');
    name.addEventListener('change', () => this.#rename(name));
    const input = this.#part<HTMLInputElement>('input');
    input.addEventListener('input', () => input.value !== '' && this.#client?.typing());
    find('.composer', this.#root).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send(input);
    });
    this.#part('reconnect').addEventListener('click', () => {
      if (this.#client?.state.name === 'closed') {
        this.enter(this.#room);
      } else {
        this.#client?.reconnectNow();
      }
    });
    const transport = this.#part<HTMLSelectElement>('transport');
    transport.addEventListener('change', () => this.#switch(transport.value));
    const log = this.#part('log');
    log.addEventListener('scroll', () => {
      this.#list?.scrolled();
      if (log.scrollTop < READ_BACK_WITHIN_PX && log.scrollHeight > log.clientHeight) {
        void this.#readBack();
      }
    });
    this.#part('older').addEventListener('click', () => void this.#readBack());
    this.#part('jump').addEventListener('click', () => {
      this.#list?.toEnd();
      log.focus();
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

  #switch(name: string): void {
    const choice = this.#options.choices.find(({ transport }) => transport.name === name);
    if (choice) {
      this.#choice = choice;
      this.#showChoice();
      this.#client?.use(choice.transport);
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

  async #readBack(): Promise<void> {
    const older = this.#part<HTMLButtonElement>('older');
    const client = this.#client;
    if (!client || older.hidden || older.disabled) {
      return;
    }
    older.disabled = true;
    try {
      const { lines, more } = await client.loadOlder();
      if (client === this.#client) {
        this.#list?.addOlder(lines);
        setAttributes(older, { 'data-end': more ? undefined : 'true' });
        older.hidden = !more || this.#list?.isFull === true;
      }
    } catch (error) {
      if (client === this.#client) {
        this.#showError(error instanceof Error ? error.message : String(error));
      }
    } finally {
      older.disabled = false;
    }
  }

  /** There may be older ones when a whole first page came. */
  #showOlder(client: ChatClient, list: MessageList): void {
    const older = this.#part('older');
    older.hidden = client.counts.lines < FIRST_PAGE || list.isFull || older.dataset['end'] === 'true';
  }

  #showChoice(): void {
    this.#part('how').textContent = this.#choice.how;
  }

  #showState(client: ChatClient): void {
    if (client !== this.#client) {
      return;
    }
    const { state } = client;
    const { badge, text, action } = noticeOf(state);
    const inUse = 'transport' in state ? state.transport : undefined;
    setAttributes(this.#part('state'), { 'data-state': state.name, 'data-transport': inUse });
    this.#part('state').textContent = badge;
    this.#part('in-use').textContent = inUse === undefined ? 'no connection' : `by ${chatTitle(inUse)}`;
    if (inUse === undefined) {
      // Who is there now cannot be known.
      this.#part('presence').textContent = '';
    }
    this.#part('notice').textContent = text;
    const button = this.#part<HTMLButtonElement>('reconnect');
    button.textContent = action ?? '';
    button.hidden = action === undefined;
    this.#part<HTMLButtonElement>('send').disabled = state.name === 'closed';
  }

  #showUnread(count: number): void {
    const jump = this.#part('jump');
    jump.hidden = count === 0;
    jump.textContent = count === 1 ? '1 new message ↓' : `${count} new messages ↓`;
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
    this.#part('error').textContent = text;
  }
}
