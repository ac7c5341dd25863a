import { niceTicks } from '../calls/timelineLayout';
import { make } from '../dom';
import { formatMs } from '../formatMs';
import { makeSvg, scaleTick } from '../svg';
import { sumOf } from './bytes';
import { histogram } from './percentiles';
import type { RaceResult } from './race';

const BINS = 60;
/** Of one transport: a line of text, and what is drawn below it. */
const ROW = 58;
const BARS = 30;
const BASE = 48;
/** Below the rows, for the numbers of the scale. */
const SCALE = 18;

/** The latencies of each as a histogram, all on one scale, which ends where the worst p99 is. */
export function latencyPlot(results: readonly RaceResult[]): HTMLElement {
  const maxMs = Math.max(...results.map(({ spread }) => spread.p99), 1) * 1.15;
  const height = results.length * ROW + SCALE;
  const svg = makeSvg('svg', {
    class: 'plot',
    role: 'img',
    'aria-label': `Histograms of latency: ${results
      .map(({ racer, spread }) => `${racer.title} p50 ${formatMs(spread.p50)}`)
      .join(', ')}`,
    height,
    'data-testid': 'race-latency-plot',
  });
  const percent = (ms: number) => Math.min(100, (100 * ms) / maxMs);
  for (const ms of niceTicks(maxMs)) {
    svg.append(...scaleTick(ms, percent(ms), [0, height - SCALE, height - 4]));
  }
  for (const [i, result] of results.entries()) {
    svg.append(histogramRow(i * ROW, result, maxMs, percent));
  }
  return figure('Latency, one at a time; p50, p95 and p99 are marked', svg);
}

function histogramRow(
  y: number,
  { racer, latenciesMs, spread: { p50, p95, p99 } }: RaceResult,
  maxMs: number,
  percent: (ms: number) => number,
): SVGElement {
  const bins = histogram(latenciesMs, maxMs, BINS);
  const most = Math.max(...bins, 1);
  const marked = [p50, p95, p99];
  return makeSvg(
    'g',
    { class: racer.transport },
    ...bins.map((count, i) =>
      makeSvg('rect', {
        class: 'bar',
        x: `${(100 * i) / BINS}%`,
        width: `${90 / BINS}%`,
        y: y + BASE - (BARS * count) / most,
        height: (BARS * count) / most,
      }),
    ),
    makeSvg('line', { class: 'lane', x1: 0, x2: '100%', y1: y + BASE, y2: y + BASE }),
    ...marked.map((ms) =>
      makeSvg('line', {
        class: 'percentile',
        x1: `${percent(ms)}%`,
        x2: `${percent(ms)}%`,
        y1: y + 15,
        y2: y + BASE + 4,
      }),
    ),
    ...rowText(y, racer.title, `${marked.map((ms) => ms.toFixed(1)).join(' · ')} ms`),
  );
}

const PARTS = ['payload', 'framing', 'headers'] as const;

/** What a message costs, stacked: what it says, what marks its ends, what goes around it. */
export function bytesPlot(results: readonly RaceResult[]): HTMLElement {
  const rows = results.map(({ racer, bytesPerMessage }) => ({
    racer,
    bytes: bytesPerMessage,
    sum: sumOf(bytesPerMessage),
  }));
  const max = Math.max(...rows.map(({ sum }) => sum), 1);
  const height = results.length * ROW - 8;
  const svg = makeSvg('svg', {
    class: 'plot',
    role: 'img',
    'aria-label': `Bytes a message: ${rows.map(({ racer, sum }) => `${racer.title} ${Math.round(sum)}`).join(', ')}`,
    height,
    'data-testid': 'race-bytes-plot',
  });
  for (const [i, { racer, bytes, sum }] of rows.entries()) {
    const y = i * ROW;
    const group = makeSvg('g', { class: racer.transport });
    let from = 0;
    for (const part of PARTS) {
      const width = (100 * bytes[part]) / max;
      group.append(
        makeSvg('rect', { class: `part ${part}`, x: `${from}%`, width: `${width}%`, y: y + 18, height: 24 }),
      );
      from += width;
    }
    group.append(...rowText(y, racer.title, `${Math.round(sum)} B`));
    svg.append(group);
  }
  const legend = make(
    'p',
    { class: 'legend' },
    ...PARTS.map((part) => make('span', { class: `key ${part}` }, part)),
  );
  return figure('Bytes a message, both directions', svg, legend);
}

/** Whose row it is, and its figures. */
function rowText(y: number, title: string, figures: string): SVGElement[] {
  return [
    makeSvg('text', { class: 'name', x: 0, y: y + 10 }, title),
    makeSvg('text', { x: '100%', y: y + 10, 'text-anchor': 'end' }, figures),
  ];
}

function figure(caption: string, ...content: (Node | string)[]): HTMLElement {
  return make('figure', { class: 'card plot-figure' }, make('figcaption', {}, caption), ...content);
}
