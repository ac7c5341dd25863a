import { Code, ConnectError } from '@connectrpc/connect';

/** Bytes as a WebSocket sends them: never in shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The message after which the client sends nothing more. */
export const HALF_CLOSE: Bytes = Uint8Array.of(1);

/** `grpc-timeout` has at most eight digits (PROTOCOL-HTTP2, "TimeoutValue"). */
const MAX_TIMEOUT_VALUE = 99_999_999;

/**
 * The first message of a call: `key: value\r\n` for each header, several values joined by `, `.
 *
 * @throws ConnectError InvalidArgument for a value that is not printable ASCII
 */
export function encodeRequestHeaders(headers: Headers): Bytes {
  const lines: string[] = [];
  for (const [name, value] of headers) {
    if (!/^[ -~]*$/.test(value)) {
      throw new ConnectError(
        `${name}: not printable ASCII (expected: a name ending in -bin, and encodeBinaryHeader() for the value)`,
        Code.InvalidArgument,
      );
    }
    if (name === 'grpc-timeout') {
      lines.push(`${name}: ${legalTimeout(value)}\r\n`);
    } else if (name !== 'user-agent' || value !== headers.get('x-user-agent')) {
      // Connect sets both alike. The first would hide the browser's own, which came with the upgrade request.
      lines.push(`${name}: ${value}\r\n`);
    }
  }
  return new TextEncoder().encode(lines.join(''));
}

/** Connect writes any number of milliseconds, fractions too. */
function legalTimeout(value: string): string {
  const ms = Math.ceil(Number.parseFloat(value));
  if (!value.endsWith('m') || ms <= MAX_TIMEOUT_VALUE) {
    return value.endsWith('m') ? `${ms}m` : value;
  }
  return `${Math.min(Math.ceil(ms / 1_000), MAX_TIMEOUT_VALUE)}S`;
}

/** A data message: `00`, then a part of the stream of gRPC frames; here always one whole frame. */
export function encodeData(frame: Uint8Array): Bytes {
  const message = new Uint8Array(1 + frame.byteLength);
  message.set(frame, 1);
  return message;
}
