import { setAttributes } from './dom';

/**
 * Does `work` when one of the buttons is pressed, and nothing while it is under way. Until then all of them look disabled
 * but are not: a button that is disabled loses the focus, and with it a person's place on the page.
 */
export function onPress(
  buttons: Iterable<HTMLButtonElement>,
  work: (pressed: HTMLButtonElement) => Promise<void>,
): void {
  let busy = false;
  const mark = (isBusy: boolean) => {
    busy = isBusy;
    for (const button of buttons) {
      setAttributes(button, { 'aria-disabled': isBusy ? 'true' : undefined });
    }
  };
  for (const button of buttons) {
    button.addEventListener('click', async () => {
      if (!busy) {
        mark(true);
        await work(button).finally(() => mark(false));
      }
    });
  }
}
