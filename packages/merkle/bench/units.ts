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

/**
 * Milliseconds on the wall, and of this thread's processor time: what a busy machine distorts
 * least.
 */
export interface Took {
  readonly wall: number;
  readonly cpu: number;
}

export function timed(action: () => unknown): Took {
  const [begun, before] = [performance.now(), process.threadCpuUsage()];
  action();
  const { user, system } = process.threadCpuUsage(before);
  return { wall: performance.now() - begun, cpu: (user + system) / 1000 };
}

export function seconds({ wall, cpu }: Took): string {
  return `${(wall / 1000).toFixed(2)} s, CPU ${(cpu / 1000).toFixed(2)} s`;
}

export function rates(count: number, { wall, cpu }: Took): string {
  return `${perSecond(count, wall)}, by CPU ${perSecond(count, cpu)}`;
}
