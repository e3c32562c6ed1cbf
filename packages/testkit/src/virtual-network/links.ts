import type { Random } from "../random.ts";
import type { Scheduler } from "../virtual-time/scheduler.ts";
import { isSeparated, type NetworkConfig, type PartitionWindow } from "./network-config.ts";
import { regionDelayMs } from "./regions.ts";

/** Something on its way from one node to another. */
export interface Crossing {
  readonly from: number;
  readonly to: number;
  /** Returns the size in bytes; called only where bandwidth is limited. */
  readonly bytes: () => number;
}

/**
 * Links between all nodes, with the configured faults. Faults are drawn from `random` in the order
 * of the calls.
 */
export class Links {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #nodeCount: number;
  #config: NetworkConfig;
  #windows: readonly PartitionWindow[] = [];
  #reunite: (left: number, right: number) => void = () => undefined;
  readonly #mutedUntil = new Map<number, number>();
  /** Virtual time, in milliseconds, at which each node will have sent everything in its queue. */
  readonly #idleAt: number[] = [];

  constructor(options: {
    readonly scheduler: Scheduler;
    readonly random: Random;
    readonly config: NetworkConfig;
    readonly nodeCount: number;
  }) {
    this.#scheduler = options.scheduler;
    this.#random = options.random;
    this.#config = options.config;
    this.#nodeCount = options.nodeCount;
    for (const window of options.config.partitions) this.partition(window);
  }

  /**
   * Returns whether `to` cannot hear `from` now, because of a partition or because `from` is muted.
   */
  isCut(from: number, to: number): boolean {
    if (this.#isMuted(from)) return true;
    const { nowMs } = this.#scheduler;
    return this.#windows.length > 0 && isSeparated(this.#windows, { from, to }, nowMs);
  }

  /**
   * Draws the delays, in milliseconds, after which a message arrives. None if it is lost, two if it
   * is repeated.
   */
  cross(crossing: Crossing): readonly number[] {
    const { from, to } = crossing;
    const { lossRate, duplicateRate } = this.#config;
    if (this.isCut(from, to)) return [];
    const base = this.#sendingMs(crossing) + this.#farMs(from, to);
    if (lossRate > 0 && this.#random.chance(lossRate)) return [];
    const twice = duplicateRate > 0 && this.#random.chance(duplicateRate);
    return twice ? [base + this.delayMs(), base + this.delayMs()] : [base + this.delayMs()];
  }

  /** Draws a delay in milliseconds, without region delay and bandwidth. */
  delayMs(): number {
    const { latencyMs, jitterMs, reorderRate } = this.#config;
    const usual = latencyMs + this.#random.below(jitterMs + 1);
    if (reorderRate === 0 || !this.#random.chance(reorderRate)) return usual;
    return usual + this.#random.below(10 * (latencyMs + jitterMs) + 1);
  }

  /** Adds a partition for the time of its window, which may lie in the future. */
  partition(window: PartitionWindow): void {
    this.#windows = [...this.#windows, window];
    if (window.toMs <= window.fromMs || window.toMs === Number.POSITIVE_INFINITY) return;
    this.#scheduler.at(window.toMs, () => {
      // After `heal` the window is gone, and the reunion was then.
      if (!this.#windows.includes(window)) return;
      this.#windows = this.#windows.filter((other) => other !== window);
      this.#reuniteAcross(window);
    });
  }

  /**
   * Loses everything that a node sends until this virtual time. The node still hears the others.
   */
  mute(node: number, untilMs: number): void {
    this.#mutedUntil.set(node, untilMs);
  }

  /** Ends all partitions, muting, loss, repetition and extra delay. */
  heal(): void {
    const now = this.#scheduler.nowMs;
    const stood = this.#windows.filter(({ fromMs, toMs }) => fromMs <= now && now < toMs);
    this.#windows = [];
    this.#mutedUntil.clear();
    this.#config = { ...this.#config, lossRate: 0, duplicateRate: 0, reorderRate: 0 };
    for (const window of stood) this.#reuniteAcross(window);
  }

  /** Sets the function that is called when two nodes can reach each other again. */
  onReunion(action: (left: number, right: number) => void): void {
    this.#reunite = action;
  }

  #isMuted(node: number): boolean {
    return (this.#mutedUntil.get(node) ?? 0) > this.#scheduler.nowMs;
  }

  #farMs(from: number, to: number): number {
    const { regions } = this.#config;
    const [here, there] = [regions[from], regions[to]];
    return here === undefined || there === undefined ? 0 : regionDelayMs(here, there);
  }

  /**
   * Returns the milliseconds until the sender has sent all bytes, after what it has queued before.
   */
  #sendingMs({ from, bytes }: Crossing): number {
    const { nowMs } = this.#scheduler;
    const { bandwidth } = this.#config;
    if (bandwidth === 0) return 0;
    const start = Math.max(nowMs, this.#idleAt[from] ?? 0);
    const end = start + bytes() / bandwidth;
    this.#idleAt[from] = end;
    return Math.ceil(end - nowMs);
  }

  #reuniteAcross(window: PartitionWindow): void {
    for (let left = 0; left < this.#nodeCount; left++) {
      for (let right = left + 1; right < this.#nodeCount; right++) {
        const stood =
          isSeparated([window], { from: left, to: right }, window.fromMs) ||
          isSeparated([window], { from: right, to: left }, window.fromMs);
        if (!stood || this.isCut(left, right) || this.isCut(right, left)) continue;
        this.#reunite(left, right);
      }
    }
  }
}
