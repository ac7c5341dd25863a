import { expect, test } from 'vitest';
import { CHUNK_OVERHEAD_BYTES, Inbox } from './inbox.js';
import { settle } from './testing/turns.js';

const CHUNK = Uint8Array.of(1, 2, 3);
const CHUNK_BYTES = 3 + CHUNK_OVERHEAD_BYTES;
const noAbandoning = () => expect.unreachable('nobody stopped reading');

test('what is queued is read before the end', async () => {
  const inbox = new Inbox(noAbandoning);
  inbox.push(CHUNK);
  inbox.end();
  inbox.push(CHUNK);
  expect(await inbox.next()).toEqual({ done: false, value: CHUNK });
  expect(await inbox.next()).toEqual({ done: true, value: undefined });
});

test('what is queued is read before the error, which comes once', async () => {
  const inbox = new Inbox(noAbandoning);
  inbox.push(CHUNK);
  inbox.fail(new Error('lost'));
  inbox.fail(new Error('again'));
  expect(await inbox.next()).toEqual({ done: false, value: CHUNK });
  await expect(inbox.next()).rejects.toThrow('lost');
  expect((await inbox.next()).done).toBe(true);
});

test('a reader that waits gets the next chunk, and the next one the end', async () => {
  const inbox = new Inbox(noAbandoning);
  const reads = [inbox.next(), inbox.next()];
  inbox.push(CHUNK);
  inbox.end();
  expect(await Promise.all(reads)).toEqual([
    { done: false, value: CHUNK },
    { done: true, value: undefined },
  ]);
  expect(inbox.queuedBytes).toBe(0);
});

test('a reader that waits gets the error', async () => {
  const inbox = new Inbox(noAbandoning);
  const read = inbox.next();
  inbox.fail(new Error('lost'));
  await expect(read).rejects.toThrow('lost');
});

test.for(['return', 'throw'] as const)('%s drops what is queued and tells so', async (how) => {
  let abandoned = 0;
  const inbox = new Inbox(() => abandoned++);
  inbox.push(CHUNK);
  expect((await inbox[how]()).done).toBe(true);
  expect([abandoned, inbox.queuedBytes]).toEqual([1, 0]);
  expect((await inbox.next()).done).toBe(true);
});

test('there is room at the mark and not above it', async () => {
  const inbox = new Inbox(noAbandoning);
  inbox.push(CHUNK);
  await inbox.room(CHUNK_BYTES);
  inbox.push(CHUNK);
  let room = false;
  void inbox.room(CHUNK_BYTES).then(() => {
    room = true;
  });
  await settle();
  expect(room).toBe(false);
  await inbox.next();
  await settle();
  expect(room).toBe(true);
});

test('the end makes room', async () => {
  const inbox = new Inbox(noAbandoning);
  inbox.push(CHUNK);
  const room = inbox.room(0);
  inbox.end();
  await room;
});

test('a long queue comes out in its order, and counts for what it takes', async () => {
  const chunks = 300_000;
  const inbox = new Inbox(noAbandoning);
  for (let i = 0; i < chunks; i++) {
    inbox.push(Uint8Array.of(i, i >> 8, i >> 16));
  }
  expect(inbox.queuedBytes).toBe(chunks * CHUNK_BYTES);
  for (let i = 0; i < chunks; i++) {
    const [low = 0, middle = 0, high = 0] = (await inbox.next()).value ?? [];
    if ((low | (middle << 8) | (high << 16)) !== i) {
      expect.unreachable(`chunk ${i}`);
    }
    if (i % 1000 === 0) {
      inbox.push(CHUNK);
    }
  }
  expect(inbox.queuedBytes).toBe(300 * CHUNK_BYTES);
  expect((await inbox.next()).value).toEqual(CHUNK);
});
