import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf';

/** What the server half of the protocol sends, written apart from the code that reads it. */

/** `80 | length | key: value\r\n ...` */
export function block(headers: Readonly<Record<string, string>> | Headers): Uint8Array<ArrayBuffer> {
  const lines = [...new Headers(headers)].map(([name, value]) => `${name}: ${value}\r\n`);
  return frame(0x80, new TextEncoder().encode(lines.join('')));
}

/** `00 | length | protobuf` */
export function message<Schema extends DescMessage>(
  schema: Schema,
  value: MessageShape<Schema>,
): Uint8Array<ArrayBuffer> {
  return frame(0, toBinary(schema, value));
}

/** `flags | length | data` */
export function frame(flags: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = data;
  return Uint8Array.of(flags, length >>> 24, length >>> 16, length >>> 8, length, ...data);
}

/** One after another. */
export function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Text as bytes. */
export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Bytes as text. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
