import {
  type Evidence,
  equalBytes,
  ledgerHeader,
  toTimestamp,
  type ValidatorSet,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, OffenceRecord, stateKey, totalHeld } from "../../src/index.ts";
import { Convictions, Offence } from "../../src/state/offence-records.ts";
import { rotate, SYSTEM_SOURCE, stake, unstake } from "../fixtures/calls.ts";
import { refusalOf, signedTwice } from "../fixtures/evidence.ts";
import { recordOf } from "../fixtures/validators.ts";
import { createWorld, type Person, skip, step, transfer, type World } from "../fixtures/world.ts";

const M = 1_000_000n;
const EPOCH = 4;

/** A chain whose set has changed at epoch boundaries, and all sets that voted on it. */
interface Past {
  readonly world: World;
  readonly state: LedgerState;
  /** By sequence. */
  readonly sets: readonly (ValidatorSet | undefined)[];
}

interface Growth {
  readonly stakes: readonly number[];
  /** Stake that is added before each epoch, by validator. */
  readonly added: readonly (readonly number[])[];
}

/**
 * Lets validators grow, an epoch after the other, so that their parts of the power rise and fall.
 */
function grow({ stakes, added }: Growth, unbondingMs: number): Past {
  const world = createWorld({
    source: SYSTEM_SOURCE,
    stakes: stakes.map((one) => BigInt(one) * M),
    balances: [900n * M, 900n * M, 900n * M],
    parameters: { unbondingMs },
  });
  const sets: (ValidatorSet | undefined)[] = [];
  let { state } = world;
  const next = (proofs: Parameters<typeof step>[2] = {}): void => {
    sets[state.header.sequence + 1] = state.votingSet;
    state = step(world, state, proofs).state;
  };
  const funds = world.validators.map(({ id }, nonce) =>
    transfer(world, world.alice, id, { nonce, amount: 60n * M }),
  );
  next({ proofs: funds });
  for (const round of added) {
    const proofs = world.validators.flatMap((who, at) => {
      const more = round[at] ?? 0;
      return more === 0 ? [] : [stake({ world, state, by: who }, BigInt(more) * M)];
    });
    next({ proofs });
    for (let block = 1; block < EPOCH; block++) next();
  }
  return { world, state, sets };
}

/** Something that can be shown: who equivocated, and where. */
interface Deed {
  readonly who: number;
  readonly sequence: number;
}

const deeds: fc.Arbitrary<readonly Deed[]> = fc.uniqueArray(
  fc.record({ who: fc.integer({ min: 0, max: 2 }), sequence: fc.integer({ min: 1, max: 13 }) }),
  { minLength: 3, maxLength: 4, selector: ({ who, sequence }) => `${who} ${sequence}` },
);
const growths: fc.Arbitrary<Growth> = fc.record({
  stakes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 5 }),
  added: fc.array(fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 5, maxLength: 5 }), {
    minLength: 3,
    maxLength: 3,
  }),
});

/** The first has 7 % of the power at first and 19 % in the end; the second has 3 % or less. */
const ONE_GROWS: Growth = { stakes: [5, 2, 3, 30, 30], added: [[10, 0, 0, 0, 0], [], []] };
const SHOWN_SMALL_FIRST: readonly Deed[] = [
  { who: 0, sequence: 2 },
  { who: 0, sequence: 13 },
  { who: 1, sequence: 5 },
];

/** Shows deeds in their order, so many blocks apart, and waits until nothing is raised any more. */
function show(
  { world, state: start }: Past,
  order: readonly Deed[],
  how: { readonly apart: number; readonly withdrawn: number },
): LedgerState {
  let state = start;
  for (const [turn, { who, sequence }] of order.entries()) {
    const accused = personAt(world, who);
    const item = signedTwice(world, accused, sequence);
    const isTaken = refusalOf(world, state, item) === "none";
    // In between somebody takes stake out, as if that saved it.
    const flight = turn === 1 && how.withdrawn > 0;
    const amount = (recordOf(state, accused).stake * BigInt(how.withdrawn)) / 100n;
    const proofs = flight && amount > 0n ? [unstake({ world, state, by: accused }, amount)] : [];
    state = step(world, state, { evidence: isTaken ? [item] : [], proofs }).state;
    state = skip(world, state, how.apart);
  }
  return skip(world, state, 2 * EPOCH);
}

/** Counts what all deeds cost each validator, without the ledger, and without any order. */
function costsOf({ world, state, sets }: Past, all: readonly Deed[]): readonly bigint[] {
  const parts = world.validators.map((who, at) =>
    all
      .filter((deed) => deed.who === at)
      .map(({ sequence }) => {
        const set = sets[sequence];
        const power = set?.validators.find(({ id }) => equalBytes(id, who.id))?.power ?? 0n;
        return (power * 2n ** 96n) / (set?.totalPower ?? 1n);
      })
      .reduce((most, part) => (part > most ? part : most), 0n),
  );
  const together = parts.reduce((sum, part) => sum + part, 0n);
  return world.validators.map((who, at) => {
    if ((parts[at] ?? 0n) === 0n) return 0n;
    const { stake } = recordOf(state, who);
    const thrice = (3n * stake * together) / 2n ** 96n;
    const raised = thrice > stake ? stake : thrice;
    return raised > stake / 5n ? raised : stake / 5n;
  });
}

describe("several pieces of evidence of one offence", () => {
  test("P16: cost what the largest shares of the power demand, in whatever order they are shown", () => {
    let [more, partly] = [0, 0];
    fc.assert(
      fc.property(
        growths,
        deeds,
        fc.constantFrom(0, 1, 5),
        fc.nat({ max: 100 }),
        (growth, all, apart, withdrawn) => {
          const past = grow(growth, 600_000);
          const expected = costsOf(past, all);
          const [first] = all;
          for (const order of permutations(all)) {
            const state = show(past, order, { apart, withdrawn });
            const lost = past.world.validators.map((who) => recordOf(state, who).slashed);
            expect(lost).toEqual(expected);
            expect(totalHeld(state.tree.entries())).toBe(ledgerHeader(state.header).supplyAfter);
            for (const [at, who] of past.world.validators.entries()) {
              const times = all.some((deed) => deed.who === at) ? 1 : 0;
              expect(recordOf(state, who).offences).toBe(times);
            }
          }
          const alone = first === undefined ? [] : costsOf(past, [first]);
          more += alone.every((cost, at) => cost === expected[at]) ? 0 : 1;
          partly += expected.some((cost, at) => {
            const { stake } = recordOf(past.state, personAt(past.world, at));
            return cost > stake / 5n && cost < stake;
          })
            ? 1
            : 0;
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 3, seed: 1, examples: [[ONE_GROWS, SHOWN_SMALL_FIRST, 1, 50]] },
    );
    expect(Math.min(more, partly)).toBeGreaterThan(0);
  });

  test("P16: a fork costs everything though the power of a newcomer was shown first, and before the fork", () => {
    const past = grow(
      { stakes: [33, 33, 1, 1], added: [[0, 0, 16, 16], [], [], [], [], []] },
      60_000,
    );
    const { world } = past;
    const forkers = world.validators.slice(2);
    const shown = (sequence: number): readonly Evidence[] =>
      forkers.map((accused) => signedTwice(world, accused, sequence));
    let state = step(world, past.state, { evidence: shown(2) }).state;
    // They are convicted, and still vote.
    const fork = state.header.sequence + 1;
    state = step(world, state, { evidence: shown(fork) }).state;
    state = skip(world, state, 2 * EPOCH);
    for (const one of forkers) {
      expect(recordOf(state, one)).toMatchObject({ slashed: 17n * M, stake: 0n, offences: 1 });
    }
    expect(past.sets.at(-1)?.totalPower).toBe(100n * M);
  });

  test("a smaller or equal share of a known offence is no news, and nothing of it stays", () => {
    const past = grow({ stakes: [33, 33, 1, 1], added: [[0, 0, 16, 0], [], [], [], []] }, 60_000);
    const { world } = past;
    const accused = personAt(world, 2);
    const at = (sequence: number): Evidence => signedTwice(world, accused, sequence);
    const late = past.state.header.sequence;
    const state = step(world, past.state, { evidence: [at(late)] }).state;
    for (let sequence = 1; sequence <= late; sequence++) {
      expect(refusalOf(world, state, at(sequence))).toBe("known");
    }
    // In one block as in several.
    const both = step(world, past.state, { evidence: [at(2), at(late)] }).state;
    expect(sumOf(both)).toBe(sumOf(state));
    expect(recordOf(both, accused)).toEqual(recordOf(state, accused));
    expect(() => step(world, past.state, { evidence: [at(late), at(2)] })).toThrow("known");
  });

  test("what comes when it is back under a new key raises the cost of its first time, and ejects nobody", () => {
    const past = grow({ stakes: [30, 30, 2, 1], added: [[0, 0, 30, 0], [], [], []] }, 60_000);
    const { world } = past;
    const accused = personAt(world, 2);
    const at = (sequence: number): Evidence => signedTwice(world, accused, sequence);
    let state = step(world, past.state, { evidence: [at(2)] }).state;
    state = skip(world, state, 4 * EPOCH);
    const rotation = rotate({ world, state, by: accused }, world.carol);
    state = skip(world, step(world, state, { proofs: [rotation] }).state, 4 * EPOCH - 2);
    expect(recordOf(state, accused)).toMatchObject({ status: "active", slashed: (32n * M) / 5n });
    state = step(world, state, { evidence: [at(past.state.header.sequence)] }).state;
    expect(recordOf(state, accused)).toMatchObject({ status: "active", convictedAt: undefined });
    state = skip(world, state, EPOCH);
    const { status, slashed, offences } = recordOf(state, accused);
    // It had 32 of 93 units: a third, and so it loses all.
    expect({ slashed, offences }).toEqual({ slashed: 32n * M, offences: 1 });
    expect(status).toBe("leaving");
  });
});

describe("what is shown of one fork", () => {
  test("P16: counts together, whenever each is convicted, up to the last moment for evidence", () => {
    const times = fc.record({
      // Milliseconds after the fork at which the first is convicted, and other blocks are made.
      first: fc.integer({ min: 100, max: 2_000 }),
      between: fc.array(fc.integer({ min: 100, max: 2_600 }), { maxLength: 8 }),
      before: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 900 })),
    });
    let late = 0;
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: EPOCH }), ({ first, between, before }, from) => {
        const past = grow({ stakes: [2, 2, 4, 3], added: [] }, 1_200);
        const { world } = past;
        let state = skip(world, past.state, from);
        const fork = state.header.sequence;
        const start = state.clock.now;
        const ended = Math.ceil((start - state.clock.genesis) / 400) * 400 + state.clock.genesis;
        const last = ended + 1_200 + 500 - 1;
        const ends = Math.max(start + first + 100, last - before);
        const [one, other] = [personAt(world, 0), personAt(world, 1)];
        const shown = (accused: Person): Evidence => signedTwice(world, accused, fork);
        const steps = [
          { at: start + first, evidence: [shown(one)] },
          ...between.map((ms) => ({ at: start + ms, evidence: [] as Evidence[] })),
          { at: ends, evidence: [shown(other)] },
        ].toSorted((left, right) => left.at - right.at);
        if (ends > last) return;
        late += before < 400 ? 1 : 0;
        for (const { at, evidence } of steps) {
          if (at > ends) continue;
          const now = toTimestamp(Math.max(at, state.clock.now + 100));
          if (now > last) return;
          state = step(world, state, { now, evidence }).state;
        }
        state = skip(world, state, 2 * EPOCH);
        for (const who of [one, other]) expect(recordOf(state, who).slashed).toBe(2n * M);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 16, seed: 1 },
    );
    expect(late).toBeGreaterThan(1);
  });

  test("the sum of shares is that of the offences that count, and nothing when none does", () => {
    const past = grow({ stakes: [4, 5, 6, 30], added: [[3, 0, 2, 0], [], []] }, 1_200);
    const { world } = past;
    let { state } = past;
    const sequences = [3, state.header.sequence];
    let most = 0;
    for (const who of [0, 1, 2, 0, 1, 2]) {
      const accused = personAt(world, who);
      const sequence = sequences[most > 2 ? 1 : 0] ?? 3;
      most += 1;
      const item = signedTwice(world, accused, sequence);
      const evidence = refusalOf(world, state, item) === "none" ? [item] : [];
      state = step(world, state, { evidence }).state;
      expect(sumOf(state)).toBe(sharesOf(world, state));
      expect(sumOf(state)).toBeGreaterThan(0n);
    }
    for (let at = 0; at < 12 * EPOCH && sumOf(state) > 0n; at++) {
      state = skip(world, state, 1);
    }
    expect(sumOf(state)).toBe(0n);
    expect(state.tree.get(stateKey.convictions)).toBeUndefined();
    expect(state.tree.get(stateKey.conviction(0))).toBeUndefined();
  });
});

/** All shares that offences of the first time in the set were shown with. */
function sharesOf(world: World, state: LedgerState): bigint {
  return world.validators.reduce((sum, { id }) => {
    const first = { validator: id, kind: "equivocation" as const, sequence: 1 };
    const name = Offence.digest(first as Parameters<typeof Offence.digest>[0]);
    const bytes = state.tree.get(stateKey.offence(name));
    return sum + (bytes === undefined ? 0n : (OffenceRecord.decode(bytes).share ?? 0n));
  }, 0n);
}

function sumOf({ tree }: LedgerState): bigint {
  const bytes = tree.get(stateKey.convictions);
  return bytes === undefined ? 0n : Convictions.decode(bytes).share;
}

function permutations<T>(all: readonly T[]): readonly (readonly T[])[] {
  let orders: readonly (readonly T[])[] = [[]];
  for (const one of all) {
    orders = orders.flatMap((order) =>
      Array.from({ length: order.length + 1 }, (_, at) => order.toSpliced(at, 0, one)),
    );
  }
  return orders;
}

function personAt({ validators }: World, at: number): Person {
  const found = validators[at];
  if (found === undefined) throw new Error(`there is no validator ${at}`);
  return found;
}
