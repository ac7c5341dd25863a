import { make } from './dom';

/**
 * A labelled choice among a few, the first one chosen.
 *
 * @param part the part of the page it is in; its `data-testid` is `part-name`
 */
export function choiceField(
  part: string,
  name: string,
  label: string,
  options: readonly (readonly [value: string, title: string])[],
): HTMLLabelElement {
  return make(
    'label',
    {},
    make('span', {}, label),
    make(
      'select',
      { name, 'data-testid': `${part}-${name}` },
      ...options.map(([value, title]) => make('option', { value }, title)),
    ),
  );
}
