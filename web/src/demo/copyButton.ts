import { make } from './dom';

/** How long a button says that it has copied. */
const SAID_MS = 2_000;

/**
 * A button that puts text on the clipboard and says so, also to a screen reader. Where the browser does not allow it, it
 * says how to do it by hand.
 */
export function copyButton(label: string, testId: string, text: () => string): HTMLButtonElement {
  const said = make('span', { role: 'status' }, label);
  const button = make('button', { type: 'button', class: 'small', 'data-testid': testId }, said);
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener('click', async () => {
    clearTimeout(timer);
    try {
      await navigator.clipboard.writeText(text());
      said.textContent = 'Copied';
    } catch {
      said.textContent = 'Not allowed here: mark it and copy';
    }
    timer = setTimeout(() => {
      said.textContent = label;
    }, SAID_MS);
  });
  return button;
}
