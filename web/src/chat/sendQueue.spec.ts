import { expect, test } from 'vitest';
import { SendQueue } from './sendQueue';

test('what is pushed is read in order, whether before or after it was asked for, up to the end', async () => {
  const queue = new SendQueue<number>();
  queue.push(1);
  const read: number[] = [];
  const reading = (async () => {
    for await (const item of queue) {
      read.push(item);
    }
  })();
  await Promise.resolve();
  queue.push(2);
  queue.push(3);
  queue.end();
  await reading;
  expect(read).toEqual([1, 2, 3]);
});
