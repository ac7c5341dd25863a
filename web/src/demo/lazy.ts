import { errorWords } from './calls/call';
import { make } from './dom';

/** How far below the window a part of the page is loaded: about one screen, so that it is there when it is reached. */
const AHEAD = '800px';

/**
 * Loads a part of the page into its section when that is scrolled near, once. A load that failed says so there, with a
 * button to try again.
 */
export function whenNear(section: HTMLElement, load: () => Promise<void>): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) {
        observer.disconnect();
        void loadInto(section, load);
      }
    },
    { rootMargin: AHEAD },
  );
  observer.observe(section);
}

async function loadInto(section: HTMLElement, load: () => Promise<void>): Promise<void> {
  try {
    await load();
    section.dataset['loaded'] = 'true';
  } catch (error) {
    const retry = make('button', { type: 'button' }, 'Try again');
    const notice = make(
      'p',
      { class: 'banner', role: 'alert' },
      `This part could not be loaded (${errorWords(error)}). `,
      retry,
    );
    retry.addEventListener('click', () => {
      notice.remove();
      void loadInto(section, load);
    });
    section.append(notice);
  }
}
