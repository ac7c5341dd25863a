/** What a client may know of the device that it runs on. */
export interface Environment {
  /** False while there certainly is no network; attempts would be wasted. */
  isOnline(): boolean;
  /** Calls `listener` when the network came or went, or a person comes back to the page, until the returned function is called. */
  onChange(listener: () => void): () => void;
  /**
   * Calls `listener` when the page is left, for good or for the browser's back/forward cache, until the returned function is called. A
   * page that comes back from there is a change.
   */
  onLeave(listener: () => void): () => void;
}

/** Nothing is known: an attempt is always worth it. */
export const unknownEnvironment: Environment = {
  isOnline: () => true,
  onChange: () => () => {},
  onLeave: () => () => {},
};

/** The parts of a browser's page that {@link pageEnvironment} looks at. */
export interface PageSources {
  /** Its `window`: `online`, `offline`, `pagehide` and `pageshow`. */
  readonly window: EventTarget;
  /** Its `document`: `visibilitychange`. */
  readonly document: EventTarget & { readonly visibilityState: string };
  readonly navigator: { readonly onLine: boolean };
  readonly location: { readonly hostname: string };
}

/** The environment of a page. A server on the same machine can be reached without any network, so there it is always online. */
export function pageEnvironment({ window, document, navigator, location }: PageSources): Environment {
  const isLocal = /^(localhost|127\.[\d.]+|\[::1])$/.test(location.hostname);
  return {
    isOnline: () => isLocal || navigator.onLine,
    onChange(listener) {
      const onVisibility = () => document.visibilityState === 'visible' && listener();
      const onShow = (event: Event) => (event as PageTransitionEvent).persisted && listener();
      window.addEventListener('online', listener);
      window.addEventListener('offline', listener);
      window.addEventListener('pageshow', onShow);
      document.addEventListener('visibilitychange', onVisibility);
      return () => {
        window.removeEventListener('online', listener);
        window.removeEventListener('offline', listener);
        window.removeEventListener('pageshow', onShow);
        document.removeEventListener('visibilitychange', onVisibility);
      };
    },
    onLeave(listener) {
      window.addEventListener('pagehide', listener);
      return () => window.removeEventListener('pagehide', listener);
    },
  };
}
