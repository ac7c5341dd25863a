import { setAttributes } from './dom';

/** Makes an SVG element with attributes and children. */
export function makeSvg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | number | undefined> = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/** One mark of a scale of times, `at` percent from the left: a line from `top` to `bottom`, and its number below. */
export function scaleTick(
  ms: number,
  at: number,
  [top, bottom, textY]: readonly [number, number, number],
): SVGElement[] {
  return [
    makeSvg('line', { class: 'tick', x1: `${at}%`, x2: `${at}%`, y1: top, y2: bottom }),
    makeSvg(
      'text',
      { x: `${at}%`, y: textY, 'text-anchor': ms === 0 ? 'start' : 'middle' },
      ms === 0 ? '0 ms' : String(ms),
    ),
  ];
}
