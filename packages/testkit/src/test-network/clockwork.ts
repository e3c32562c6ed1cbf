import { assert } from "@aethel/models";
import type { Observation } from "../checkers/checker.ts";
import { TestkitError } from "../errors.ts";
import type { ManagedNode } from "../node/test-node.ts";
import type { WorldAction } from "../scenario/world-action.ts";
import { replayCommand, type WorldOptions } from "../scenario/world-options.ts";
import { type ActionBody, act, type Deed } from "./actions.ts";
import type { WorldParts } from "./assemble.ts";
import { createPowerCuts, type PowerCuts } from "./power-cuts.ts";
import { createWork } from "./work.ts";

/** Interval, in milliseconds, at which items are submitted while progress is demanded. */
const BUSY_EVERY_MS = 500;

/** Runs a world step by step, and runs the checkers after each step. */
export class Clockwork {
  readonly #parts: WorldParts;
  readonly #powerCuts: PowerCuts;
  readonly #submitWork: () => void;
  /** Actions in the world's options that have an `afterStep`, in order. */
  readonly #exact: readonly WorldAction[];
  /** Actions that tests performed since the start; a replay must repeat them. */
  readonly #journal: WorldAction[] = [];
  #failure: TestkitError | undefined;
  #next = 0;
  #isBusy = false;

  /** Schedules the work and the actions of a world's options. */
  constructor(parts: WorldParts) {
    const { world, scheduler } = parts;
    this.#parts = parts;
    this.#exact = world.actions.filter((action) => action.afterStep !== undefined);
    this.#submitWork = createWork(parts);
    this.#powerCuts = createPowerCuts(parts);
    if (world.workEveryMs > 0) every(parts, world.workEveryMs, this.#submitWork);
    for (const action of world.actions) {
      if (action.afterStep !== undefined) continue;
      assert(action.type !== "expect-progress", "progress is demanded between two steps");
      scheduler.at(action.atMs, () => {
        act(parts, action).catch(parts.raise);
      });
    }
  }

  /**
   * Runs steps up to a virtual time. Resolves with true as soon as `until` holds after a step,
   * otherwise with false at the deadline.
   */
  async advance(deadlineMs: number, until?: () => boolean): Promise<boolean> {
    const { scheduler } = this.#parts;
    if (this.#failure !== undefined) throw this.#failure;
    for (;;) {
      await this.#performDue(deadlineMs);
      if (until?.() === true) return true;
      const atMs = scheduler.nextMs();
      if (atMs === undefined || atMs > deadlineMs) {
        scheduler.advanceTo(deadlineMs);
        return false;
      }
      await scheduler.step();
      await this.#check();
    }
  }

  /** Performs an action on the world now, and records it for the replay. */
  async perform(action: ActionBody): Promise<void> {
    this.#remember(action);
    if (action.type === "heal") this.#powerCuts.end();
    if (action.type === "expect-progress") await this.#demandProgress(action);
    else await act(this.#parts, action);
    await this.#check();
  }

  /**
   * Heals the world and demands blocks within a bound. Resolves with the virtual milliseconds that
   * it took.
   */
  async expectProgress(wanted: ProgressDemand): Promise<number> {
    this.#remember({ type: "expect-progress", ...wanted });
    return this.#demandProgress(wanted);
  }

  /** Returns the command that runs this world again up to the current time. */
  replayCommand(): string {
    const { options, world, scheduler } = this.#parts;
    const actions = [...world.actions, ...this.#journal];
    const full: WorldOptions = actions.length === 0 ? options : { ...options, actions };
    return replayCommand(full, scheduler.nowMs);
  }

  #remember(action: ActionBody): void {
    const { nowMs: atMs, steps: afterStep } = this.#parts.scheduler;
    this.#journal.push({ ...action, atMs, afterStep });
  }

  #fail(checker: string, reason: string): never {
    const { nowMs: atMs, steps: step } = this.#parts.scheduler;
    const replay = this.replayCommand();
    this.#failure = new TestkitError({ code: "VIOLATION", checker, reason, atMs, step, replay });
    throw this.#failure;
  }

  async #check(): Promise<void> {
    const observations = this.#parts.takeObservations();
    if (observations.length > 0) await this.#checkAll(observations);
    await this.#powerCuts.afterStep(observations);
    this.#checkReplicas();
  }

  async #checkAll(observations: readonly Observation[]): Promise<void> {
    for (const checker of this.#parts.checkers) {
      for (const observation of observations) {
        const reason = checker.observe(observation);
        if (reason !== undefined) this.#fail(checker.name, reason);
      }
      const reason = await checker.afterStep?.();
      if (reason !== undefined) this.#fail(checker.name, reason);
    }
  }

  #checkReplicas(): void {
    const trouble = this.#parts.trouble();
    if (trouble !== undefined) this.#fail("replica", trouble);
  }

  async #performDue(deadlineMs: number): Promise<void> {
    const { scheduler } = this.#parts;
    for (;;) {
      const action = this.#exact[this.#next];
      if (action?.afterStep !== scheduler.steps || action.atMs > deadlineMs) return;
      this.#next += 1;
      scheduler.advanceTo(action.atMs);
      if (action.type === "heal") this.#powerCuts.end();
      if (action.type === "expect-progress") await this.#demandProgress(action);
      else await this.#do(action);
      await this.#check();
    }
  }

  /**
   * Performs an action of the world's options. An error of a node during the action is a violation.
   */
  async #do(action: Deed): Promise<void> {
    await act(this.#parts, action).catch((error: unknown) => {
      if (error instanceof TestkitError) throw error;
      this.#parts.raise(error);
    });
    this.#checkReplicas();
  }

  async #demandProgress({ blocks, boundMs }: ProgressDemand): Promise<number> {
    const { scheduler, nodes } = this.#parts;
    const start = scheduler.nowMs;
    this.#powerCuts.end();
    await this.#do({ type: "heal" });
    const honest = nodes.filter((node) => !node.isByzantine);
    const target = Math.max(...honest.map(headSequence)) + blocks;
    this.#keepBusy();
    const reached = await this.advance(start + boundMs, () =>
      honest.every((node) => headSequence(node) >= target),
    );
    this.#isBusy = false;
    if (reached) return scheduler.nowMs - start;
    const heads = honest.map((node) => `${node.index}:${headSequence(node)}`).join(" ");
    return this.#fail(
      "progress",
      `not all at ${target} after ${boundMs} ms of good network: ${heads}`,
    );
  }

  #keepBusy(): void {
    const { scheduler } = this.#parts;
    if (this.#isBusy) return;
    this.#isBusy = true;
    const again = (): void => {
      if (!this.#isBusy) return;
      this.#submitWork();
      scheduler.at(scheduler.nowMs + BUSY_EVERY_MS, again);
    };
    scheduler.at(scheduler.nowMs, again);
  }
}

/**
 * Number of blocks that every honest node must finalize beyond the highest head, and the virtual
 * milliseconds that it may take.
 */
interface ProgressDemand {
  readonly blocks: number;
  readonly boundMs: number;
}

function headSequence(node: ManagedNode): number {
  return node.head.header.sequence;
}

function every(parts: WorldParts, intervalMs: number, action: () => void): void {
  const { scheduler } = parts;
  const again = (): void => {
    action();
    scheduler.at(scheduler.nowMs + intervalMs, again);
  };
  scheduler.at(scheduler.nowMs + intervalMs, again);
}
