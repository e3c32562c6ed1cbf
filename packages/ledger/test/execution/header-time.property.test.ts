import { toAmount, toSequence, toTimestamp } from "@aethel/models";
import { scheduledSupply } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, stateKey, supplyOf, Unbonding } from "../../src/index.ts";
import { isAtBoundary } from "../../src/state/clock.ts";
import { isTooOld } from "../../src/state/dated-boundaries.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { powerIn, wantedPower } from "../../src/validators/stake.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  createWorld,
  invoke,
  step,
  theorem,
} from "../fixtures/world.ts";

// Arbitrary schedules of blocks and legal timestamps, on the real ledger. Beside each block stands
// the time of a clock that is right: a fresh block may be dated ahead of it by the precision and
// behind it by the drift, and may become final as late as the network likes.

const plain = createWorld({
  // One signature a block: this is not about votes.
  stakes: [40_000_000n],
  parameters: {
    // So little that the cap binds in most blocks, and eras end within a run.
    emissionPerSecond: toAmount(60_000n),
    halvingMs: 5_000,
    unbondingMs: 1_000,
    epochMs: 120,
  },
});
const world = { ...plain, tools: { ...plain.tools, verifySigned: () => true } };
const { parameters } = world.state;
const { clockPrecisionMs: ahead, maxDriftMs: behind, minBlockIntervalMs: interval } = parameters;
const founded = world.genesis.timestamp;
const staker = world.alice;

const RUNS = 40;

/** One block: when it is proposed, how it is dated, when it is final, and what is in it. */
const moments = fc.record({
  /** Right time since the last block became final. */
  waitMs: fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 150 }) },
    { weight: 2, arbitrary: fc.nat({ max: 3_000 }) },
    { weight: 1, arbitrary: fc.nat({ max: 200_000 }) },
  ),
  /** Part of the way from the earliest legal timestamp to the latest, in thousandths. */
  dating: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0, 1_000) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 1_000 }) },
  ),
  /**
   * Right time from the proposal to its being final: view changes, and the block proposed again.
   */
  lateMs: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat({ max: 5_000 })),
  difficulty: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90_000 })),
  move: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constantFrom("stake", "unstake"),
        amount: fc.integer({ min: 1, max: 6_000_000 }),
      }),
    },
  ),
});
const schedules = fc.array(moments, { minLength: 15, maxLength: 40 });
type Moment = typeof moments extends fc.Arbitrary<infer One> ? One : never;

/** A block that is final, with the right time at which it was proposed. */
interface Lived {
  readonly state: LedgerState;
  readonly proposedAt: number;
  readonly outcomes: readonly string[];
}

function live(schedule: readonly Moment[]): readonly Lived[] {
  const lived: Lived[] = [{ state: world.state, proposedAt: founded, outcomes: [] }];
  let [state, free]: [LedgerState, number] = [world.state, founded];
  for (const [at, { waitMs, dating, lateMs, difficulty, move }] of schedule.entries()) {
    const earliest = state.header.timestamp + interval;
    // Nobody proposes before the earliest legal timestamp is near enough.
    const proposedAt = Math.max(free + waitMs, earliest - ahead);
    const [low, high] = [Math.max(earliest, proposedAt - behind), proposedAt + ahead];
    const now = toTimestamp(low + Math.floor(((high - low) * dating) / 1_000));
    const { nonce } = accountOf(state, staker.id);
    const claim = { nonce, feeLimit: 2_000_000n };
    const proofs = [
      ...(difficulty === 0 ? [] : [theorem(world, staker, `; valid ${difficulty} ${at}`, claim)]),
      ...(move === undefined
        ? []
        : [
            invoke(world, staker, {
              nonce: nonce + (difficulty === 0 ? 0 : 1),
              intent: move.type,
              feeLimit: 2_000_000n,
              arguments: [accountArgument(staker.id), amountArgument(BigInt(move.amount))],
            }),
          ]),
    ];
    const done = step(world, state, { now, proofs });
    state = done.state;
    free = proposedAt + lateMs;
    lived.push({ state, proposedAt, outcomes: done.receipts.map(({ outcome }) => outcome) });
  }
  return lived;
}

const mintedIn = ({ state }: Lived): bigint => supplyOf(state.tree).minted;
const due = (time: number): bigint => scheduledSupply(Math.max(0, time - founded), parameters);

function lockedIn(state: LedgerState): bigint {
  const bytes = state.tree.get(stateKey.unbonding(staker.id));
  const entries = bytes === undefined ? [] : Unbonding.decode(bytes).entries;
  return entries.reduce((sum, { amount }) => sum + amount, 0n);
}

describe("no schedule of blocks and no legal timestamps", () => {
  test("P20: mint more than the schedule per unit of time, or shorten unbonding or the window of evidence by more than one precision", () => {
    const seen = { binding: 0, released: 0, shortened: 0, open: 0, closed: 0 };
    fc.assert(
      fc.property(schedules, (schedule) => {
        const blocks = live(schedule);
        checkMinted(blocks, seen);
        checkUnbonding(blocks, schedule, seen);
        checkEvidence(blocks, seen);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: RUNS, seed: 1 },
    );
    const { binding, released, open, closed } = seen;
    expect(Math.min(binding, released, open, closed)).toBeGreaterThan(10);
  });

  test("gain more than that precision, and it is gained: the epoch boundary is dated behind, the release ahead", () => {
    const behindAll = { waitMs: 100, dating: 0, lateMs: 0, difficulty: 0, move: undefined };
    const seen = { released: 0, shortened: 0 };
    for (let blocks = 4; blocks < 12; blocks++) {
      const schedule: readonly Moment[] = [
        { ...behindAll, waitMs: 1_000, move: { type: "stake", amount: 5_000_000 } },
        behindAll,
        { ...behindAll, move: { type: "unstake", amount: 5_000_000 } },
        ...Array.from({ length: blocks }, () => behindAll),
        { ...behindAll, dating: 1_000 },
      ];
      checkUnbonding(live(schedule), schedule, seen);
    }
    expect(seen.shortened).toBeGreaterThan(0);
  });
});

/** Between any two blocks, by the headers and by a clock that is right. */
function checkMinted(blocks: readonly Lived[], seen: { binding: number }): void {
  // A block mints for its parent: from block i to block j for those from i to j - 1.
  for (const [from, one] of blocks.entries()) {
    const before = blocks[from - 1];
    if (before === undefined) continue;
    for (const [to, other] of blocks.entries()) {
      const last = blocks[to - 1];
      if (to <= from || last === undefined) continue;
      const minted = mintedIn(other) - mintedIn(one);
      const byHeaders: bigint =
        due(last.state.header.timestamp) - due(before.state.header.timestamp);
      const byClock: bigint = due(last.proposedAt + ahead) - due(before.proposedAt - behind);
      if (minted > byHeaders || minted > byClock) {
        expect.fail(`${minted} from ${from} to ${to}: ${byHeaders} by headers, ${byClock}`);
      }
      if (to === from + 1 && minted * 10n > byHeaders * 9n && minted > 0n) seen.binding += 1;
    }
    expect(mintedIn(one) <= due(one.proposedAt + ahead)).toBe(true);
  }
}

/** From the block on with which no power stands for it any more, to the one that gives it back. */
function checkUnbonding(
  blocks: readonly Lived[],
  schedule: readonly Moment[],
  seen: { released: number; shortened: number },
): void {
  /** Sums of withdrawn stake, each time that no power stands for it. */
  const outOfEffect: { readonly at: number; readonly boundary: number; amount: bigint }[] = [];
  let [withdrawn, released, boundary] = [0n, 0n, 0];
  for (const [index, lived] of blocks.entries()) {
    const { state, proposedAt, outcomes } = lived;
    const move = schedule[index - 1]?.move;
    if (move?.type === "unstake" && outcomes.at(-1) === "applied") {
      withdrawn += BigInt(move.amount);
    }
    const gone = withdrawn - lockedIn(state) - released;
    if (gone > 0n) {
      released += gone;
      seen.released += 1;
      const since = outOfEffect.find(({ amount }) => amount >= released);
      if (since === undefined)
        expect.fail(`${released} was free before any of it was out of effect`);
      const lasted = proposedAt - since.at;
      expect(lasted).toBeGreaterThanOrEqual(parameters.unbondingMs - ahead);
      if (lasted < parameters.unbondingMs) seen.shortened += 1;
      // Evidence of the last offence that this stake answers for is too late by now.
      const before = blocks[index - 1]?.state ?? world.state;
      const where = {
        overlay: createStateOverlay(before.tree),
        state: before,
        now: state.header.timestamp,
      };
      if (since.boundary > 0) expect(isTooOld(toSequence(since.boundary), where)).toBe(true);
    }
    if (isAtBoundary(state.clock)) boundary = state.header.sequence;
    const overlay = createStateOverlay(state.tree);
    if (powerIn(state.votingSet, staker.id) <= wantedPower(overlay, staker.id, state)) {
      outOfEffect.push({ at: proposedAt, boundary, amount: withdrawn });
    }
  }
}

/** Checks evidence of each sequence at the last blocks. */
function checkEvidence(blocks: readonly Lived[], seen: { open: number; closed: number }): void {
  for (const { state, proposedAt } of blocks.slice(-6)) {
    const where = { overlay: createStateOverlay(state.tree), now: state.header.timestamp, state };
    for (const offence of blocks.slice(1)) {
      const { sequence } = offence.state.header;
      if (sequence > state.header.sequence) break;
      const isOver = isTooOld(sequence, where);
      seen[isOver ? "closed" : "open"] += 1;
      const age = proposedAt - offence.proposedAt;
      if (isOver) expect(age).toBeGreaterThanOrEqual(parameters.unbondingMs - ahead);
    }
  }
}
