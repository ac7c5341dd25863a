import type { CallOutcome, Timeline } from './call';

/** What was seen of a request with a stream as body that was answered. */
export interface Measured {
  /** How many messages the browser took. */
  readonly sent: number;
  /** When `fetch` resolved, after it was called. */
  readonly answeredMs: number;
  /** When the request had ended; `undefined` when the answer came before that. */
  readonly endedMs: number | undefined;
}

/** Says what a request that was answered proves. Pure. */
export function verdictOf({ sent, answeredMs, endedMs }: Measured): {
  readonly outcome: CallOutcome;
  readonly words: string;
} {
  const answered = Math.round(answeredMs);
  if (sent === 0) {
    return {
      outcome: 'refused',
      words: 'The browser never read the stream: it does not stream request bodies.',
    };
  }
  if (endedMs === undefined) {
    return { outcome: 'ok', words: `Full duplex: the answer began after ${answered} ms, mid-request.` };
  }
  const ended = Math.round(endedMs);
  return answeredMs < endedMs
    ? { outcome: 'ok', words: `Full duplex: answer at ${answered} ms, end of the request at ${ended} ms.` }
    : {
        outcome: 'ok',
        words: `Half duplex only: the request streamed up until ${ended} ms, and the answer began after it, at ${answered} ms.`,
      };
}

/** Says what the drawn frames show. Pure. */
export function proofOf({ frames, startMs, serverMarks = [] }: Timeline, { endedMs }: Measured): string {
  const at = (ms: number) => `${Math.round(ms - startMs)}`;
  const up = frames.filter(({ direction, kind }) => direction === 'up' && kind === 'message');
  const answer = frames.find(({ direction }) => direction === 'down');
  const sent = `Sent at ${listed(up.map(({ atMs }) => at(atMs)))} ms.`;
  const taken =
    serverMarks.length > 0
      ? ` The server took the chat messages at ${listed(serverMarks.map(at))} ms by its own stamps (circles; the first is laid on its sending) and answered each at once.`
      : '';
  const ended = endedMs === undefined ? '' : `, after the request had ended at ${Math.round(endedMs)} ms`;
  return answer
    ? `${sent}${taken} fetch handed over the first byte at ${at(answer.atMs)} ms${ended}.`
    : `${sent}${taken}`;
}

function listed(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}
