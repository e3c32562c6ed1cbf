import {
  createValidatorSet,
  leaderOfSlot,
  toAmount,
  toHex,
  toSequence,
  toValidatorIndex,
  toView,
  type ValidatorSet,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ApplicationHead,
  hashLeadership,
  LeadershipRecord,
  leaderAt,
  leaderOf,
} from "../src/index.ts";
import { likelyLeaderAfter } from "../src/schedule/leader-at.ts";
import { firstLeader, leaderOfView, passedOver } from "../src/schedule/passed-over.ts";
import { createMembership } from "./keys.ts";
import { grow, LeaderChain, namesOf } from "./leader-chain.ts";
import { leadersByModel } from "./leader-model.ts";

const powers = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 7 });
const equal = (n: number): ValidatorSet => createMembership(Array.from({ length: n }, () => 1)).set;

/** Some members of seven, each with a power that may change. */
const nextPowers = fc.option(
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 7 }),
  { nil: undefined, freq: 6 },
);
const steps = fc.array(
  fc.record({
    view: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 12 })),
    early: fc.nat({ max: 12 }),
    unnamed: fc.nat({ max: 127 }),
    nextPowers,
  }),
  { minLength: 1, maxLength: 45 },
);
const everyone = createMembership([1, 1, 1, 1, 1, 1, 1]).set;

function setOf(stakes: readonly number[]): ValidatorSet | undefined {
  const members = everyone.validators.flatMap((validator, at) => {
    const power = toAmount(BigInt(stakes[at] ?? 0));
    return power > 0n ? [{ ...validator, power }] : [];
  });
  return members.length === 0 ? undefined : createValidatorSet(members);
}

function unnamedBy(mask: number): ReadonlySet<string> {
  return new Set(namesOf(everyone).filter((_, at) => (mask & (1 << at)) !== 0));
}

describe("leadership record", () => {
  test("leaders are those of a model that looks at the whole chain each time, across changes of the set", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const chain = new LeaderChain(everyone);
        for (const { view, early, unnamed, nextPowers: next } of list) {
          const set = chain.head.validators;
          const nextSet = (next && setOf(next)) ?? set;
          const expected = leadersByModel(chain.told, set, 4);
          expect([0, 1, 2, 3].map((of) => chain.leader(of))).toEqual(expected);
          const builtIn = Math.min(view, early);
          chain.append({ view, builtIn, unnamed: unnamedBy(unnamed), nextSet });
        }
      }),
      { numRuns: 300 },
    );
  });

  test("the record is a function of certificates' signers and views and of proposers alone", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 1_000 }), (list, later) => {
        const [one, other] = [new LeaderChain(everyone), new LeaderChain(everyone)];
        for (const { view, unnamed } of list) {
          one.append({ view, unnamed: unnamedBy(unnamed) });
          const timestamp = other.head.header.timestamp + 1 + later;
          other.append({ view, unnamed: unnamedBy(unnamed), timestamp });
        }
        expect(other.head.digest).not.toEqual(one.head.digest);
        expect(other.head.leadership).toEqual(one.head.leadership);
        expect(other.head.header.leadership).toEqual(one.head.header.leadership);
      }),
      { numRuns: 50 },
    );
  });

  test("its bytes are canonical, 26 for each validator and 6, whatever happened", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const chain = new LeaderChain(everyone);
        for (const { view, unnamed } of list) chain.append({ view, unnamed: unnamedBy(unnamed) });
        const bytes = chain.head.leadership ?? new Uint8Array();
        expect(bytes.length).toBe(6 + 26 * everyone.validators.length);
        expect(LeadershipRecord.encode(LeadershipRecord.decode(bytes))).toEqual(bytes);
        expect(hashLeadership(bytes)).toEqual(chain.head.header.leadership);
      }),
      { numRuns: 50 },
    );
  });

  test("whoever begins with the stored bytes agrees on every leader with whoever followed from genesis", () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const chain = new LeaderChain(everyone);
        for (const { view, unnamed } of before) chain.append({ view, unnamed: unnamedBy(unnamed) });
        for (const { view, unnamed } of after) {
          const { head } = chain;
          const stored: ApplicationHead = structuredClone(head);
          const sequence = toSequence(head.header.sequence + 1);
          for (let of = 0; of < 5; of++) {
            const joined = leaderAt({ head: stored, sequence }, toView(of));
            expect(joined).toBe(leaderAt({ head, sequence }, toView(of)));
          }
          chain.append({ view, unnamed: unnamedBy(unnamed) });
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("the leader of the sequence after the next", () => {
  test("is known from the current block, and without it guessed by the record before", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const chain = new LeaderChain(everyone);
        for (const { view, unnamed } of list) {
          const { head } = chain;
          chain.append({ view, unnamed: unnamedBy(unnamed) });
          const names = namesOf(everyone);
          expect(names[likelyLeaderAfter(head, chain.block, toView(0))]).toBe(chain.leader(0));
          // The guess is anybody's of the set, and right where the block changes nothing.
          expect(names[likelyLeaderAfter(head, undefined, toView(0))]).toBeDefined();
        }
      }),
      { numRuns: 50 },
    );
    const calm = new LeaderChain(everyone);
    const down = new Set(namesOf(everyone).slice(0, 2));
    grow(calm, 30, { down });
    for (let block = 0; block < 7; block++) {
      const { head } = calm;
      grow(calm, 1, { down });
      expect(namesOf(everyone)[likelyLeaderAfter(head, undefined, toView(0))]).toBe(calm.leader(0));
    }
  });

  test("of any other sequence than the next nothing is known but the schedule", () => {
    const chain = new LeaderChain(everyone);
    grow(chain, 30, { down: new Set(namesOf(everyone).slice(0, 2)) });
    const { head } = chain;
    for (let at = 1; at <= 60; at++) {
      const sequence = toSequence(at);
      if (at === head.header.sequence + 1) continue;
      expect(leaderAt({ head, sequence }, toView(0))).toBe(leaderOf(everyone, sequence, toView(0)));
    }
  });
});

/** Anything that a record may come to say of a set. */
const anyStandings = powers.chain((stakes) =>
  fc.record({
    stakes: fc.constant(stakes),
    standings: fc.array(
      fc.option(
        fc.record({
          named: fc.nat({ max: 40 }),
          proposed: fc.nat({ max: 40 }),
          lost: fc.nat({ max: 40 }),
          losses: fc.nat({ max: 5 }),
          turns: fc.nat({ max: 2 }),
        }),
        { nil: undefined, freq: 9 },
      ),
      { minLength: stakes.length, maxLength: stakes.length },
    ),
    sequence: fc.integer({ min: 1, max: 1_000 }),
  }),
);

describe("passing over, whatever the record says", () => {
  test("at most floor((P - 1) / 3) of the power is passed over, and nobody else who is passed leads view 0", () => {
    fc.assert(
      fc.property(anyStandings, ({ stakes, standings, sequence }) => {
        const { set } = createMembership(stakes);
        const passed = passedOver(set, standings);
        const power = [...passed].reduce((sum, at) => sum + (set.validators[at]?.power ?? 0n), 0n);
        expect(power).toBeLessThanOrEqual((set.totalPower - 1n) / 3n);
        expect(passed).not.toContain(firstLeader(set, toSequence(sequence), passed));
      }),
      { numRuns: 1_000 },
    );
  });

  test("P10: two views in a row have two leaders, and later views have the schedule's, all of them", () => {
    fc.assert(
      fc.property(anyStandings, ({ stakes, standings, sequence: from }) => {
        const { set } = createMembership(stakes);
        const sequence = toSequence(from);
        const first = firstLeader(set, sequence, passedOver(set, standings));
        const leaders = Array.from({ length: 30 }, (_, view) =>
          leaderOfView(set, { sequence, view }, first),
        );
        leaders.forEach((leader, view) => {
          if (view > 0 && stakes.length > 1) expect(leader).not.toBe(leaders[view - 1]);
        });
        const scheduled = leaders.map((_, view) => leaderOf(set, sequence, toView(view)));
        const shift = leaders[1] === scheduled[1] ? 0 : 1;
        expect(leaders.slice(1, -1)).toEqual(
          scheduled.slice(1 + shift, scheduled.length - 1 + shift),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("a record of nothing but votes and blocks leaves the plain schedule as it is", () => {
    fc.assert(
      fc.property(powers, (stakes) => {
        const chain = new LeaderChain(createMembership(stakes).set);
        const { validators: set } = chain.head;
        for (let at = 1; at <= 20; at++) {
          const plain = leaderOf(set, toSequence(at), toView(0));
          expect(chain.leader(0)).toBe(namesOf(set)[plain]);
          chain.append();
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("validators that are down", () => {
  test("with f of n equal ones down nobody is waited for after max(10, n) blocks", () => {
    for (const n of [4, 5, 7, 10, 13, 31]) {
      const f = Math.floor((n - 1) / 3);
      for (const apart of [1, 2, 3]) {
        const chain = new LeaderChain(equal(n));
        const names = namesOf(chain.head.validators);
        const down = new Set(Array.from({ length: f }, (_, at) => names[(at * apart) % n] ?? ""));
        const views = grow(chain, 20 * n, { down });
        const late = views.slice(Math.max(10, n));
        expect(late.filter((view) => view > 0)).toEqual([]);
      }
    }
  });

  test("of any powers: who is down and has no more than the bound is waited for in no block after 10 n", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 7 }),
        (stakes) => {
          const chain = new LeaderChain(createMembership(stakes).set);
          const { validators: set } = chain.head;
          let left = (set.totalPower - 1n) / 3n;
          const down = new Set<string>();
          for (const { id, power } of set.validators) {
            if (power > left) continue;
            left -= power;
            down.add(toHex(id));
          }
          const views = grow(chain, 200, { down }).slice(10 * set.validators.length);
          expect(views.filter((view) => view > 0)).toEqual([]);
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 100, seed: 1 },
    );
  });

  test("powers 3, 3, 2, 1: those with a third cannot be passed over, the others are", () => {
    const { set } = createMembership([3, 3, 2, 1]);
    for (const [at, { power }] of set.validators.entries()) {
      const chain = new LeaderChain(set);
      const name = namesOf(set)[at] ?? "";
      const views = grow(chain, 120, { down: new Set([name]) }).slice(20);
      const turns = views.filter((_, block) => leaderOfSlot(set, BigInt(block + 21)) === at).length;
      expect(turns).toBeGreaterThan(0);
      expect(views.filter((view) => view > 0).length).toBe(power === 3n ? turns : 0);
    }
  });

  test("a leader with 3/8 of the power that is down costs one view in its turns, and no two in a row", () => {
    const { set } = createMembership([3, 1, 1, 1, 1, 1]);
    const big = set.validators.findIndex(({ power }) => power === 3n);
    const chain = new LeaderChain(set);
    const down = new Set([namesOf(set)[big] ?? ""]);
    const views = grow(chain, 100, { down });
    expect(new Set(views)).toEqual(new Set([0, 1]));
    expect(views.filter((view) => view === 1).length).toBe(50);
    // And up, it leads every other slot and what others are passed over for, never two views in a row.
    const others = new LeaderChain(set);
    const two = new Set(
      namesOf(set)
        .filter((_, at) => at !== big)
        .slice(0, 2),
    );
    expect(
      grow(others, 100, { down: two })
        .slice(20)
        .every((view) => view === 0),
    ).toBe(true);
  });

  test("who returns leads again with its first vote, or when the turns that it lost are over", () => {
    const chain = new LeaderChain(equal(4));
    const [name = ""] = namesOf(chain.head.validators);
    grow(chain, 40, { down: new Set([name]) });
    chain.append();
    chain.append();
    const builders = Array.from({ length: 4 }, () => {
      const leader = chain.leader(0);
      chain.append();
      return leader;
    });
    expect(builders).toContain(name);
  });

  test("two thirds are out for a thousand blocks, in turn, and back: nobody is passed over after that", () => {
    const n = 9;
    const chain = new LeaderChain(equal(n));
    const names = namesOf(chain.head.validators);
    for (let round = 0; round < 250; round++) {
      const out = round % 2 === 0 ? names.slice(0, 2) : names.slice(2, 4);
      grow(chain, 4, { down: new Set(out), mute: new Set([names[round % 2 === 0 ? 4 : 5] ?? ""]) });
    }
    // 64 turns of nine at most, and then one of each.
    grow(chain, 65 * n);
    const builders = Array.from({ length: n }, () => {
      const leader = chain.leader(0);
      chain.append();
      return leader;
    });
    expect(new Set(builders).size).toBe(n);
  });

  test("a thousand views lost at one sequence count once for each validator, and are soon forgotten", () => {
    const n = 7;
    const chain = new LeaderChain(equal(n));
    grow(chain, n);
    chain.append({ view: 1_000 });
    chain.append();
    const record = LeadershipRecord.decode(chain.head.leadership ?? new Uint8Array());
    expect(
      record.standings.map(({ losses }) => losses).toSorted((left, right) => left - right),
    ).toEqual([0, 1, 1, 1, 1, 1, 1]);
    const views = grow(chain, 10 * n);
    expect(views.every((view) => view === 0)).toBe(true);
    const after = LeadershipRecord.decode(chain.head.leadership ?? new Uint8Array());
    expect(after.standings.every(({ losses }) => losses === 0)).toBe(true);
  });
});

describe("an adversary", () => {
  test("with under a third that leaves out votes makes nobody absent", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 13 }), fc.nat(), (n, seed) => {
        const chain = new LeaderChain(equal(n));
        const names = namesOf(chain.head.validators);
        const at = (of: number): string => names[(seed + of) % n] ?? "";
        const f = Math.floor((n - 1) / 3);
        const coalition = new Set(Array.from({ length: f }, (_, of) => at(of)));
        const victims = new Set(Array.from({ length: f }, (_, of) => at(f + of)));
        for (let block = 0; block < 6 * n; block++) {
          expect(chain.leader(0)).toBe(
            names[leaderOfSlot(chain.head.validators, BigInt(block + 1))],
          );
          grow(chain, 1, {
            leaveOut: (proposer) => (coalition.has(proposer) ? victims : new Set()),
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a third and more of the power that leave votes out do: one of them is honest", () => {
    const chain = new LeaderChain(equal(4));
    const names = namesOf(chain.head.validators);
    const [victim = ""] = names;
    grow(chain, 8, { leaveOut: (proposer) => new Set(proposer === victim ? [] : [victim]) });
    const leaders = Array.from({ length: 2 }, () => {
      const leader = chain.leader(0);
      grow(chain, 1, { leaveOut: () => new Set([victim]) });
      return leader;
    });
    expect(leaders).not.toContain(victim);
  });

  test("that provokes a rival into losing buys 4, 8, 16, 32 and then 64 of its turns, and none once it led", () => {
    const n = 4;
    const chain = new LeaderChain(equal(n));
    const [rival = ""] = namesOf(chain.head.validators);
    /** Turns of the rival's in the plain schedule until it leads view 0 again. */
    const passedTurns = (): number => {
      for (let turns = 0; ; ) {
        const sequence = chain.head.header.sequence + 1;
        const plain = leaderOfSlot(chain.head.validators, BigInt(sequence));
        const isItsTurn = namesOf(chain.head.validators)[plain] === rival;
        if (isItsTurn && chain.leader(0) === rival) return turns;
        if (isItsTurn) turns += 1;
        chain.append();
      }
    };
    passedTurns();
    const bought = [1, 2, 3, 4, 5, 6].map(() => {
      chain.append({ view: 1 });
      return passedTurns();
    });
    expect(bought).toEqual([4, 8, 16, 32, 64, 64]);
    chain.append();
    expect(passedTurns()).toBe(0);
    chain.append({ view: 1 });
    expect(passedTurns()).toBe(4);
  });

  test("that loses its own turns, as often as it may, costs under one view in twenty blocks", () => {
    for (const n of [4, 7, 10]) {
      const f = Math.floor((n - 1) / 3);
      const chain = new LeaderChain(equal(n));
      const mute = new Set(namesOf(chain.head.validators).slice(0, f));
      const views = grow(chain, 100 * n, { mute });
      expect(views.filter((view) => view > 0).length).toBeLessThan(5 * n);
    }
  });

  test("that loses its own turns loses few, although no block names anybody but it and the proposer", () => {
    const stakes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 7 });
    fc.assert(
      fc.property(stakes, fc.nat(), (drawn, at) => {
        const { set } = createMembership(drawn);
        const small = set.validators.filter(({ power }) => power * 3n < set.totalPower);
        const mute = small[at % small.length];
        if (mute === undefined) return;
        const name = toHex(mute.id);
        const chain = new LeaderChain(set);
        const views = grow(chain, 200, {
          mute: new Set([name]),
          // Delays are long: the votes of the others come when the next block has been built.
          leaveOut: (proposer) =>
            new Set(namesOf(set).filter((other) => other !== proposer && other !== name)),
        });

        expect(views.filter((view) => view > 0).length).toBeLessThan(12);
      }),
      { numRuns: 60 },
    );
  });

  test("of losers more than the bound has room for, the newest are passed over, absent ones after them", () => {
    const { set } = createMembership([1, 1, 1, 1, 1, 1, 1]);
    const standing = { named: 10, proposed: 9, losses: 1, turns: 4 };
    const standings = set.validators.map((_, at) => ({ ...standing, lost: at }));
    expect([...passedOver(set, standings)].toSorted((left, right) => left - right)).toEqual([5, 6]);
    const absent = standings.map((own, at) => (at === 1 ? { ...own, named: 3, turns: 0 } : own));
    expect([...passedOver(set, absent)].toSorted((left, right) => left - right)).toEqual([5, 6]);
    const one = absent.map((own, at) => (at === 6 ? own : { ...own, turns: 0 }));
    expect([...passedOver(set, one)].toSorted((left, right) => left - right)).toEqual([1, 6]);
    const same = standings.map((own) => ({ ...own, lost: 1 }));
    expect([...passedOver(set, same)].toSorted((left, right) => left - right)).toEqual([0, 1]);
  });
});

describe("changes of the set", () => {
  test("losses go with the identity, not with the index; who joins is not absent", () => {
    const chain = new LeaderChain(everyone);
    const lose = chain.leader(0);
    chain.append({ view: 1 });
    const members = everyone.validators;
    const gone = members.findIndex(({ id }) => toHex(id) !== lose);
    const fewer = createValidatorSet(members.filter((_, at) => at !== gone));
    chain.append({ nextSet: fewer });
    chain.append();
    const standingOf = (name: string) => {
      const index = namesOf(chain.head.previousValidators).indexOf(name);
      const record = LeadershipRecord.decode(chain.head.leadership ?? new Uint8Array());
      return record.standings[index];
    };
    expect(standingOf(lose)?.losses).toBe(1);
    chain.append({ nextSet: everyone });
    for (let block = 0; block < 7; block++) {
      const back = toHex(members[gone]?.id ?? new Uint8Array());
      const plain = leaderOfSlot(everyone, BigInt(chain.head.header.sequence + 1));
      if (plain === toValidatorIndex(gone)) expect(chain.leader(0)).toBe(back);
      chain.append();
    }
  });
});
