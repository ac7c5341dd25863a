import type { Direction, FrameKind, LoggedFrame, Stream } from '../frame';

/** A frame for specs. */
export function frameOf(fields: {
  readonly direction?: Direction;
  readonly kind?: FrameKind;
  readonly data?: string | Uint8Array;
  readonly length?: number;
  readonly atMs?: number;
  readonly stream?: Partial<Stream>;
}): LoggedFrame {
  const { direction = 'up', kind = 'message', data = '', atMs = 0, stream } = fields;
  return {
    number: 1,
    direction,
    kind,
    data,
    atMs,
    length: fields.length ?? (typeof data === 'string' ? new TextEncoder().encode(data).length : data.length),
    stream: { source: 'ann', transport: 'websocket', method: 'Chat', ...stream },
  };
}
