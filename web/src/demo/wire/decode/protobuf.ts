import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { Part } from './part';

/** Strings are shown up to this length. */
const MAX_TEXT = 300;

/**
 * Reads a protobuf message field by field, each with the bytes that it takes. What the descriptor does not know is shown by
 * its number. Bytes that are no message, or were cut, end in a part that says so; it never throws.
 *
 * @param start where the message begins in its frame
 */
export function decodeProtobuf(bytes: Uint8Array, schema: DescMessage | undefined, start: number): Part[] {
  const reader = new BinaryReader(bytes);
  const parts: Part[] = [];
  while (reader.pos < reader.len) {
    const from = reader.pos;
    try {
      const [number, wireType] = reader.tag();
      const field = schema?.fields.find((one) => one.number === number);
      const label = field ? field.name : `field ${number}`;
      const content = decodeValue(reader, wireType, field, number, start);
      parts.push({ label, start: start + from, end: start + reader.pos, ...content });
    } catch {
      parts.push({ label: 'not readable', value: '', start: start + from, end: start + bytes.byteLength });
      break;
    }
  }
  return parts;
}

function decodeValue(
  reader: BinaryReader,
  wireType: WireType,
  field: DescField | undefined,
  number: number,
  start: number,
): Pick<Part, 'value' | 'parts'> {
  switch (wireType) {
    case WireType.Varint:
      return { value: varint(BigInt(reader.uint64()), field) };
    case WireType.LengthDelimited: {
      const bytes = reader.bytes();
      if (field?.message) {
        const parts = decodeProtobuf(bytes, field.message, start + reader.pos - bytes.byteLength);
        return { value: parts.length === 0 ? '{}' : '', parts };
      }
      return { value: field && isText(field) ? quoted(bytes) : `${bytes.byteLength} bytes` };
    }
    case WireType.Bit32:
      return { value: String(reader.fixed32()) };
    case WireType.Bit64:
      return { value: String(reader.fixed64()) };
    default:
      return { value: `${reader.skip(wireType, number).byteLength} bytes` };
  }
}

function varint(value: bigint, field: DescField | undefined): string {
  switch (field?.scalar) {
    case ScalarType.BOOL:
      return String(value !== 0n);
    case ScalarType.INT32:
    case ScalarType.INT64: {
      const signed = BigInt.asIntN(64, value);
      return field.name === 'timestamp'
        ? `${signed} (${new Date(Number(signed)).toISOString()})`
        : `${signed}`;
    }
    default:
      return String(value);
  }
}

function isText({ scalar }: DescField): boolean {
  return scalar === ScalarType.STRING;
}

function quoted(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  return JSON.stringify(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}
