import { type Clock, systemClock } from '../../chat/clock';
import { lengthOf } from '../../chat/traffic';
import type { TransportName } from '../transports';
import { type Frame, KEPT_BYTES, type LoggedFrame, type OpenTap } from './frame';

/** How many frames are remembered; the oldest go first. */
export const MAX_FRAMES = 500;

/** The last frames of everything on the page that speaks to the server. */
export class WireLog {
  readonly #frames: LoggedFrame[] = [];
  readonly #listeners = new Set<(frame: LoggedFrame) => void>();
  readonly #clock: Clock;
  #number = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** What is remembered, oldest first. */
  get frames(): readonly LoggedFrame[] {
    return this.#frames;
  }

  /** Calls `listener` for each new frame, until the returned function is called. */
  listen(listener: (frame: LoggedFrame) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Taps the streams of one source on one transport.
   *
   * @param onFrame hears of these alone, besides the log
   */
  taps(source: string, transport: TransportName, onFrame: (frame: LoggedFrame) => void = () => {}): OpenTap {
    return (method) => {
      const stream = { source, transport, method };
      return (direction, kind, data = '', length = lengthOf(data)) => {
        const atMs = this.#clock.nowMs();
        const frame = {
          number: ++this.#number,
          stream,
          ...({ direction, kind, atMs, data: kept(data), length } satisfies Frame),
        };
        onFrame(frame);
        this.#add(frame);
      };
    };
  }

  #add(frame: LoggedFrame): void {
    this.#frames.push(frame);
    if (this.#frames.length > MAX_FRAMES) {
      this.#frames.shift();
    }
    for (const listener of this.#listeners) {
      listener(frame);
    }
  }
}

/** A copy: the buffer belongs to who sent or received it. */
function kept(data: string | Uint8Array): string | Uint8Array {
  return data.slice(0, KEPT_BYTES);
}
