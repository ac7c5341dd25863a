import type { LoggedFrame } from '../wire/frame';
import { bytesAround, PREFIX_BYTES } from '../wire/frameSplitter';

/** Bytes of a conversation, both directions, by what they are for. */
export interface Bytes {
  /** The messages: protobuf or JSON, counted by the page. */
  readonly payload: number;
  /** What marks their beginnings and ends: gRPC prefixes and markers counted, WebSocket frame headers by RFC 6455. */
  readonly framing: number;
  /** HTTP and gRPC headers and trailers: what the page can see or knows; a browser adds more. */
  readonly headers: number;
}

/** All of them. Pure. */
export function sumOf({ payload, framing, headers }: Bytes): number {
  return payload + framing + headers;
}

/** What a page knows of its own requests besides what it sets. */
export interface RequestFacts {
  readonly host: string;
  readonly origin: string;
  readonly userAgent: string;
  /** Header fields are compressed against those of the requests before (RFC 7541). */
  readonly isHttp2: boolean;
}

/** `\r\n` at the end of a line, and again after the last. */
const LINE_END = 2;

/** An HTTP/2 frame header (RFC 9113, section 4.1). */
const HTTP2_FRAME = 9;

/** Adds up what crossed. Pure. */
export function bytesOf(frames: readonly LoggedFrame[], facts: RequestFacts): Bytes {
  let payload = 0;
  let framing = 0;
  let headers = 0;
  let requests = 0;
  for (const frame of frames) {
    const { kind, direction, length, stream } = frame;
    const onSocket = stream.transport !== 'grpc-web';
    if (onSocket && kind !== 'open' && kind !== 'close') {
      framing += webSocketHeader(length, direction === 'up');
    }
    switch (kind) {
      case 'message': {
        const around = bytesAround(frame);
        payload += length - around;
        framing += around;
        break;
      }
      case 'half-close':
        framing += length;
        break;
      case 'trailers':
        headers += length - PREFIX_BYTES;
        framing += PREFIX_BYTES;
        break;
      case 'headers':
        if (onSocket) {
          headers += length;
        } else if (direction === 'up') {
          headers += facts.isHttp2 && requests > 0 ? indexedFields(frame) : requestHead(frame, facts);
          requests++;
        } else {
          headers += facts.isHttp2 && requests > 1 ? indexedFields(frame) : length + 2 * LINE_END;
        }
        break;
      case 'open':
        headers += upgradeHead(facts);
        break;
      case 'close':
        // A close frame each way, with its code.
        framing += onSocket ? webSocketHeader(2, true) + webSocketHeader(2, false) + 2 * 2 : 0;
        break;
    }
  }
  return { payload, framing, headers };
}

/** The header of one WebSocket frame with this much payload (RFC 6455, section 5.2); what a browser sends is masked. */
export function webSocketHeader(payloadBytes: number, masked: boolean): number {
  const extended = payloadBytes <= 125 ? 0 : payloadBytes <= 0xffff ? 2 : 8;
  return 2 + extended + (masked ? 4 : 0);
}

/** What the page sets, and those of the browser's own fields whose values it knows. */
function requestHead({ length, data }: LoggedFrame, { host, origin, userAgent }: RequestFacts): number {
  const known = { host, origin, 'user-agent': userAgent, connection: 'keep-alive', 'content-length': '00' };
  const isSet = (name: string) => String(data).includes(`\r\n${name}:`);
  const added = Object.entries(known).filter(([name]) => !isSet(name));
  return length + ' HTTP/1.1'.length + 2 * LINE_END + linesOf(added);
}

/** A field seen before is one byte in HPACK (RFC 7541, section 6.1); the frame's header comes on top. */
function indexedFields({ data }: LoggedFrame): number {
  return HTTP2_FRAME + String(data).split('\r\n').length;
}

/**
 * Request and answer of an upgrade (RFC 6455, section 1.2) or, over HTTP/2, of an extended CONNECT (RFC 8441, section 5), with what
 * the page knows of it.
 */
function upgradeHead({ host, origin, userAgent, isHttp2 }: RequestFacts): number {
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
  const protocol = { 'sec-websocket-protocol': 'duplexer.chat.v1+json' };
  const known = { origin, 'user-agent': userAgent, 'sec-websocket-version': '13', ...protocol };
  if (isHttp2) {
    const pseudo = {
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':scheme': 'https',
      ':path': '/ws',
      ':authority': host,
    };
    const answer = { ':status': '200', ...protocol };
    return linesOf(Object.entries({ ...pseudo, ...known })) + linesOf(Object.entries(answer));
  }
  const request = { host, ...known, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', ...upgrade };
  const answer = { 'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', ...protocol, ...upgrade };
  return (
    'GET /ws HTTP/1.1'.length +
    'HTTP/1.1 101 Switching Protocols'.length +
    4 * LINE_END +
    linesOf(Object.entries(request)) +
    linesOf(Object.entries(answer))
  );
}

function linesOf(fields: readonly (readonly [string, string])[]): number {
  return fields.reduce((sum, [name, value]) => sum + name.length + 2 + value.length + LINE_END, 0);
}
