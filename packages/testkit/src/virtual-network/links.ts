import type { Random } from "../random.ts";
import type { Scheduler } from "../virtual-time/scheduler.ts";
import { isSeparated, type NetworkConfig, type PartitionWindow } from "./network-config.ts";
import { regionDelayMs } from "./regions.ts";

/** What happens between two nodes, whatever it is that they send. */
export interface Links {
  /** Whether a partition stands between two nodes now. */
  isCut(from: number, to: number): boolean;
  /** One crossing: the delays after which it arrives; none when it is lost, two when repeated. */
  cross(crossing: Crossing): readonly number[];
  /** A usual delay. */
  delayMs(): number;
  partition(window: PartitionWindow): void;
  /** Nothing that a node sends gets through until then; it goes on hearing the others. */
  mute(node: number, untilMs: number): void;
  /** Ends all partitions, loss, repetition and holding back. */
  heal(): void;
  /** Calls back when two nodes can reach each other again. */
  onReunion(action: (left: number, right: number) => void): void;
}

/** Something on its way from one node to another. */
export interface Crossing {
  readonly from: number;
  readonly to: number;
  /** Its size; asked for only where bandwidth is limited. */
  readonly bytes: () => number;
}

/** Links with the given faults, drawn from `random` in the order of the calls. */
export function createLinks(options: {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly config: NetworkConfig;
  readonly nodeCount: number;
}): Links {
  const { scheduler, random, nodeCount } = options;
  let { config } = options;
  let windows: readonly PartitionWindow[] = [];
  let reunite: (left: number, right: number) => void = () => undefined;

  const mutedUntil = new Map<number, number>();
  const isMuted = (node: number): boolean => (mutedUntil.get(node) ?? 0) > scheduler.nowMs;
  const isCut = (from: number, to: number): boolean =>
    isMuted(from) || (windows.length > 0 && isSeparated(windows, { from, to }, scheduler.nowMs));
  const delayMs = (): number => {
    const { latencyMs, jitterMs, reorderRate } = config;
    const usual = latencyMs + random.below(jitterMs + 1);
    if (reorderRate === 0 || !random.chance(reorderRate)) return usual;
    return usual + random.below(10 * (latencyMs + jitterMs) + 1);
  };
  const farMs = (from: number, to: number): number => {
    const [here, there] = [config.regions[from], config.regions[to]];
    return here === undefined || there === undefined ? 0 : regionDelayMs(here, there);
  };
  const idleAt: number[] = [];
  /** How long it takes until the sender's line has let all of it out. */
  const sendingMs = ({ from, bytes }: Crossing): number => {
    if (config.bandwidth === 0) return 0;
    const start = Math.max(scheduler.nowMs, idleAt[from] ?? 0);
    const end = start + bytes() / config.bandwidth;
    idleAt[from] = end;
    return Math.ceil(end - scheduler.nowMs);
  };
  const reuniteAcross = (window: PartitionWindow): void => {
    for (let left = 0; left < nodeCount; left++) {
      for (let right = left + 1; right < nodeCount; right++) {
        const stood =
          isSeparated([window], { from: left, to: right }, window.fromMs) ||
          isSeparated([window], { from: right, to: left }, window.fromMs);
        if (stood && !isCut(left, right) && !isCut(right, left)) reunite(left, right);
      }
    }
  };
  const partition = (window: PartitionWindow): void => {
    windows = [...windows, window];
    if (window.toMs <= window.fromMs || window.toMs === Number.POSITIVE_INFINITY) return;
    scheduler.at(window.toMs, () => {
      // After `heal` the window is gone, and the reunion was then.
      if (!windows.includes(window)) return;
      windows = windows.filter((other) => other !== window);
      reuniteAcross(window);
    });
  };
  for (const window of config.partitions) partition(window);

  return {
    isCut,
    delayMs,
    partition,
    mute: (node, untilMs) => void mutedUntil.set(node, untilMs),
    cross(crossing) {
      const { from, to } = crossing;
      if (isCut(from, to)) return [];
      const base = sendingMs(crossing) + farMs(from, to);
      if (config.lossRate > 0 && random.chance(config.lossRate)) return [];
      const twice = config.duplicateRate > 0 && random.chance(config.duplicateRate);
      return twice ? [base + delayMs(), base + delayMs()] : [base + delayMs()];
    },
    heal() {
      const now = scheduler.nowMs;
      const stood = windows.filter(({ fromMs, toMs }) => fromMs <= now && now < toMs);
      windows = [];
      mutedUntil.clear();
      config = { ...config, lossRate: 0, duplicateRate: 0, reorderRate: 0 };
      for (const window of stood) reuniteAcross(window);
    },
    onReunion(action) {
      reunite = action;
    },
  };
}
