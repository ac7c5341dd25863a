/** A duration for a person: tenths where they matter, seconds from one second on. */
export function formatMs(ms: number): string {
  if (ms >= 1_000) {
    return `${(ms / 1_000).toFixed(1)} s`;
  }
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
