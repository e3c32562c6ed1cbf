import type { LedgerState } from "@aethel/ledger";
import { toHex } from "@aethel/models";
import { TestkitError } from "../errors.ts";
import { createRandom } from "../random.ts";
import {
  findQueueDefect,
  POWER_LANES,
  type TinyState,
  type Waiting,
  waitingIn,
} from "./check-queues.ts";
import { drawTiny, type TinyLedger } from "./draw-tiny.ts";
import { drawRound, playRound, quietRound, type TinyRound, type TinyStep } from "./play.ts";

/** Seed and length of a run of a ledger whose bounds are tiny. */
export interface TinyWorldOptions {
  readonly seed: number;
  /** Number of blocks in which accounts call something. Default 48. */
  readonly rounds?: number;
}

/** Outcome of a run of a ledger whose bounds are tiny, if nothing was wrong. */
export interface TinyWorldReport {
  readonly blocks: number;
  /** Header time that passed, in milliseconds. */
  readonly virtualMs: number;
  /**
   * Number of blocks without calls at the end, until no account waited any more that an epoch
   * boundary or the passing of time could serve.
   */
  readonly quietBlocks: number;
  /** Bounds that were reached, and other notable events, each once. */
  readonly reached: readonly string[];
}

const ROUNDS = 48;

/**
 * Greatest number of blocks without calls: more than any queue needs. An epoch boundary moves at
 * most a third of the power, and the largest stake is some hundred times the smallest.
 */
const QUIET_MAX = 400;

/**
 * Runs a random ledger without consensus whose bounds are tiny: stake that comes and goes, keys
 * that rotate, absence, jail, evidence, and time that passes in jumps. Each block must be built,
 * voters must execute it to the same result, and it must leave the queues in order. At the end,
 * everything that waits must be served.
 *
 * @throws TestkitError `VIOLATION`
 */
export function runTinyWorld({ seed, rounds = ROUNDS }: TinyWorldOptions): TinyWorldReport {
  const random = createRandom(seed).fork("tiny bounds");
  const tiny = drawTiny(random);
  const reached = new Set<string>();
  // The tree copies what it returns; this map follows it by the changes of each block.
  const all = new Map([...tiny.state.tree.entries()].map((entry) => [toHex(entry.key), entry]));
  let { state } = tiny;
  const now = (): TinyState => ({ state, entries: [...all.values()] });
  const play = (round: TinyRound): void => {
    const before = state;
    const { executed, reached: more } = blockOf({ tiny, state, seed }, round);
    state = executed.state;
    for (const { key, after } of executed.transition.changes) {
      if (after === undefined) all.delete(toHex(key));
      else all.set(toHex(key), { key, value: after });
    }
    const defect = findQueueDefect(now(), tiny.bounds);
    if (defect !== undefined) throw violation(seed, state, defect);
    for (const what of [...more, ...movesBetween(before, now(), tiny)]) reached.add(what);
  };
  for (let at = 0; at < rounds; at += 1) play(drawRound(random, tiny, state));
  let quietBlocks = 0;
  while (!isSettled(now(), tiny)) {
    if (quietBlocks === QUIET_MAX) throw violation(seed, state, "somebody waits for ever");
    play(quietRound(state));
    quietBlocks += 1;
  }
  const virtualMs = state.header.timestamp - tiny.state.header.timestamp;
  return { blocks: state.header.sequence, virtualMs, quietBlocks, reached: [...reached].sort() };
}

interface Place {
  readonly tiny: TinyLedger;
  readonly state: LedgerState;
  readonly seed: number;
}

function blockOf({ tiny, state, seed }: Place, round: TinyRound): TinyStep {
  try {
    return playRound(tiny, state, round);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw violation(seed, state, reason, error);
  }
}

/**
 * Returns whether no account waits any more that an epoch boundary or the passing of time could
 * serve.
 */
function isSettled(now: TinyState, { bounds }: TinyLedger): boolean {
  const { state } = now;
  const waiting = waitingIn(now);
  if (waiting === undefined || waiting.releases.length > 0) return false;
  // Under four units of power nothing can change: a third of them is less than one.
  const { totalPower, validators } = state.votingSet;
  if (totalPower <= 3n) return true;
  const lengths = new Map(POWER_LANES.map((lane) => [lane, lengthIn(waiting, lane)]));
  const isFull = validators.length >= bounds.membersMax;
  // The last power of a set stays until others come.
  const isLast = totalPower <= state.parameters.minimumStake && lengths.get("seats") === 0;
  return POWER_LANES.every((lane) => {
    if (lengths.get(lane) === 0) return true;
    return (
      (lane === "seats" && isFull && lengths.get("falling") === 0) || (lane === "falling" && isLast)
    );
  });
}

function lengthIn({ lanes }: Waiting, lane: (typeof POWER_LANES)[number]): number {
  return lanes.get(lane)?.length ?? 0;
}

/** Returns which bounds a block reached, by comparing the states before and after it. */
function movesBetween(
  before: LedgerState,
  now: TinyState,
  { bounds }: TinyLedger,
): readonly string[] {
  const { state: after } = now;
  const waiting = waitingIn(now);
  if (waiting === undefined) return [];
  const isBoundary = after.clock.boundaries > before.clock.boundaries;
  const due = waiting.releases.filter(({ due: at }) => at <= after.clock.boundary).length;
  const isFull = after.votingSet.validators.length >= bounds.membersMax;
  return [
    ...(isBoundary && isFull && lengthIn(waiting, "seats") > 0 ? ["no seat is free"] : []),
    ...(isBoundary && lengthIn(waiting, "falling") > 0 ? ["power falls at a later boundary"] : []),
    ...(isBoundary && lengthIn(waiting, "keys") > 0 ? ["keys rotate at a later boundary"] : []),
    ...(isBoundary && lengthIn(waiting, "rising") > 0 ? ["power rises at a later boundary"] : []),
    ...(due > 0 ? ["releases wait for the next block"] : []),
    ...(after.votingSet === before.votingSet ? [] : ["the set changes"]),
  ];
}

function violation(
  seed: number,
  state: LedgerState,
  reason: string,
  cause?: unknown,
): TestkitError {
  return new TestkitError(
    {
      code: "VIOLATION",
      checker: "tiny-bounds",
      reason: `${reason} (world ${seed}, after block ${state.header.sequence})`,
      atMs: state.header.timestamp,
      step: state.header.sequence,
      replay: `npm run sim -- fuzz --application ledger --tiny-bounds --runs 1 --seed ${seed}`,
    },
    { cause },
  );
}
