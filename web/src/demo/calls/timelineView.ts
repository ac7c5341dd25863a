import { make } from '../dom';
import { formatMs } from '../formatMs';
import { makeSvg, scaleTick } from '../svg';
import { headlineOf } from '../wire/decode/headline';
import type { Timeline } from './call';
import { isDrawn, layOut } from './timelineLayout';

const SERVER_Y = 12;
const BROWSER_Y = 52;
const TICKS_Y = 68;

/** Draws what crossed between browser and server over time; below it the same as a table, closed at first. */
export function timelineView(timeline: Timeline, id: string): HTMLElement {
  return make('figure', { class: 'timeline' }, drawing(timeline, id), frameTable(timeline, id));
}

function drawing(timeline: Timeline, id: string): SVGSVGElement {
  const { arrows, openAt, serverMarks, ticks } = layOut(timeline);
  const up = arrows.filter(({ direction }) => direction === 'up').length;
  const label = `Timeline: ${up} frames up, ${arrows.length - up} down`;
  const svg = makeSvg('svg', {
    class: 'timeline-drawing',
    role: 'img',
    'aria-label': label,
    'data-testid': `timeline-${id}`,
    'data-frames': arrows.length,
  });
  for (const { at, ms } of ticks) {
    svg.append(...scaleTick(ms, at, [SERVER_Y, BROWSER_Y + 4, TICKS_Y]));
  }
  if (openAt > 0) {
    svg.append(makeSvg('rect', { class: 'opening', x: 0, y: BROWSER_Y - 4, width: `${openAt}%`, height: 8 }));
  }
  for (const y of [SERVER_Y, BROWSER_Y]) {
    svg.append(makeSvg('line', { class: 'lane', x1: 0, x2: '100%', y1: y, y2: y }));
  }
  for (const { at, direction, isMessage } of arrows) {
    svg.append(arrow(at, direction === 'up', isMessage));
  }
  for (const at of serverMarks) {
    svg.append(makeSvg('circle', { class: 'taken', cx: `${at}%`, cy: SERVER_Y, r: 4 }));
  }
  return svg;
}

/** Up to the server, or down from it; a nested drawing, as paths know no percentages. */
function arrow(at: number, isUp: boolean, isMessage: boolean): SVGSVGElement {
  const [from, to, back] = isUp ? [BROWSER_Y, SERVER_Y, 7] : [SERVER_Y, BROWSER_Y, -7];
  const path = `M0 ${from}V${to}M-4 ${to + back}L0 ${to}L4 ${to + back}`;
  const kind = isMessage ? 'message' : 'around';
  return makeSvg(
    'svg',
    { x: `${at}%`, overflow: 'visible', class: `arrow ${isUp ? 'up' : 'down'} ${kind}` },
    makeSvg('path', { d: path }),
  );
}

/** Built when it is opened: most never are. */
function frameTable({ frames, startMs }: Timeline, id: string): HTMLDetailsElement {
  const shown = frames.filter(isDrawn);
  const bytes = (direction: 'up' | 'down') =>
    shown.filter((frame) => frame.direction === direction).reduce((sum, { length }) => sum + length, 0);
  const summary = `${shown.length} frames, ${bytes('up')} B up, ${bytes('down')} B down`;
  const details = make('details', { 'data-testid': `frames-${id}` }, make('summary', {}, summary));
  details.addEventListener(
    'toggle',
    () => {
      const rows = frames.map((frame) =>
        make(
          'tr',
          { class: frame.direction },
          make('td', { class: 'number' }, formatMs(frame.atMs - startMs)),
          make(
            'td',
            {},
            frame.direction === 'up' ? '↑' : '↓',
            make('span', { class: 'unseen' }, frame.direction),
          ),
          make('td', {}, headlineOf(frame)),
          make('td', { class: 'number' }, isDrawn(frame) ? `${frame.length} B` : ''),
        ),
      );
      const head = ['at', 'way', 'what', 'size'].map((title) => make('th', { scope: 'col' }, title));
      details.append(
        make(
          'div',
          { class: 'scrolling', tabindex: 0, role: 'region', 'aria-label': 'Frames' },
          make(
            'table',
            { class: 'frames' },
            make('thead', {}, make('tr', {}, ...head)),
            make('tbody', {}, ...rows),
          ),
        ),
      );
    },
    { once: true },
  );
  return details;
}
