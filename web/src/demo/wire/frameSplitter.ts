import { KEPT_BYTES, type LoggedFrame } from './frame';

/** A gRPC frame: flags, length, and what they announce. */
export interface GrpcFrame {
  /** The first byte: `0x80` marks a block of headers or trailers, `0x01` compression. */
  readonly flags: number;
  /** With its prefix of five bytes; at most {@link KEPT_BYTES} of it. */
  readonly bytes: Uint8Array;
  /** How long it is with its prefix. */
  readonly length: number;
}

/** The flags' byte and a length of four bytes, big endian. */
export const PREFIX_BYTES = 5;

/** What is before the message in its frame: gRPC's prefix, and the marker before it on a socket; nothing on the chat WebSocket. */
export function bytesAround({ stream, direction }: Pick<LoggedFrame, 'stream' | 'direction'>): number {
  switch (stream.transport) {
    case 'websocket':
      return 0;
    case 'grpc-web':
      return PREFIX_BYTES;
    case 'grpc-websocket':
      return PREFIX_BYTES + (direction === 'up' ? 1 : 0);
  }
}

/** Finds the gRPC frames in a stream of chunks that may begin and end anywhere. Pure. */
export class FrameSplitter {
  readonly #kept = new Uint8Array(KEPT_BYTES);
  #read = 0;
  /** Of the whole frame; known once its prefix is. */
  #length = PREFIX_BYTES;

  /** Takes the next chunk and returns the frames that end in it. */
  push(chunk: Uint8Array): GrpcFrame[] {
    const frames: GrpcFrame[] = [];
    for (let position = 0; position < chunk.byteLength; ) {
      const target = this.#read < PREFIX_BYTES ? PREFIX_BYTES : this.#length;
      const taken = Math.min(target - this.#read, chunk.byteLength - position);
      this.#keep(chunk.subarray(position, position + taken));
      position += taken;
      if (this.#read === PREFIX_BYTES && this.#length === PREFIX_BYTES) {
        this.#length = PREFIX_BYTES + new DataView(this.#kept.buffer).getUint32(1);
      }
      if (this.#read === this.#length) {
        frames.push(this.#finish());
      }
    }
    return frames;
  }

  #keep(bytes: Uint8Array): void {
    const room = Math.max(0, KEPT_BYTES - this.#read);
    this.#kept.set(bytes.subarray(0, room), Math.min(this.#read, KEPT_BYTES));
    this.#read += bytes.byteLength;
  }

  #finish(): GrpcFrame {
    const bytes = this.#kept.slice(0, this.#length);
    const frame = { flags: bytes[0] ?? 0, bytes, length: this.#length };
    this.#read = 0;
    this.#length = PREFIX_BYTES;
    return frame;
  }
}
