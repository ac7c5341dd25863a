import { expect, test } from 'vitest';
import { droppedWords, presenceWords, trafficWords, typingWords } from './words';

test.each([
  [['ann'], 1, '1 here: ann'],
  [['ann', 'bob', 'cid', 'dora'], 4, '4 here: ann, bob, cid, dora'],
  [['ann', 'bob', 'cid', 'dora', 'eve'], 5, '5 here: ann, bob, cid, dora and 1 more'],
  [['ann', 'bob', 'cid', 'dora'], 2_000, '2000 here: ann, bob, cid, dora and 1996 more'],
])('%j of %i', (members, count, words) => {
  expect(presenceWords({ members, count })).toBe(words);
});

test.each([
  [[], ''],
  [['ann'], 'ann is typing…'],
  [['ann', 'bob'], 'ann and bob are typing…'],
  [['ann', 'bob', 'cid'], 'Several people are typing…'],
])('%j typing', (userIds, words) => {
  expect(typingWords(userIds)).toBe(words);
});

test.each([
  [{ requests: 1, bytesSent: 0, bytesReceived: 9_999 }, '1 request · 0 B sent · 9999 B received'],
  [
    { requests: 2, bytesSent: 10_000, bytesReceived: 1_234_567 },
    '2 requests · 10.0 kB sent · 1234.6 kB received',
  ],
])('%j', (traffic, words) => {
  expect(trafficWords(traffic)).toBe(words);
});

test.each([
  [0, ''],
  [1, '1 message that you wrote in tea may not have been sent.'],
  [2, '2 messages that you wrote in tea may not have been sent.'],
])('%i messages that are given up', (count, words) => {
  expect(droppedWords(count, 'tea')).toBe(words);
});
