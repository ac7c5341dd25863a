import { beforeEach, expect, test } from 'vitest';
import { FakeClock } from '../../chat/testing/fakeClock';
import type { WebSocketClass } from '../../chat/traffic';
import { tappedWebSocket } from './tappedWebSocket';
import { WireLog } from './wireLog';

/** As much of a socket as is tapped; the spec is its other end. */
class Socket extends EventTarget {
  readonly sent: unknown[] = [];
  protocol = 'p';

  send(data: unknown): void {
    this.sent.push(data);
  }
}

let log: WireLog;

beforeEach(() => {
  log = new WireLog(new FakeClock());
});

function open(protocol: 'grpc' | 'chat') {
  const Tapped = tappedWebSocket(log.taps('ann', 'websocket'), protocol, Socket as unknown as WebSocketClass);
  return new Tapped('ws://127.0.0.1/pkg.Service/Method', ['p']) as WebSocket & Socket;
}

const receive = (socket: EventTarget, data: unknown) =>
  socket.dispatchEvent(Object.assign(new Event('message'), { data }));
const told = () => log.frames.map(({ direction, kind, data }) => [direction, kind, data]);

test('a chat socket tells each frame as it is', () => {
  const socket = open('chat');
  socket.dispatchEvent(new Event('open'));
  socket.send('{}');
  receive(socket, Uint8Array.of(1).buffer);
  socket.dispatchEvent(Object.assign(new Event('close'), { code: 1001, reason: 'bye' }));
  expect(told()).toEqual([
    ['down', 'open', 'p'],
    ['up', 'message', '{}'],
    ['down', 'message', Uint8Array.of(1)],
    ['down', 'close', '1001 bye'],
  ]);
  expect(socket.sent).toEqual(['{}']);
});

test('a gRPC socket tells headers, messages, half-close and trailers apart', () => {
  const socket = open('grpc');
  const headers = new TextEncoder().encode('content-type: application/grpc-web+proto\r\n');
  socket.send(headers);
  socket.send(Uint8Array.of(0, 0, 0, 0, 0, 0));
  socket.send(Uint8Array.of(1));
  const block = [0x80, 0, 0, 0, 1, 65];
  const trailers = [0x80, 0, 0, 0, 14, ...new TextEncoder().encode('grpc-status: 0')];
  receive(socket, Uint8Array.from([...block, 0, 0, 0]).buffer);
  receive(socket, Uint8Array.from([0, 1, 42, ...trailers]).buffer);
  expect(log.frames.map(({ direction, kind }) => `${direction} ${kind}`)).toEqual([
    'up headers',
    'up message',
    'up half-close',
    'down headers',
    'down message',
    'down trailers',
  ]);
  expect(log.frames[0]?.stream.method).toBe('Method');
});

test('a block with a status that comes first is trailers', () => {
  const trailers = [0x80, 0, 0, 0, 14, ...new TextEncoder().encode('grpc-status: 5')];
  receive(open('grpc'), Uint8Array.from(trailers).buffer);
  expect(log.frames.map(({ kind }) => kind)).toEqual(['trailers']);
});
