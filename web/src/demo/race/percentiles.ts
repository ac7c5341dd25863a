/** How a set of durations is spread. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The percentiles by nearest rank: each is a duration that was measured. Of nothing it is all 0. Pure. */
export function spreadOf(durationsMs: readonly number[]): Spread {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const rank = (percent: number) => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
  return { p50: rank(50), p95: rank(95), p99: rank(99) };
}

/** How many durations lie in each of `count` bins of equal width from 0 to `maxMs`; longer ones are in the last. Pure. */
export function histogram(durationsMs: readonly number[], maxMs: number, count: number): number[] {
  const bins = new Array<number>(count).fill(0);
  for (const ms of durationsMs) {
    const bin = Math.min(count - 1, Math.max(0, Math.floor((ms / maxMs) * count)));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
