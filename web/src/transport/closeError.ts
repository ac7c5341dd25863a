import { Code, ConnectError } from '@connectrpc/connect';
import type { ConnectionEnd } from './connection.js';

/** What the codes mean that come without a reason (RFC 6455, section 7.4.1, and IANA's registry). */
const WORDS: Readonly<Record<number, string>> = {
  1000: 'the server closed it',
  1001: 'the server is going away',
  1002: 'the server saw a protocol error',
  1003: 'the server does not accept this kind of message',
  1005: 'the server closed it without a code',
  1006: 'the connection was lost',
  1007: 'the server saw malformed data',
  1008: 'the server saw a violation of its policy',
  1009: 'a message was too big for the server',
  1011: 'the server failed',
  1012: 'the server restarts',
  1013: 'the server is overloaded, try again later',
  1014: 'a gateway got a bad answer',
  1015: 'the TLS handshake failed',
};

/** The error of a call whose connection ended before its trailers came: always Unavailable. */
export function closeError({ code, reason, cause }: ConnectionEnd, opened: boolean): ConnectError {
  const why = reason || (cause instanceof Error && cause.message) || WORDS[code] || 'no reason given';
  const message = opened
    ? `the WebSocket ended before the call did: ${why} (close code ${code})`
    : `the WebSocket did not open: ${hidden(cause) ?? why} (close code ${code})`;
  return new ConnectError(message, Code.Unavailable, undefined, undefined, cause);
}

/** Browsers do not tell pages why a handshake failed (WHATWG, "fail the WebSocket connection"); Node's `ws` does. */
function hidden(cause: unknown): string | undefined {
  if (cause instanceof Error && cause.message !== '') {
    return undefined;
  }
  return 'browsers hide the reason; the server may be down, not know the path, or not allow this origin';
}
