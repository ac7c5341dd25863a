import { expect, test } from 'vitest';
import { frameOf } from '../wire/testing/frameOf';
import { bytesOf, webSocketHeader } from './bytes';

const HTTP1 = { host: 'h', origin: 'http://h', userAgent: 'ua', isHttp2: false };
const HTTP2 = { ...HTTP1, isHttp2: true };
const onGrpcWeb = { transport: 'grpc-web' } as const;
const onGrpcSocket = { transport: 'grpc-websocket' } as const;

test.each([
  [0, 2],
  [125, 2],
  [126, 4],
  [65_535, 4],
  [65_536, 10],
])('a WebSocket frame of %i bytes has a header of %i, masked four more', (payload, header) => {
  expect(webSocketHeader(payload, false)).toBe(header);
  expect(webSocketHeader(payload, true)).toBe(header + 4);
});

test('on the chat socket all of a message is payload', () => {
  const frames = [frameOf({ length: 100 }), frameOf({ length: 130, direction: 'down' })];
  expect(bytesOf(frames, HTTP1)).toEqual({ payload: 230, framing: 6 + 4, headers: 0 });
});

test('on a gRPC socket prefix and marker are framing, trailers are headers', () => {
  const frames = [
    frameOf({ length: 26, stream: onGrpcSocket }),
    frameOf({ length: 1, kind: 'half-close', stream: onGrpcSocket }),
    frameOf({ length: 25, direction: 'down', stream: onGrpcSocket }),
    frameOf({ length: 35, direction: 'down', kind: 'trailers', stream: onGrpcSocket }),
  ];
  expect(bytesOf(frames, HTTP1)).toEqual({
    payload: 20 + 20,
    framing: 6 + 6 + 6 + 1 + (2 + 5) + (2 + 5),
    headers: 30,
  });
});

test('over HTTP/1.1 each request has its headers, and what the page knows of the browser’s', () => {
  const request = frameOf({ kind: 'headers', data: 'POST /S/M\r\nx-grpc-web: 1', stream: onGrpcWeb });
  const { headers } = bytesOf([request, request], HTTP1);
  // What the page set, the version, two line ends, and five fields that it knows of.
  const one = 'POST /S/M HTTP/1.1\r\nx-grpc-web: 1\r\n\r\n'.length;
  const known =
    'host: h\r\norigin: http://h\r\nuser-agent: ua\r\nconnection: keep-alive\r\ncontent-length: 00\r\n'
      .length;
  expect(headers).toBe(2 * (one + known));
});

test('a socket over HTTP/2 is a CONNECT without key and accept, over HTTP/1.1 an upgrade with them', () => {
  const open = frameOf({ kind: 'open', direction: 'down' });
  const fields = 'origin: http://h\r\nuser-agent: ua\r\nsec-websocket-version: 13\r\n';
  const protocol = 'sec-websocket-protocol: duplexer.chat.v1+json\r\n';
  const connect =
    ':method: CONNECT\r\n:protocol: websocket\r\n:scheme: https\r\n:path: /ws\r\n:authority: h\r\n';
  expect(bytesOf([open], HTTP2).headers).toBe(
    `${connect}${fields}${protocol}:status: 200\r\n${protocol}`.length,
  );
  const upgrade = 'connection: Upgrade\r\nupgrade: websocket\r\n';
  const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  const accept = 'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n';
  expect(bytesOf([open], HTTP1).headers).toBe(
    `GET /ws HTTP/1.1\r\nhost: h\r\n${fields}${protocol}${key}${upgrade}\r\n`.length +
      `HTTP/1.1 101 Switching Protocols\r\n${accept}${protocol}${upgrade}\r\n`.length,
  );
});

test('over HTTP/2 fields that were sent before are a byte each', () => {
  const request = frameOf({ kind: 'headers', data: 'POST /S/M\r\nx-grpc-web: 1', stream: onGrpcWeb });
  const first = bytesOf([request], HTTP2).headers;
  expect(bytesOf([request, request], HTTP2).headers - first).toBe(9 + 2);
});
