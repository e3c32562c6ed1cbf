import { assert, fromHex, Proof } from "@aethel/models";
import type { Observation } from "../checkers/checker.ts";
import { TestkitError } from "../errors.ts";
import type { ManagedNode } from "../node/test-node.ts";
import { replayCommand, type WorldAction, type WorldOptions } from "../scenario/world-options.ts";
import { settled } from "../virtual-time/scheduler.ts";
import type { WorldParts } from "./assemble.ts";
import { createPowerCuts } from "./power-cuts.ts";

/** Lets a world's time pass, step by step, with the checkers after each. */
export interface Clockwork {
  /** True as soon as `until` holds after a step; false when the deadline came first. */
  advance(deadlineMs: number, until?: () => boolean): Promise<boolean>;
  /** Does something to the world now, and remembers it for the replay. */
  perform(action: ActionBody): Promise<void>;
  expectProgress(options: { readonly blocks: number; readonly boundMs: number }): Promise<number>;
  replayCommand(): string;
}

/** An action without its time. */
export type ActionBody = WorldAction extends infer Action
  ? Action extends WorldAction
    ? Omit<Action, "atMs" | "afterStep">
    : never
  : never;

/** An action that is done to the world; to demand progress is none. */
type Deed = Exclude<ActionBody, { readonly type: "expect-progress" }>;

/** Milliseconds between the proofs that keep a world busy while progress is demanded. */
const BUSY_EVERY_MS = 500;

/** Sets a world going: work at its intervals, and the actions of its options. */
export function createClockwork(parts: WorldParts): Clockwork {
  const { options, world, scheduler } = parts;
  const exact = world.actions.filter((action) => action.afterStep !== undefined);
  const journal: WorldAction[] = [];
  const submitWork = createWork(parts);
  const powerCuts = createPowerCuts(parts, ({ bit, ...cut }) =>
    act(parts, bit === undefined ? { type: "crash", ...cut } : { type: "flip-bit", bit, ...cut }),
  );
  let failure: TestkitError | undefined;
  let next = 0;
  let busy = false;

  const replay = (): string => {
    const actions = [...world.actions, ...journal];
    const full: WorldOptions = actions.length === 0 ? options : { ...options, actions };
    return replayCommand(full, scheduler.nowMs);
  };
  const fail = (checker: string, reason: string): never => {
    const { nowMs: atMs, steps: step } = scheduler;
    failure = new TestkitError({
      code: "VIOLATION",
      checker,
      reason,
      atMs,
      step,
      replay: replay(),
    });
    throw failure;
  };
  const check = async (): Promise<void> => {
    const observations = parts.takeObservations();
    if (observations.length > 0) await checkAll(observations);
    await powerCuts.afterStep(observations);
    const trouble = parts.trouble();
    if (trouble !== undefined) fail("replica", trouble);
  };
  const checkAll = async (observations: readonly Observation[]): Promise<void> => {
    for (const checker of parts.checkers) {
      for (const observation of observations) {
        const reason = checker.observe(observation);
        if (reason !== undefined) fail(checker.name, reason);
      }
      const reason = await checker.afterStep?.();
      if (reason !== undefined) fail(checker.name, reason);
    }
  };
  /** What a node answers to an action is the world's outcome; a wrong action is its author's. */
  const perform = async (action: Deed): Promise<void> => {
    await act(parts, action).catch((error: unknown) => {
      if (error instanceof TestkitError) throw error;
      parts.raise(error);
    });
    const trouble = parts.trouble();
    if (trouble !== undefined) fail("replica", trouble);
  };
  const performDue = async (deadlineMs: number): Promise<void> => {
    for (;;) {
      const action = exact[next];
      if (action?.afterStep !== scheduler.steps || action.atMs > deadlineMs) return;
      next += 1;
      scheduler.advanceTo(action.atMs);
      if (action.type === "heal") powerCuts.end();
      if (action.type === "expect-progress") await expectProgress(action);
      else await perform(action);
      await check();
    }
  };
  const advance = async (deadlineMs: number, until?: () => boolean): Promise<boolean> => {
    if (failure !== undefined) throw failure;
    for (;;) {
      await performDue(deadlineMs);
      if (until?.() === true) return true;
      const atMs = scheduler.nextMs();
      if (atMs === undefined || atMs > deadlineMs) {
        scheduler.advanceTo(deadlineMs);
        return false;
      }
      await scheduler.step();
      await check();
    }
  };
  const expectProgress: Clockwork["expectProgress"] = async ({ blocks, boundMs }) => {
    const start = scheduler.nowMs;
    powerCuts.end();
    await perform({ type: "heal" });
    const honest = parts.nodes.filter((node) => !node.isByzantine);
    const target = Math.max(...honest.map(sequenceOf)) + blocks;
    keepBusy();
    const reached = await advance(start + boundMs, () =>
      honest.every((node) => sequenceOf(node) >= target),
    );
    busy = false;
    if (reached) return scheduler.nowMs - start;
    const heads = honest.map((node) => `${node.index}:${sequenceOf(node)}`).join(" ");
    return fail("progress", `not all at ${target} after ${boundMs} ms of good network: ${heads}`);
  };
  const keepBusy = (): void => {
    if (busy) return;
    busy = true;
    const again = (): void => {
      if (!busy) return;
      submitWork();
      scheduler.at(scheduler.nowMs + BUSY_EVERY_MS, again);
    };
    scheduler.at(scheduler.nowMs, again);
  };

  if (world.workEveryMs > 0) every(parts, world.workEveryMs, submitWork);
  for (const action of world.actions) {
    if (action.afterStep !== undefined) continue;
    assert(action.type !== "expect-progress", "progress is demanded between two steps");
    scheduler.at(action.atMs, () => {
      act(parts, action).catch(parts.raise);
    });
  }
  return {
    advance,
    replayCommand: replay,
    async expectProgress(wanted) {
      remember({ type: "expect-progress", ...wanted });
      return expectProgress(wanted);
    },
    async perform(action) {
      remember(action);
      if (action.type === "heal") powerCuts.end();
      if (action.type === "expect-progress") await expectProgress(action);
      else await act(parts, action);
      await check();
    },
  };

  function remember(action: ActionBody): void {
    journal.push({ ...action, atMs: scheduler.nowMs, afterStep: scheduler.steps });
  }
}

function sequenceOf(node: ManagedNode): number {
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

/** Submits one more proof of the application's own kind, by the workers in turn. */
function createWork(parts: WorldParts): () => void {
  const { workers, nodes, chain, validators, world } = parts;
  const escaping = new Set(world.escaping.map((node) => validators[node]));
  const random = parts.random.fork("work");
  let count = 0;
  return () => {
    const author = workers[count % workers.length];
    assert(author !== undefined, "there are workers");
    const isEscaping = escaping.has(author);
    const proof = chain.work({ author, nonce: Math.floor(count / workers.length), isEscaping });
    count += 1;
    const up = nodes.filter((node) => node.state === "up");
    parts.gossip.submit(proof, up.length === 0 ? 0 : random.pick(up).index);
  };
}

async function act(parts: WorldParts, action: Deed): Promise<void> {
  const { scheduler, network, log } = parts;
  const { nowMs } = scheduler;
  const nodeAt = (index: number): ManagedNode => {
    const node = parts.nodes[index];
    if (node !== undefined) return node;
    throw new TestkitError({ code: "CONFIG", problems: [`there is no node ${index}`] });
  };
  const later = (forMs: number | undefined, then: () => void): void => {
    if (forMs !== undefined) scheduler.at(nowMs + forMs, then);
  };
  if (action.type !== "submit") {
    log.add(`${nowMs} ${JSON.stringify(action)}`);
    if ("node" in action) parts.tell({ type: "disturbed", node: action.node });
  }
  switch (action.type) {
    case "crash":
      nodeAt(action.node).crash();
      return later(action.forMs, () => startLater(parts, nodeAt(action.node)));
    case "flip-bit":
      nodeAt(action.node).crash();
      nodeAt(action.node).flipBit(action.bit);
      return later(action.forMs, () => startLater(parts, nodeAt(action.node)));
    case "disk":
      nodeAt(action.node).setDiskFault(action);
      return later(action.forMs, () => nodeAt(action.node).setDiskFault(undefined));
    case "roll-back":
      nodeAt(action.node).crash();
      nodeAt(action.node).rollBack(action.blocks);
      return later(action.forMs, () => startLater(parts, nodeAt(action.node)));
    case "lose-log":
      nodeAt(action.node).crash();
      nodeAt(action.node).loseLog(action.blocks ?? 0);
      return later(action.forMs, () => startLater(parts, nodeAt(action.node)));
    case "snapshot":
      return nodeAt(action.node).takeSnapshot();
    case "restore":
      nodeAt(action.node).crash();
      nodeAt(action.node).restoreSnapshot();
      return later(action.forMs, () => startLater(parts, nodeAt(action.node)));
    case "restart":
      return startNode(parts, nodeAt(action.node));
    case "pause":
      nodeAt(action.node).pause();
      return later(action.forMs, () => nodeAt(action.node).resume());
    case "resume":
      return nodeAt(action.node).resume();
    case "clock-jump":
      nodeAt(action.node).jumpClock(action.byMs);
      return later(action.forMs, () => nodeAt(action.node).jumpClock(0));
    case "partition": {
      const toMs = nowMs + (action.forMs ?? Number.POSITIVE_INFINITY);
      const { groups, oneWay } = action;
      const direction = oneWay === undefined ? {} : { oneWay };
      return network.partition({ fromMs: nowMs, toMs, groups, ...direction });
    }
    case "heal":
      network.heal();
      for (const node of parts.nodes) {
        node.setDiskFault(undefined);
        node.resume();
        node.jumpClock(0);
        await startNode(parts, node);
      }
      for (const checker of parts.checkers) checker.healed?.();
      return;
    case "submit":
      return parts.gossip.submit(Proof.decode(fromHex(action.proof)), action.node);
  }
}

function startLater(parts: WorldParts, node: ManagedNode): void {
  startNode(parts, node).catch(parts.raise);
}

/** Starts a node that is down, and brings it what others have in their mempools. */
export async function startNode(parts: WorldParts, node: ManagedNode): Promise<void> {
  if (node.state !== "down") return;
  await node.start();
  parts.gossip.onStart(node.index);
  await settled();
}
