import type { DescMessage } from '@bufbuild/protobuf';
import { ChatService, MessageSchema } from '../../../gen/duplexer/chat/v1/chat_pb';
import type { LoggedFrame } from '../frame';
import { PREFIX_BYTES } from '../frameSplitter';
import { type Part, partOf } from './part';
import { decodeProtobuf } from './protobuf';

/** The bytes of a frame, as it was kept. */
export function bytesOf({ data }: Pick<LoggedFrame, 'data'>): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}

/** Takes a frame apart: the protocol round it, then its message by the names of the contract. Pure, never throws. */
export function decodeFrame(frame: LoggedFrame): Part[] {
  const bytes = bytesOf(frame);
  const parts = decodeWhole(frame, bytes);
  return frame.length > bytes.byteLength
    ? [...parts, partOf('not kept', `${frame.length - bytes.byteLength} bytes more`, bytes.byteLength, 0)]
    : parts;
}

function decodeWhole(frame: LoggedFrame, bytes: Uint8Array): Part[] {
  const { kind, direction, data, stream } = frame;
  switch (kind) {
    case 'open':
      return [partOf('connection', `open${data === '' ? '' : `, subprotocol ${data}`}`, 0, 0)];
    case 'close':
      return [partOf('connection', `ended: ${data}`, 0, 0)];
    case 'half-close':
      return [partOf('half-close', 'the client sends nothing more', 0, bytes)];
    case 'headers':
    case 'trailers':
      return direction === 'down' && typeof data !== 'string'
        ? decodeGrpcFrame(bytes, 0, undefined)
        : decodeLines(bytes, 0);
    case 'message':
      if (stream.transport === 'websocket') {
        return typeof data === 'string' ? decodeJson(data, bytes) : decodeProtobuf(bytes, MessageSchema, 0);
      }
      return direction === 'up' && stream.transport === 'grpc-websocket'
        ? [partOf('marker', 'data', 0, 1), ...decodeGrpcFrame(bytes.subarray(1), 1, schemaOf(frame))]
        : decodeGrpcFrame(bytes, 0, schemaOf(frame));
  }
}

function schemaOf({ stream, direction }: LoggedFrame): DescMessage | undefined {
  const method = ChatService.methods.find(({ name }) => name === stream.method);
  return direction === 'up' ? method?.input : method?.output;
}

function decodeGrpcFrame(bytes: Uint8Array, start: number, schema: DescMessage | undefined): Part[] {
  if (bytes.byteLength < PREFIX_BYTES) {
    return [partOf('not readable', `${bytes.byteLength} bytes (a prefix has ${PREFIX_BYTES})`, start, bytes)];
  }
  const flags = bytes[0] ?? 0;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  const content = bytes.subarray(PREFIX_BYTES);
  const contentStart = start + PREFIX_BYTES;
  const isBlock = (flags & 0x80) !== 0;
  const parts = isBlock ? decodeLines(content, contentStart) : decodeProtobuf(content, schema, contentStart);
  return [
    partOf('flags', flagWords(flags), start, 1),
    partOf('length', `${length} bytes`, start + 1, 4),
    {
      label: isBlock ? 'block' : schema ? schema.name : 'message',
      value: content.byteLength === 0 ? 'empty' : '',
      start: contentStart,
      end: contentStart + content.byteLength,
      parts,
    },
  ];
}

function flagWords(flags: number): string {
  const words = [(flags & 0x80) !== 0 ? 'headers or trailers' : 'message'];
  if ((flags & 0x01) !== 0) {
    words.push('compressed');
  }
  return `${words.join(', ')} (0x${flags.toString(16).padStart(2, '0')})`;
}

/** `key: value` lines; the first line of a request or a response has no colon and is its own label. */
function decodeLines(bytes: Uint8Array, start: number): Part[] {
  const parts: Part[] = [];
  let from = start;
  for (const line of new TextDecoder().decode(bytes).split('\r\n')) {
    const length = new TextEncoder().encode(line).length;
    if (line !== '') {
      const [label = '', ...value] = line.split(': ');
      parts.push(partOf(label, value.join(': '), from, length));
    }
    from += length + 2;
  }
  return parts;
}

function decodeJson(data: string, bytes: Uint8Array): Part[] {
  try {
    return [partOf('JSON', JSON.stringify(JSON.parse(data), null, 2), 0, bytes)];
  } catch {
    return [partOf('text', data, 0, bytes)];
  }
}
