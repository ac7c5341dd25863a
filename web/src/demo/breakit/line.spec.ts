import { expect, test } from 'vitest';
import type { WebSocketClass } from '../../chat/traffic';
import { Line } from './line';

const neverAnswered: typeof fetch = (_, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
  });

/** A socket that remembers how it was closed. */
class Socket extends EventTarget {
  closed: number | undefined;

  close(code?: number): void {
    this.closed = code;
  }
}

const socketOn = (line: Line) =>
  new (line.webSocket(Socket as unknown as WebSocketClass))('ws://h/ws', []) as unknown as Socket;

test('a drop ends requests and sockets, and lets new ones through', async () => {
  const line = new Line();
  const request = line.fetch(neverAnswered)('http://h/');
  const socket = socketOn(line);
  line.drop();
  await expect(request).rejects.toThrow('network lost');
  expect(socket.closed).toBe(4000);
  expect(socketOn(line).closed).toBeUndefined();
});

test('while it is cut nothing gets through, and then it does', async () => {
  const line = new Line();
  line.cut();
  await expect(line.fetch(neverAnswered)('http://h/')).rejects.toThrow('no network');
  expect(socketOn(line).closed).toBe(4000);
  line.restore();
  expect(socketOn(line).closed).toBeUndefined();
  await expect(line.fetch(async () => new Response('hi'))('http://h/')).resolves.toBeInstanceOf(Response);
});

test('a caller’s own signal still ends its request', async () => {
  const abort = new AbortController();
  const request = new Line().fetch(neverAnswered)('http://h/', { signal: abort.signal });
  abort.abort(new Error('left'));
  await expect(request).rejects.toThrow('left');
});
