import {
  type Evidence,
  equalBytes,
  ledgerHeader,
  type Proof,
  toAmount,
  type ValidatorSet,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, supplyOf, TREASURY, totalHeld } from "../src/index.ts";
import { SYSTEM_SOURCE } from "./fixtures/calls.ts";
import { evidenceOf, lieIn } from "./fixtures/misdeeds.ts";
import { findRecord, unbondingOf } from "./fixtures/validators.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  BuildRefused,
  createWorld,
  type Executed,
  invoke,
  type Person,
  step,
  theorem,
  transfer,
} from "./fixtures/world.ts";

const RUNS = 100;
const ROUNDS = 24;
/** Two blocks. */
const EPOCH = 200;
const UNBONDING_MS = 600;
const STAKES = [23_000_000n, 17_000_001n, 11_000_000n, 7_000_003n, 2_000_000n];

/** Small enough that a run crosses eras, sees epoch boundaries at every other block, and jails. */
const world = createWorld({
  stakes: STAKES,
  balances: [3_000_000_000n, 2_000_000_000n, 1_500_000_007n, 900_000_000n],
  source: SYSTEM_SOURCE,
  parameters: {
    emissionPerSecond: toAmount(600_010n),
    halvingMs: 900,
    emissionTotal: toAmount(700_000n),
    epochMs: EPOCH,
    absenceMs: 2 * EPOCH,
    unbondingMs: UNBONDING_MS,
  },
});
const lie = lieIn(world);
const everyone = [...world.validators, ...world.people];
const KINDS = ["double-vote", "double-proposal", "hidden-lock", "false-header"] as const;

/** The dice of one round; what cannot be done is not. */
const rounds = fc.array(
  fc.record({
    acts: fc.array(
      fc.record({
        what: fc.constantFrom(
          "work",
          "work",
          "fail",
          "pay",
          "join",
          "leave",
          "come-back",
          "come-back",
        ),
        who: fc.nat({ max: everyone.length - 1 }),
        amount: fc.integer({ min: 1, max: 30_000_000 }),
      }),
      { maxLength: 3 },
    ),
    misdeed: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom(...KINDS),
          who: fc.nat(),
          ago: fc.nat({ max: 5 }),
        }),
      },
    ),
    offline: fc.array(fc.nat({ max: everyone.length - 1 }), { maxLength: 2 }),
  }),
  { minLength: ROUNDS, maxLength: ROUNDS },
);
type Round = typeof rounds extends fc.Arbitrary<readonly (infer R)[]> ? R : never;

/** A whole history; one of the smaller validators is away for some blocks in a row. */
const histories = fc
  .record({
    all: rounds,
    sleeper: fc.integer({ min: 1, max: STAKES.length - 1 }),
    from: fc.nat({ max: ROUNDS - 10 }),
  })
  .map(({ all, sleeper, from }) =>
    all.map((round, at) => {
      if (at < from) return round;
      if (at < from + 9) return { ...round, offline: [sleeper, ...round.offline] };
      const back = { what: "come-back" as const, who: sleeper, amount: 1 };
      return { ...round, acts: [back, ...round.acts] };
    }),
  );

function sumOf(values: readonly bigint[]): bigint {
  let sum = 0n;
  for (const value of values) sum += value;
  return sum;
}

/** Stake of somebody wherever it lies. */
function stakeOf(state: LedgerState, who: Person): bigint {
  const locked = unbondingOf(state, who).map(({ amount }) => amount);
  return sumOf([findRecord(state, who)?.stake ?? 0n, ...locked]);
}

function proofsOf(round: Round, state: LedgerState, salt: number): readonly Proof[] {
  const used = new Set<Person>();
  return round.acts.flatMap(({ what, who, amount }, at): readonly Proof[] => {
    const by = everyone[who] ?? world.alice;
    const { balance, nonce } = accountOf(state, by.id);
    const feeLimit = what === "work" || what === "fail" ? 400_000n : 2_000n;
    const envelope = { nonce, feeLimit };
    // One act of each, so that nonces and balances are those of the state.
    if (used.has(by) || balance < 2n * feeLimit) return [];
    used.add(by);
    const record = findRecord(state, by);
    const call = (intent: string, units: bigint): readonly Proof[] => [
      invoke(world, by, {
        ...envelope,
        intent,
        arguments: [accountArgument(by.id), amountArgument(units)],
      }),
    ];
    switch (what) {
      case "work":
        return [theorem(world, by, `; valid ${amount % 90_000} ${salt} ${at}`, envelope)];
      case "fail":
        return [theorem(world, by, `; ${amount % 2 ? "refuted" : "unknown"} ${salt}`, envelope)];
      case "pay": {
        const to = everyone[amount % everyone.length] ?? world.bob;
        // Now and then more than there is: then the guard is false.
        return [transfer(world, by, to.id, { ...envelope, amount: BigInt(amount) * 50n })];
      }
      case "join":
        return call("stake", BigInt(amount));
      case "leave":
        return record === undefined || record.stake === 0n
          ? []
          : call("unstake", amount % 2 ? record.stake : 1n + (BigInt(amount) % record.stake));
      case "come-back": {
        if (record === undefined) return [];
        const given = [accountArgument(by.id)];
        return [invoke(world, by, { ...envelope, intent: "ask_back", arguments: given })];
      }
    }
  });
}

function misdeedOf(round: Round, state: LedgerState): readonly Evidence[] {
  if (round.misdeed === undefined) return [];
  const { kind, who: dice, ago } = round.misdeed;
  const { validators } = state.votingSet;
  const { id } = validators[dice % validators.length] ?? { id: TREASURY };
  const who = everyone.find((one) => equalBytes(one.id, id));
  const sequence = state.header.sequence + 1 - ago;
  return who === undefined || sequence < 1
    ? []
    : [evidenceOf({ kind, who, sequence }, { world, state, lie })];
}

/** Voters for the parent: all but the offline ones, as long as they are a quorum. */
function votersOf(round: Round, state: LedgerState): readonly number[] {
  const { validators, totalPower } = state.previousSet;
  const isAway = ({ id }: { readonly id: Uint8Array }): boolean =>
    round.offline.some((at) => equalBytes(everyone[at]?.id ?? TREASURY, id));
  let included = 0n + totalPower;
  return validators.flatMap((member, index) => {
    const rest = included - member.power;
    if (!isAway(member) || 3n * rest <= 2n * totalPower) return [index];
    included = rest;
    return [];
  });
}

/** The next block with as much of the round as a leader can take. */
function play(
  round: Round,
  state: LedgerState,
  salt: number,
): { done: Executed; evidence: Evidence | undefined } {
  const voters = votersOf(round, state);
  const proofs = proofsOf(round, state, salt);
  const evidence = misdeedOf(round, state);
  try {
    return { done: step(world, state, { voters, proofs, evidence }), evidence: evidence[0] };
  } catch (error) {
    // Punished already, or by a key that did not vote then.
    if (!(error instanceof BuildRefused) || error.code !== "evidence") throw error;
    return { done: step(world, state, { voters, proofs }), evidence: undefined };
  }
}

const issued: bigint[] = [0n];

/** The schedule up to a time: each millisecond has its part of a second, in the rate of its era. */
function issuedBy(timestamp: number): bigint {
  const age = timestamp - world.genesis.timestamp;
  for (let ms = issued.length - 1; ms < age; ms++) {
    issued.push((issued[ms] ?? 0n) + 600_010n / 2n ** BigInt(Math.floor(ms / 900)));
  }
  return (issued[age] ?? 0n) / 1_000n;
}

/**
 * The schedule and its division, written down once more and not taken from the packages. `after`
 * knows whom the block convicts: their votes are paid to nobody.
 */
function mintedFor(
  { before: state, after }: { readonly before: LedgerState; readonly after: LedgerState },
  voters: readonly number[],
  minted: bigint,
): bigint {
  const { sequence, timestamp } = state.header;
  const { totalDifficulty } = ledgerHeader(state.header);
  if (sequence === 0) return 0n;
  const base = (1_000_000n * BigInt(totalDifficulty)) / 1_000_000n;
  const cap = issuedBy(timestamp) - issuedBy(timestamp - 100);
  const left = 700_000n - minted;
  const capped = base < cap ? base : cap;
  const reward = capped < left ? capped : left;
  const { validators, totalPower } = state.previousSet;
  const isConvicted = (id: Uint8Array): boolean => {
    const who = everyone.find((one) => equalBytes(one.id, id));
    const records = who === undefined ? [] : [findRecord(state, who), findRecord(after, who)];
    return records.some((record) => record?.convictedAt !== undefined);
  };
  const powers = voters.map((at) => {
    const member = validators[at];
    return member === undefined || isConvicted(member.id) ? 0n : member.power;
  });
  const included = sumOf(powers);
  const pool = (reward * 500n) / 10_000n;
  const quorum = (2n * totalPower) / 3n;
  const above = included > quorum ? included - quorum : 0n;
  const isPaid = !isConvicted(after.header.proposer);
  const bonus = isPaid ? (pool * above) / (totalPower - quorum) : 0n;
  return bonus + sumOf(powers.map((power) => ((reward - pool) * power) / totalPower));
}

describe("thousands of random rounds on the ledger, with joins, leaves, slashes of each kind, jail", () => {
  test("P14 P20 P35: supply is genesis + minted - burned by an account of the receipts, never above the schedule", () => {
    const seen = new Map<string, number>();
    const note = (what: string, isSo = true): void => {
      if (isSo) seen.set(what, (seen.get(what) ?? 0) + 1);
    };
    const genesis = totalHeld(world.state.tree.entries());
    fc.assert(
      fc.property(histories, (all) => {
        let state = world.state;
        let [minted, burned, treasury] = [0n, 0n, 0n];
        const past: Past = { sets: [], boundaries: [], convicts: [] };
        for (const [salt, round] of all.entries()) {
          const voters = votersOf(round, state);
          const before = state;
          past.sets[before.header.sequence + 1] = before.votingSet;
          const { done, evidence } = play(round, state, salt);
          state = done.state;
          minted += mintedFor({ before, after: state }, voters, minted);

          for (const receipt of done.receipts) {
            burned += receipt.burned;
            treasury += receipt.fee - receipt.burned;
            note(receipt.outcome);
          }
          const { taken, raised } = checkSlashes({ before, after: state, evidence, past });
          treasury += taken;
          note(evidence?.type ?? "", evidence !== undefined);
          note("raised", raised > 0);

          const schedule = issuedBy(state.header.timestamp);
          const supply = genesis + minted - burned;
          expect(supplyOf(state.tree)).toEqual({ genesis, minted, burned });
          expect(totalHeld(state.tree.entries())).toBe(supply);
          expect(ledgerHeader(done.state.header).supplyAfter).toBe(supply);
          // P35: what the ledger says of each validator's rewards is all that was minted.
          const tracked = everyone.map((who) => findRecord(state, who)?.rewards ?? 0n);
          expect(sumOf(tracked)).toBe(minted);
          expect(minted <= schedule && minted <= 700_000n).toBe(true);
          expect(accountOf(state, TREASURY).balance).toBe(treasury);
          checkValidators(before, state, note);
          note("somebody is offline", voters.length < before.previousSet.validators.length);
        }
      }),
      { numRuns: RUNS },
    );
    // A history in which nothing happened would show nothing.
    const outcomes = ["applied", "guard-false", "refuted", "unknown"];
    const moves = ["joins", "leaves", "jailed", "jailed and out", "out of jail", "power moves"];
    const events = [...outcomes, ...KINDS, ...moves, "raised", "somebody is offline"];
    for (const event of events) expect(seen.get(event) ?? 0, event).toBeGreaterThan(RUNS / 50);
  });
});

/** Facts on which the slashes of a history depend. */
interface Past {
  /** By the sequence that a set votes on. */
  readonly sets: ValidatorSet[];
  readonly boundaries: { readonly sequence: number; readonly time: number }[];
  convicts: {
    readonly who: Person;
    readonly since: number;
    readonly base: bigint;
    readonly sequence: number;
    /** Largest share of the power that was shown. */
    part: bigint;
    total: bigint;
  }[];
}

/** Whether a set names somebody. */
function names(set: ValidatorSet | undefined, { id }: Person): boolean {
  return set?.validators.some((member) => equalBytes(member.id, id)) === true;
}

/**
 * Whether nothing can be shown any more of a time in the set, nor of what was before its
 * conviction.
 */
function isOver(convict: Past["convicts"][number], past: Past, after: LedgerState): boolean {
  const { who, since } = convict;
  let left = since;
  while (names(past.sets[left], who)) left += 1;
  if (left === past.sets.length && names(after.votingSet, who)) return false;
  const last = Math.max(left - 1, convict.sequence);
  const ended = past.boundaries.find(({ sequence }) => sequence >= last);
  const { maxDriftMs } = after.parameters;
  return ended !== undefined && ended.time + UNBONDING_MS + maxDriftMs <= after.header.timestamp;
}

/**
 * P16, P19: a convict loses its fifth or twentieth, rounded down; at an epoch boundary those who
 * equivocated lose three times their part of the power together, of what each held; nobody else
 * loses anything.
 */
function checkSlashes(step: {
  readonly before: LedgerState;
  readonly after: LedgerState;
  readonly evidence: Evidence | undefined;
  readonly past: Past;
}): { readonly taken: bigint; readonly raised: number } {
  const { before, after, evidence, past } = step;
  const owed = new Map<Person, bigint>();
  const owe = (who: Person, more: bigint): void => {
    owed.set(who, (owed.get(who) ?? 0n) + more);
  };
  if (evidence !== undefined) owe(...convict(evidence, step));
  const { sequence, timestamp: time } = after.header;
  let raised = 0;
  if (after.clock.boundaries > before.clock.boundaries) {
    const part = sumOf(past.convicts.map((one) => one.part));
    for (const one of past.convicts) {
      const thrice = (3n * one.base * part) / 2n ** 96n;
      const wanted = thrice < one.base ? thrice : one.base;
      if (wanted <= one.total) continue;
      owe(one.who, wanted - one.total);
      one.total = wanted;
      raised += 1;
    }
    past.boundaries.push({ sequence, time });
    while (past.convicts[0] !== undefined && isOver(past.convicts[0], past, after)) {
      past.convicts.shift();
    }
  }
  let taken = 0n;
  for (const who of everyone) {
    const [was, is] = [
      findRecord(before, who)?.slashed ?? 0n,
      findRecord(after, who)?.slashed ?? 0n,
    ];
    const should = owed.get(who) ?? 0n;
    // What was paid out before cannot be taken any more; then nothing is left.
    if (is - was !== should) expect([is - was < should, stakeOf(after, who)]).toEqual([true, 0n]);
    taken += is - was;
  }
  return { taken, raised };
}

function convict(
  item: Evidence,
  { before, after, past }: Parameters<typeof checkSlashes>[0],
): readonly [Person, bigint] {
  const who = everyone.find((one) => equalBytes(one.id, item.validator));
  if (who === undefined) throw new Error("somebody is convicted");
  const base = stakeOf(before, who);
  if (item.type === "false-header") return [who, base / 20n];
  const sequence = item.type === "hidden-lock" ? item.body.sequence : item.sequence;
  const set = past.sets[sequence] ?? before.votingSet;
  const power = set.validators.find(({ id }) => equalBytes(id, who.id))?.power ?? 0n;
  const part = (power * 2n ** 96n) / set.totalPower;
  let since: number = sequence;
  while (names(past.sets[since - 1], who)) since -= 1;
  const known = past.convicts.find((one) => one.who === who && one.since === since);
  if (known !== undefined) {
    expect(part).toBeGreaterThan(known.part);
    known.part = part;
    return [who, 0n];
  }
  const at = after.header.sequence;
  past.convicts.push({ who, since, base, part, sequence: at, total: base / 5n });
  return [who, base / 5n];
}

/**
 * P17: who is under the minimum, jailed or ejected, is on the way out; P19: jail and absence take
 * no stake.
 */
function checkValidators(
  before: LedgerState,
  after: LedgerState,
  note: (what: string, isSo?: boolean) => void,
): void {
  const inSet = (state: LedgerState, who: Person): boolean =>
    state.votingSet.validators.some(({ id }) => equalBytes(id, who.id));
  for (const who of everyone) {
    const [was, is] = [findRecord(before, who), findRecord(after, who)];
    note("joins", !inSet(before, who) && inSet(after, who));
    note("leaves", inSet(before, who) && !inSet(after, who));
    if (is === undefined) continue;
    note("jailed", was?.status !== "jailed" && is.status === "jailed");
    note("out of jail", was?.status === "jailed" && is.status !== "jailed");
    note("jailed and out", is.status === "jailed" && inSet(before, who) && !inSet(after, who));
    if (is.status !== "jailed" && is.status !== "ejected") {
      expect(is.status).toBe(is.stake >= 1_000_000n ? "active" : "leaving");
    }
    if (!inSet(before, who) && is.status !== "active") expect(inSet(after, who)).toBe(false);
  }
  const moved = after.votingSet.totalPower - before.votingSet.totalPower;
  note("power moves", moved !== 0n);
  expect(3n * (moved < 0n ? -moved : moved) < before.votingSet.totalPower).toBe(true);
}
