import type { ConnectionState } from '../../chat/connection';
import { chatTitle } from './chatChoices';

/** What a pane says about its connection. */
export interface ConnectionNotice {
  /** One word for the badge. */
  readonly badge: string;
  /** A sentence, empty while there is nothing to say. */
  readonly text: string;
  /** The label of the button that helps; none when nothing can be done. */
  readonly action?: string;
}

/** Puts a connection's state into words. */
export function noticeOf(state: ConnectionState): ConnectionNotice {
  switch (state.name) {
    case 'fallback':
      return {
        badge: state.name,
        text: `By ${chatTitle(state.transport)} for now: ${state.reason}. The other way is tried again from time to time.`,
      };
    case 'offline':
      return { badge: state.name, text: 'There is no network. It goes on when there is.', action: 'Try now' };
    case 'connecting':
    case 'connected':
      return { badge: state.name, text: '' };
    case 'reconnecting':
      return state.waitMs > 0
        ? {
            badge: 'recovering',
            text: `No connection: ${state.reason}. Next attempt in ${inSeconds(state.waitMs)}.`,
            action: 'Try now',
          }
        : { badge: 'recovering', text: `No connection: ${state.reason}. Trying now.` };
    case 'closed':
      return state.reason === undefined
        ? { badge: state.name, text: '' }
        : { badge: state.name, text: `Not connected: ${state.reason}.`, action: 'Connect again' };
  }
}

function inSeconds(ms: number): string {
  return ms < 1_000 ? 'less than 1 s' : `${Math.round(ms / 1_000)} s`;
}
