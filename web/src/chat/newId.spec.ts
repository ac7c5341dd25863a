import { expect, test, vi } from 'vitest';
import { newId, randomHex } from './newId';

test('an id is 128 bits in hexadecimal, and another each time', () => {
  const ids = Array.from({ length: 1_000 }, newId);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{32}$/);
  }
});

test('an id that is made later is greater', () => {
  vi.useFakeTimers({ now: 0xfff });
  const first = newId();
  vi.setSystemTime(0x1000);
  expect(newId() > first).toBe(true);
  vi.useRealTimers();
});

test('random bytes are as many as are asked for', () => {
  expect(randomHex(4)).toMatch(/^[0-9a-f]{8}$/);
  expect(randomHex(0)).toBe('');
});
