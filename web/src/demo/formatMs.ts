/** A duration for a person: tenths where they matter, seconds from one second on; the unit stays with its number. */
export function formatMs(ms: number): string {
  if (ms >= 1_000) {
    return `${(ms / 1_000).toFixed(1)}\u00a0s`;
  }
  return ms < 10 ? `${ms.toFixed(1)}\u00a0ms` : `${Math.round(ms)}\u00a0ms`;
}
