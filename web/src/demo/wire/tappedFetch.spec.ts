import { beforeEach, expect, test } from 'vitest';
import { FakeClock } from '../../chat/testing/fakeClock';
import { tappedFetch } from './tappedFetch';
import { WireLog } from './wireLog';

let log: WireLog;

beforeEach(() => {
  log = new WireLog(new FakeClock());
});

const URL = 'http://127.0.0.1/pkg.Service/Method';
const call = (inner: typeof fetch) =>
  tappedFetch(log.taps('ann', 'grpc-web'), inner)(URL, {
    method: 'POST',
    headers: { 'x-grpc-web': '1' },
    body: Uint8Array.of(0, 0, 0, 0, 0),
  });

test('request, answer and end are told in order, under the method’s name', async () => {
  const body = Uint8Array.of(0, 0, 0, 0, 1, 42, 0x80, 0, 0, 0, 1, 65);
  const response = await call(
    async () => new Response(body, { headers: { 'content-type': 'application/grpc-web' } }),
  );
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(body);
  expect(log.frames.map(({ direction, kind, length }) => [direction, kind, length])).toEqual([
    ['up', 'headers', 39],
    ['up', 'message', 5],
    ['down', 'headers', 44],
    ['down', 'message', 6],
    ['down', 'trailers', 6],
    ['down', 'close', 0],
  ]);
  expect(log.frames[0]).toMatchObject({
    stream: { method: 'Method' },
    data: 'POST /pkg.Service/Method\r\nx-grpc-web: 1',
  });
});

test('the answer keeps its status and headers', async () => {
  const response = await call(async () => new Response(null, { status: 503, headers: { a: 'b' } }));
  expect([response.status, response.headers.get('a')]).toEqual([503, 'b']);
});

test('a failure is told and thrown', async () => {
  await expect(call(() => Promise.reject(new TypeError('Failed to fetch')))).rejects.toThrow(
    'Failed to fetch',
  );
  expect(log.frames.at(-1)).toMatchObject({ kind: 'close', data: 'TypeError: Failed to fetch' });
});
