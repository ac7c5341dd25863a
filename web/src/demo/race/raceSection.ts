import type { Board } from '../board';
import { choiceField } from '../choiceField';
import { find, make } from '../dom';
import { formatMs } from '../formatMs';
import { onPress } from '../press';
import { type RequestFacts, sumOf } from './bytes';
import { PUBLISH_RATE, type RaceSetup, run } from './race';
import { lineUp, type Racer } from './racers';
import { type Finish, raceView } from './raceView';

/** The race: a button, what it is set up with, and the results. */
export function showRace(section: HTMLElement, board: Board, protocol: string): void {
  section.append(
    controls(),
    make('p', { class: 'progress', role: 'status', 'data-testid': 'race-progress' }),
    results(),
  );
  const button = find<HTMLButtonElement>('[data-testid=race-start]', section);
  onPress([button], async () => {
    await race(section, board, {
      host: location.host,
      origin: location.origin,
      userAgent: navigator.userAgent,
      isHttp2: protocol === 'HTTP/2',
    });
    button.textContent = 'Race again';
  });
}

async function race(section: HTMLElement, board: Board, facts: RequestFacts): Promise<void> {
  const progress = find('.progress', section);
  const messages = Number(find<HTMLSelectElement>('[name=messages]', section).value);
  const contentLength = Number(find<HTMLSelectElement>('[name=length]', section).value);
  const results = find('.race-results', section);
  const finishes: Finish[] = [];
  const racers = lineUp();
  for (const [i, racer] of racers.entries()) {
    progress.textContent = `${i + 1} of ${racers.length}: ${racer.title}…`;
    finishes.push(await finishOf(racer, { messages, contentLength, facts }));
    results.replaceChildren(...raceView(finishes));
  }
  const failed = finishes.filter(({ result }) => !result).length;
  progress.textContent =
    failed === 0
      ? `${racers.length} times ${2 * messages} messages, all acknowledged.`
      : `${failed} of ${racers.length} did not arrive.`;
  publish(board, finishes);
}

async function finishOf(racer: Racer, setup: RaceSetup): Promise<Finish> {
  try {
    return { racer, result: await run(racer, setup) };
  } catch (error) {
    return { racer, error };
  }
}

/** Writes down what the comparison refers to. */
function publish(board: Board, finishes: readonly Finish[]): void {
  for (const { racer, result } of finishes) {
    if (result) {
      const p50 = formatMs(result.spread.p50);
      const requests = result.requests === 1 ? '1 request' : `${result.requests} requests`;
      board.put(`race-payload/${racer.name}`, `${Math.round(result.bytesPerMessage.payload)} B`);
      board.put(`race-bytes/${racer.name}`, `${Math.round(sumOf(result.bytesPerMessage))} B`);
      board.put(`race-speed/${racer.name}`, `${p50}, ${Math.round(result.perSecond)}/s, ${requests}`);
    }
  }
}

function controls(): HTMLElement {
  return make(
    'div',
    { class: 'toolbar' },
    make('button', { type: 'button', class: 'primary', 'data-testid': 'race-start' }, 'Start the race'),
    choiceField('race', 'messages', 'Messages', [
      ['50', '50, twice'],
      ['20', '20, twice'],
      ['100', '100, twice'],
    ]),
    choiceField('race', 'length', 'Each says', [
      ['40', '40 letters'],
      ['1000', '1,000 letters'],
    ]),
  );
}

function results(): HTMLElement {
  return make(
    'div',
    { class: 'race-results' },
    make(
      'p',
      { class: 'placeholder', 'data-testid': 'race-empty' },
      `No race yet. It takes a few seconds: between the rounds it waits, because by default the server takes ${PUBLISH_RATE} messages a second from a connection.`,
    ),
  );
}
