import { expect, test } from 'vitest';
import { DEFAULTS, limitsOf, READ_AHEAD_BYTES } from './options.js';

const baseUrl = 'http://chat.test';

test('the defaults are those of the documentation', () => {
  expect(limitsOf({ baseUrl })).toEqual({
    defaultTimeoutMs: 0,
    readMaxBytes: 4_194_304,
    writeMaxBytes: 4_194_304,
    highWaterMarkBytes: 262_144,
    maxQueuedBytes: 16_777_216,
  });
  expect(READ_AHEAD_BYTES).toBe(65_536);
});

test.for(Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[])('%s is a whole number of four bytes', (name) => {
  for (const value of [1, 0xffffffff]) {
    expect(limitsOf({ baseUrl, [name]: value })[name]).toBe(value);
  }
  for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 0x100000000]) {
    expect(() => limitsOf({ baseUrl, [name]: value })).toThrow(`${name}: ${value} (expected: a whole number`);
  }
});

test('only the time limit and the high-water mark may be 0', () => {
  expect(limitsOf({ baseUrl, defaultTimeoutMs: 0 }).defaultTimeoutMs).toBe(0);
  expect(limitsOf({ baseUrl, highWaterMarkBytes: 0 }).highWaterMarkBytes).toBe(0);
  expect(() => limitsOf({ baseUrl, readMaxBytes: 0 })).toThrow(
    'readMaxBytes: 0 (expected: a whole number from 1',
  );
});
