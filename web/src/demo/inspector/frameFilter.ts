import type { TransportName } from '../transports';
import { headlineOf } from '../wire/decode/headline';
import type { Direction, LoggedFrame } from '../wire/frame';

/** Which frames are shown; what is left out holds for all. */
export interface FrameFilter {
  readonly transport?: TransportName | undefined;
  readonly direction?: Direction | undefined;
  /** A part of what the frame is called, of its method, or of who made the call; any case. */
  readonly text?: string;
}

/** Whether the filter lets a frame through. Pure. */
export function passes(frame: LoggedFrame, { transport, direction, text = '' }: FrameFilter): boolean {
  const { stream } = frame;
  if ((transport && stream.transport !== transport) || (direction && frame.direction !== direction)) {
    return false;
  }
  const wanted = text.trim().toLowerCase();
  return (
    wanted === '' ||
    `${headlineOf(frame)} ${stream.method} ${stream.source} ${textOf(frame)}`.toLowerCase().includes(wanted)
  );
}

/** What of a frame can be searched as text. */
function textOf({ data }: LoggedFrame): string {
  return typeof data === 'string' ? data : new TextDecoder().decode(data);
}
