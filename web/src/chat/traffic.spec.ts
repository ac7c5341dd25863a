import { beforeEach, expect, test } from 'vitest';
import { FakeWebSocket } from './testing/fakeWebSocket';
import { type Traffic, TrafficMeter } from './traffic';

let told: Traffic[];
let meter: TrafficMeter;

beforeEach(() => {
  told = [];
  meter = new TrafficMeter((traffic) => told.push(traffic));
});

/** Answers with these chunks as its body. */
const answering =
  (...chunks: string[]): typeof fetch =>
  async () =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const chunk of chunks) {
            controller.enqueue(new TextEncoder().encode(chunk));
          }
          controller.close();
        },
      }),
      { status: 418, headers: { 'x-tea': 'pot' } },
    );

test('a request is counted with its body, its response chunk by chunk as it is read', async () => {
  const counted = meter.fetch(answering('ab', 'cde'));
  const response = await counted('http://chat.test/', { method: 'POST', body: new Uint8Array(7) });
  expect(await response.text()).toBe('abcde');
  expect(told).toEqual([
    { requests: 1, bytesSent: 7, bytesReceived: 0 },
    { requests: 1, bytesSent: 7, bytesReceived: 2 },
    { requests: 1, bytesSent: 7, bytesReceived: 5 },
  ]);
});

test('status and headers stay as they are', async () => {
  const { status, headers } = await meter.fetch(answering(''))('http://chat.test/');
  expect([status, headers.get('x-tea')]).toEqual([418, 'pot']);
});

test('a request that fails is counted, too', async () => {
  const failing = meter.fetch(() => Promise.reject(new TypeError('Failed to fetch')));
  await expect(failing('http://chat.test/')).rejects.toThrow('Failed to fetch');
  expect(meter.traffic.requests).toBe(1);
});

test('a socket is counted when it is made, its messages in bytes, whatever they are', () => {
  const Counted = meter.webSocket(FakeWebSocket.asClass);
  const socket = new Counted('ws://chat.test/', []);
  socket.send('é');
  socket.send(new Uint8Array(3));
  socket.send(new ArrayBuffer(4));
  FakeWebSocket.last.receive('€');
  FakeWebSocket.last.receive(new ArrayBuffer(5));
  expect(meter.traffic).toEqual({ requests: 1, bytesSent: 2 + 3 + 4, bytesReceived: 3 + 5 });
});
