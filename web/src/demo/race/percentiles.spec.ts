import { expect, test } from 'vitest';
import { histogram, spreadOf } from './percentiles';

test('percentiles are durations that were measured, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(spreadOf(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
  expect(spreadOf([3, 1, 2])).toEqual({ p50: 2, p95: 3, p99: 3 });
  expect(spreadOf([])).toEqual({ p50: 0, p95: 0, p99: 0 });
});

test('each duration is in one bin, those beyond the end in the last', () => {
  expect(histogram([0, 0.9, 1, 3.9, 4, 99], 4, 4)).toEqual([2, 1, 0, 3]);
});
