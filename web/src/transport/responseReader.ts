import { Code, ConnectError } from '@connectrpc/connect';

/** What the server's bytes mean. */
export type ResponsePart =
  /** The response headers; comes first. */
  | { readonly kind: 'headers'; readonly headers: Headers }
  /** Instead of all else: a call that ended before it had headers. `block` is the whole frame. */
  | { readonly kind: 'trailersOnly'; readonly headers: Headers; readonly block: Uint8Array }
  /** Frames as they came: messages, and the trailers at the end. */
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  /** The trailers have passed; nothing follows. */
  | { readonly kind: 'end' };

const PREFIX_BYTES = 5;
const COMPRESSED_FLAG = 0x01;
const BLOCK_FLAG = 0x80;

/**
 * Finds the header block and the end in what the server sends. Where one WebSocket message ends and the next begins means
 * nothing.
 *
 * ```
 * 80 | length, 4 bytes | headers       key: value\r\n ...
 * 00 | length, 4 bytes | message       any number
 * 80 | length, 4 bytes | trailers      key: value\r\n ...
 * ```
 *
 * Pure. Only the header block is kept until it is whole; the rest passes through without a copy.
 */
export class ResponseReader {
  readonly #readMaxBytes: number;
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  #prefixRead = 0;
  #remaining = 0;
  /** The header block with its prefix, while it is being read. */
  #block: Uint8Array | undefined;
  #state: 'headers' | 'body' | 'ended' = 'headers';

  /** @param readMaxBytes the longest header block to accept */
  constructor(readMaxBytes: number) {
    this.#readMaxBytes = readMaxBytes;
  }

  /**
   * Reads the next bytes. What comes after the trailers is ignored.
   *
   * @throws ConnectError Internal when they are not such a stream, ResourceExhausted when a header block is too long
   */
  read(bytes: Uint8Array): ResponsePart[] {
    const parts: ResponsePart[] = [];
    let position = 0;
    while (this.#state === 'headers' && position < bytes.byteLength) {
      position += this.#readHeaders(bytes.subarray(position), parts);
    }
    if (this.#state === 'body' && position < bytes.byteLength) {
      const rest = bytes.subarray(position);
      parts.push({ kind: 'body', bytes: rest.subarray(0, this.#followFrames(rest)) });
      if (this.#ended()) {
        parts.push({ kind: 'end' });
      }
    }
    return parts;
  }

  #ended(): boolean {
    return this.#state === 'ended';
  }

  /** Takes what belongs to the prefix, or to the block; returns how much that was. */
  #readHeaders(bytes: Uint8Array, parts: ResponsePart[]): number {
    if (!this.#block) {
      const taken = this.#readPrefix(bytes);
      if (this.#prefixRead < PREFIX_BYTES) {
        return taken;
      }
      this.#block = this.#allocateBlock();
      if (this.#remaining === 0) {
        this.#finishHeaders(this.#block, parts);
      }
      return taken;
    }
    const taken = Math.min(this.#remaining, bytes.byteLength);
    this.#block.set(bytes.subarray(0, taken), this.#block.byteLength - this.#remaining);
    this.#remaining -= taken;
    if (this.#remaining === 0) {
      this.#finishHeaders(this.#block, parts);
    }
    return taken;
  }

  #allocateBlock(): Uint8Array {
    const flags = this.#prefix[0] ?? 0;
    if ((flags & BLOCK_FLAG) === 0) {
      throw new ConnectError('protocol error: a message before the response headers', Code.Internal);
    }
    if ((flags & COMPRESSED_FLAG) !== 0) {
      throw new ConnectError('protocol error: compressed response headers', Code.Internal);
    }
    if (this.#remaining > this.#readMaxBytes) {
      throw new ConnectError(
        `response headers: ${this.#remaining} bytes (expected: at most readMaxBytes, ${this.#readMaxBytes})`,
        Code.ResourceExhausted,
      );
    }
    const block = new Uint8Array(PREFIX_BYTES + this.#remaining);
    block.set(this.#prefix);
    return block;
  }

  #finishHeaders(block: Uint8Array, parts: ResponsePart[]): void {
    const headers = parseHeaderBlock(block.subarray(PREFIX_BYTES));
    this.#block = undefined;
    this.#prefixRead = 0;
    if (headers.has('grpc-status')) {
      this.#state = 'ended';
      parts.push({ kind: 'trailersOnly', headers, block }, { kind: 'end' });
    } else {
      this.#state = 'body';
      parts.push({ kind: 'headers', headers });
    }
  }

  /** Follows the frames without keeping them; returns how many bytes there are up to the end of the trailers. */
  #followFrames(bytes: Uint8Array): number {
    let position = 0;
    while (position < bytes.byteLength && !this.#ended()) {
      if (this.#prefixRead < PREFIX_BYTES) {
        position += this.#readPrefix(bytes.subarray(position));
      } else {
        const taken = Math.min(this.#remaining, bytes.byteLength - position);
        position += taken;
        this.#remaining -= taken;
      }
      if (this.#prefixRead === PREFIX_BYTES && this.#remaining === 0) {
        this.#prefixRead = 0;
        if (((this.#prefix[0] ?? 0) & BLOCK_FLAG) !== 0) {
          this.#state = 'ended';
        }
      }
    }
    return position;
  }

  #readPrefix(bytes: Uint8Array): number {
    const taken = Math.min(PREFIX_BYTES - this.#prefixRead, bytes.byteLength);
    this.#prefix.set(bytes.subarray(0, taken), this.#prefixRead);
    this.#prefixRead += taken;
    if (this.#prefixRead === PREFIX_BYTES) {
      this.#remaining = new DataView(this.#prefix.buffer).getUint32(1);
    }
    return taken;
  }
}

/** Reads `key: value\r\n` lines; a name that is there several times has all its values. */
function parseHeaderBlock(block: Uint8Array): Headers {
  const headers = new Headers();
  for (const line of new TextDecoder().decode(block).split(/\r?\n/)) {
    if (line !== '') {
      const colon = line.indexOf(':');
      try {
        headers.append(line.slice(0, Math.max(colon, 0)).trim(), line.slice(colon + 1).trim());
      } catch (cause) {
        throw new ConnectError(
          `protocol error: response headers with the line "${line}"`,
          Code.Internal,
          undefined,
          undefined,
          cause,
        );
      }
    }
  }
  return headers;
}
