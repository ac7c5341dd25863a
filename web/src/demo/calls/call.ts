/** The four kinds of gRPC call. */
export type Kind = 'unary' | 'server-streaming' | 'client-streaming' | 'bidirectional';

/** The two ways from the browser to the server that the page compares. */
export type CallTransport = 'grpc-web' | 'websocket';

/**
 * How a call went. `ok`: it did what its kind promises. `refused`: the browser, or the library in it, cannot make such
 * a call. `error`: it can be made and failed this time.
 */
export type CallOutcome = 'ok' | 'refused' | 'error';

/** What a call cost, counted and timed while it was made. */
export interface Figures {
  /** HTTP requests, or WebSockets opened. */
  readonly connections: number;
  /** Messages sent. */
  readonly up: number;
  /** Messages received. */
  readonly down: number;
  /** From the start of the call to its last message. */
  readonly ms: number;
  /** How much of `ms` went by before the connection was open and its room joined; only of sockets. */
  readonly openMs?: number;
}

/** One way of trying a call, and the words that came back. */
export interface Attempt {
  /** Stable, for tests. */
  readonly name: string;
  /** For a person: what was tried. */
  readonly label: string;
  readonly outcome: CallOutcome;
  /** What the library or the browser said, unchanged. */
  readonly words: string;
}

/** What happened when a call was made. */
export interface CallResult {
  readonly outcome: CallOutcome;
  /** What happened, in one sentence. */
  readonly summary: string;
  readonly figures?: Figures;
  readonly attempts?: readonly Attempt[];
}

/** Makes a call, for real, each time it is called. Rejects when the call failed. */
export type MakeCall = () => Promise<CallResult>;

/** Puts an error into the words that the browser itself would print. */
export function errorWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
