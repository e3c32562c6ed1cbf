export function perSecond(count: number, milliseconds: number): string {
  const rate = (count * 1000) / milliseconds;
  return `${Math.round(rate).toLocaleString("en-US")}/s`;
}

export function share(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

export function times(ratio: number): string {
  return `${ratio.toFixed(1)} x`;
}

/** Milliseconds that the action takes once. */
export function timed(action: () => unknown): number {
  const begun = performance.now();
  action();
  return performance.now() - begun;
}
