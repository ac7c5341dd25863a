import type { Board } from '../board';
import { errorWords } from '../calls/call';
import { CallRun } from '../calls/callRun';
import { CHAT_TITLES, type ChatTransportName, chatChoice } from '../chat/chatChoices';
import { choiceField } from '../choiceField';
import { find, make, setAttributes } from '../dom';
import { formatMs } from '../formatMs';
import { onPress } from '../press';
import type { WireLog } from '../wire/wireLog';
import { type Breakage, breakIt, DURING, type Report } from './experiment';

const BREAKAGES: readonly { breakage: Breakage; title: string; what: string }[] = [
  {
    breakage: 'drop',
    title: 'Drop the connection',
    what: 'It is cut once; the client finds out and comes back.',
  },
  { breakage: 'offline', title: 'Go offline', what: 'No network, then network again.' },
  {
    breakage: 'kill',
    title: 'Kill and resume',
    what: 'The client is thrown away; a new one knows only the last place.',
  },
];

/** Three ways to break a connection, and what came of it. */
export function showBreakIt(section: HTMLElement, log: WireLog, board: Board): void {
  section.append(controls(), outcome());
  const buttons = section.querySelectorAll<HTMLButtonElement>('button[data-breakage]');
  onPress(buttons, ({ dataset }) => run(section, log, board, dataset['breakage'] as Breakage));
}

async function run(section: HTMLElement, log: WireLog, board: Board, breakage: Breakage): Promise<void> {
  const name = find<HTMLSelectElement>('select', section).value as ChatTransportName;
  const steps = find('.steps', section);
  const verdict = find('.verdict', section);
  const startMs = performance.now();
  find('.placeholder', section).hidden = true;
  steps.replaceChildren();
  setAttributes(verdict, { 'data-outcome': 'running' });
  verdict.replaceChildren('Under way…');
  try {
    const report = await breakIt(
      breakage,
      (line) => chatChoice(name, log, 'Break it: reader', line).transport,
      new CallRun(log, 'Break it: writer').grpcWeb(),
      (step) => {
        const ms = Math.round(performance.now() - startMs);
        steps.append(make('li', {}, make('span', { class: 'at' }, `${ms} ms`), step));
      },
    );
    show(verdict, report);
    board.put(`break-${breakage}`, `${recoveryWords(report)}, ${formatMs(report.ms)}`);
  } catch (error) {
    setAttributes(verdict, { 'data-outcome': 'error' });
    verdict.replaceChildren(`It failed. ${errorWords(error)}`);
  }
}

function recoveryWords({ recovery: { missed, gaps, duplicates } }: Report): string {
  return `${missed} missed, ${gaps} gaps, ${duplicates} duplicates`;
}

function show(verdict: HTMLElement, report: Report): void {
  const { recovery, tally } = report;
  const isWhole = tally.missing === 0 && tally.repeated === 0 && tally.outOfOrder === 0;
  setAttributes(verdict, {
    'data-outcome': recovery.recovered && isWhole ? 'ok' : 'error',
    'data-recovered': String(recovery.recovered),
    'data-missed': recovery.missed,
    'data-gaps': recovery.gaps,
    'data-duplicates': recovery.duplicates,
    'data-written': tally.written,
    'data-missing': tally.missing,
    'data-repeated': tally.repeated,
    'data-out-of-order': tally.outOfOrder,
  });
  verdict.replaceChildren(
    make('strong', {}, `recovered: ${recovery.recovered}, ${recoveryWords(report)}`),
    make(
      'p',
      {},
      `This page wrote ${tally.written} and read ${tally.read}: ${tally.missing} missing, ${tally.repeated} repeated, ${tally.outOfOrder} out of order.`,
    ),
  );
}

function controls(): HTMLElement {
  return make(
    'div',
    { class: 'toolbar' },
    choiceField('break', 'transport', 'The reader’s transport', Object.entries(CHAT_TITLES)),
    ...BREAKAGES.map(({ breakage, title, what }) =>
      make(
        'button',
        { type: 'button', title: what, 'data-breakage': breakage, 'data-testid': `break-${breakage}` },
        title,
      ),
    ),
  );
}

function outcome(): HTMLElement {
  return make(
    'div',
    { class: 'break-outcome' },
    make(
      'p',
      { class: 'placeholder' },
      `Nothing is broken yet. Press a button: ${DURING} messages will be written while the reader is away.`,
    ),
    make('div', { class: 'verdict', role: 'status', 'data-testid': 'break-verdict' }),
    make('ol', { class: 'steps', 'data-testid': 'break-steps' }),
  );
}
