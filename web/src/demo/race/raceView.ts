import { errorWords } from '../calls/call';
import { make } from '../dom';
import { sumOf } from './bytes';
import { bytesPlot, latencyPlot } from './plots';
import type { RaceResult } from './race';
import type { Racer } from './racers';

/** A racer and how it did, or why it did not arrive. */
export type Finish = { readonly racer: Racer; readonly result?: RaceResult; readonly error?: unknown };

/** The numbers as a table, then the same drawn. */
export function raceView(finishes: readonly Finish[]): HTMLElement[] {
  const results = finishes.flatMap(({ result }) => (result ? [result] : []));
  const views: HTMLElement[] = [table(finishes)];
  if (results.length > 0) {
    views.push(
      make('div', { class: 'plots' }, latencyPlot(results), bytesPlot(results)),
      accounting(results),
    );
  }
  return views;
}

const COLUMNS = ['p50', 'p95', 'p99', 'at once', 'payload', 'framing', 'headers', 'sum', 'requests'];

function table(finishes: readonly Finish[]): HTMLElement {
  const groups = make(
    'tr',
    {},
    make('td', {}),
    make('th', { scope: 'colgroup', colspan: 3 }, 'latency, one at a time'),
    make('th', { scope: 'col' }, 'rate'),
    make('th', { scope: 'colgroup', colspan: 4 }, 'bytes a message'),
    make('th', { scope: 'col' }, 'HTTP'),
  );
  const head = make(
    'tr',
    {},
    make('th', { scope: 'col' }, 'Transport'),
    ...COLUMNS.map((title) => make('th', { scope: 'col', class: 'number' }, title)),
  );
  return make(
    'div',
    { class: 'scrolling card', tabindex: 0, role: 'region', 'aria-label': 'Results of the race' },
    make(
      'table',
      { class: 'numbers', 'data-testid': 'race-results' },
      make('thead', {}, groups, head),
      make('tbody', {}, ...finishes.map(row)),
    ),
  );
}

function row({ racer, result, error }: Finish): HTMLElement {
  const name = make('th', { scope: 'row' }, racer.title);
  const attributes = { 'data-testid': `race-${racer.name}`, 'data-transport': racer.transport };
  if (!result) {
    const why = make('td', { colspan: COLUMNS.length, class: 'bad' }, `did not arrive: ${errorWords(error)}`);
    return make('tr', { ...attributes, 'data-outcome': 'error' }, name, why);
  }
  const { p50, p95, p99 } = result.spread;
  const { payload, framing, headers } = result.bytesPerMessage;
  const cells = [
    ...[p50, p95, p99].map((ms) => `${ms.toFixed(1)} ms`),
    `${Math.round(result.perSecond)}/s`,
    ...[payload, framing, headers, sumOf(result.bytesPerMessage)].map((bytes) => `${Math.round(bytes)}`),
    `${result.requests}`,
  ];
  return make(
    'tr',
    {
      ...attributes,
      'data-outcome': 'ok',
      'data-p50-ms': p50.toFixed(2),
      'data-p95-ms': p95.toFixed(2),
      'data-p99-ms': p99.toFixed(2),
      'data-per-second': result.perSecond.toFixed(1),
      'data-payload': payload.toFixed(1),
      'data-framing': framing.toFixed(1),
      'data-headers': headers.toFixed(1),
      'data-requests': result.requests,
    },
    name,
    ...cells.map((text, i) => make('td', { class: 'number', 'data-label': COLUMNS[i] }, text)),
  );
}

/** Which of the numbers were measured, and how the others came about. */
function accounting(results: readonly RaceResult[]): HTMLElement {
  const grpcWeb = results.find(({ racer }) => racer.name === 'grpc-web')?.observed;
  const lines = [
    'Measured: times, rates, requests, and the bytes of every message, gRPC prefix, marker and trailer, both ways, connecting included.',
    'At once is how the messages are handed over. Over gRPC-Web each is posted when the one before was answered, because the order of requests is not kept otherwise; so its rate is that of one at a time.',
    'Computed by RFC 6455: the header of each WebSocket frame, 2 to 14 bytes, which a page does not see.',
    'Headers are at least: those that the page sets or reads, and of the browser’s own only the ones whose values it knows. Over HTTP/2, a field that was sent before counts as one byte (RFC 7541). TLS and TCP are not counted.',
    ...(grpcWeb
      ? [
          `The browser’s own count (Resource Timing) of the gRPC-Web run: ${grpcWeb.requests} requests, ${grpcWeb.bodyBytes} bytes of response bodies. Its transferSize adds a fixed 300 bytes for headers, so it cannot tell them.`,
        ]
      : []),
  ];
  return make(
    'details',
    { class: 'accounting', 'data-testid': 'race-accounting' },
    make('summary', {}, 'What is measured, what is computed'),
    make('ul', {}, ...lines.map((line) => make('li', {}, line))),
  );
}
