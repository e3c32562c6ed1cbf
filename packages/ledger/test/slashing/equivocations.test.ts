import { type Evidence, equalBytes, ledgerHeader, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, RESULT_CODES, stateKey, TREASURY, totalHeld } from "../../src/index.ts";
import { funded, rotate, SYSTEM_SOURCE, stake, unjail, unstake } from "../fixtures/calls.ts";
import { convict, refusalOf, signedTwice } from "../fixtures/evidence.ts";
import { powerOf, recordOf, votersAmong, withBounds } from "../fixtures/validators.ts";
import {
  accountOf,
  createWorld,
  doubleVote,
  type Person,
  person,
  skip,
  step,
  theorem,
  type World,
} from "../fixtures/world.ts";

const STAKE = 100_000_000n;

/** A world of validators with these stakes. */
function worldOf(
  stakes: readonly bigint[],
  parameters: Parameters<typeof createWorld>[0] = {},
): World {
  return createWorld({
    source: SYSTEM_SOURCE,
    stakes,
    balances: [1_000_000_000n, 500_000_000n, 50_000_000n, 50_000_000n],
    parameters: { unbondingMs: 1_000_000, ...parameters.parameters },
  });
}

const equal = (count: number): readonly bigint[] => Array.from({ length: count }, () => STAKE);

describe("equivocations of one validator", () => {
  test("P16: an accidental second instance for 1,000 blocks loses exactly 20 %, once", () => {
    // As large as it may be: a fifteenth of the power.
    const world = worldOf([14n * STAKE, STAKE]);
    const [, accused] = world.validators as [Person, Person];
    const other = world.validators.filter((one) => one !== accused);
    let state = skip(world, world.state, 1);
    let taken = 0;
    for (let at = 0; at < 1_000; at++) {
      // It signs as long as its key is in the set, and tries to after that.
      const sequence = state.header.sequence + 1;
      const item = signedTwice(world, accused, sequence);
      const isTaken = refusalOf(world, state, item) === "none";
      taken += isTaken ? 1 : 0;
      const voters = votersAmong(state, other);
      state = step(world, state, { evidence: isTaken ? [item] : [], voters }).state;
    }
    expect(taken).toBe(1);
    expect(recordOf(state, accused)).toMatchObject({
      status: "ejected",
      stake: (STAKE * 4n) / 5n,
      slashed: STAKE / 5n,
      offences: 1,
    });
    expect(accountOf(state, TREASURY).balance).toBe(STAKE / 5n);
    expect(powerOf(state, accused)).toBe(0n);
  });

  test("whatever shows it, in whatever view, until it is out of the set: one offence", () => {
    const world = worldOf(equal(16));
    const [accused] = world.validators as [Person];
    const start = skip(world, world.state, 5);
    const at = (sequence: number): Evidence => signedTwice(world, accused, sequence);
    const { state } = step(world, start, { evidence: [at(3)] });
    const out = skip(world, state, 6);
    expect(powerOf(out, accused)).toBe(0n);
    // Epoch boundary 8 took its power: it votes on 8 for the last time.
    for (let sequence = 1; sequence <= 8; sequence++) {
      expect(refusalOf(world, out, at(sequence))).toBe("known");
    }
    expect(refusalOf(world, out, at(9))).toBe("wrong-key");
  });

  test("a change of power or key in between does not make it two", () => {
    const world = worldOf(equal(16));
    const [accused] = world.validators as [Person];
    const { carol } = world;
    const start = funded(world);
    const before = start.header.sequence;
    for (const [key, proof, showsMore] of [
      [accused, stake({ world, state: start, by: accused }, 5_000_000n), true],
      [carol, rotate({ world, state: start, by: accused }, carol), false],
    ] as const) {
      const asked = step(world, start, { proofs: [proof] });
      expect(asked.results[0]?.outcome).toBe("applied");
      const state = skip(world, asked.state, 8);
      const at = (signer: Person, sequence: number): Evidence =>
        doubleVote(world, { signer: signer.signer, accused, sequence });
      const [old, late] = [at(accused, before), at(key, state.header.sequence)];
      expect([old, late].map((item) => refusalOf(world, state, item))).toEqual(["none", "none"]);
      const first = step(world, state, { evidence: [old] }).state;
      expect(refusalOf(world, first, late)).toBe(showsMore ? "none" : "known");
      const both = step(world, first, { evidence: showsMore ? [late] : [] }).state;
      expect(recordOf(both, accused)).toMatchObject({ offences: 1 });
      for (const item of [old, late]) expect(refusalOf(world, both, item)).toBe("known");
      expect(refusalOf(world, step(world, state, { evidence: [late] }).state, old)).toBe("known");
    }
  });

  test("its power leaves at the next epoch boundary, and stake does not buy it back", () => {
    const world = worldOf(equal(16));
    const [accused] = world.validators as [Person];
    const convicted = convict(world, skip(world, funded(world), 1), [accused]);
    const more = step(world, convicted, {
      proofs: [stake({ world, state: convicted, by: accused }, 5_000_000n)],
    });
    expect(more.results[0]?.outcome).toBe("applied");
    expect(recordOf(more.state, accused)).toMatchObject({ status: "ejected" });
    const out = skip(world, more.state, 12);
    expect(powerOf(out, accused)).toBe(0n);
    const asked = step(world, out, {
      proofs: [unjail({ world, state: out, by: accused })],
    });
    expect(asked.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["not-jailed"],
    });
    expect(recordOf(asked.state, accused).status).toBe("ejected");
  });

  test("it comes back under a new key, asked for when it is out; then it can offend again", () => {
    const world = worldOf(equal(16));
    const [accused] = world.validators as [Person];
    const { carol } = world;
    const convicted = convict(world, skip(world, funded(world), 1), [accused]);
    const early = step(world, convicted, {
      proofs: [rotate({ world, state: convicted, by: accused }, carol)],
    });
    expect(early.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["still-in-set"],
    });
    const out = skip(world, early.state, 5);
    const asked = step(world, out, { proofs: [rotate({ world, state: out, by: accused }, carol)] });
    expect(asked.results[0]?.outcome).toBe("applied");
    const back = skip(world, asked.state, 9);
    expect(recordOf(back, accused)).toMatchObject({ status: "active", convictedAt: undefined });
    expect(powerOf(back, accused)).toBe((STAKE * 4n) / 5n);
    const keyInSet = back.votingSet.validators.find(({ id }) => equalBytes(id, accused.id))?.key;
    expect(keyInSet).toEqual(carol.signer.publicKey);

    const sequence = back.header.sequence + 1;
    const again = doubleVote(world, { signer: carol.signer, accused, sequence });
    const twice = step(world, back, { evidence: [again] }).state;
    expect(recordOf(twice, accused)).toMatchObject({ status: "ejected", offences: 2 });
    expect(recordOf(twice, accused).slashed).toBe(STAKE / 5n + (STAKE * 4n) / 25n);
    // What the first key signed is known all the same.
    const old = signedTwice(world, accused, 3);
    expect(refusalOf(world, twice, old)).toBe("known");
  });

  test("one that is alone cannot leave: a new key begins a new time, in which it can offend again", () => {
    const world = worldOf([STAKE]);
    const [accused] = world.validators as [Person];
    const { carol } = world;
    const convicted = convict(world, skip(world, funded(world), 1), [accused]);
    expect(recordOf(convicted, accused)).toMatchObject({ status: "ejected", slashed: STAKE / 5n });
    const proofs = [rotate({ world, state: convicted, by: accused }, carol)];
    const asked = step(world, convicted, { proofs });
    expect(asked.results[0]?.outcome).toBe("applied");
    let { state } = asked;
    for (let at = 0; at < 40 && recordOf(state, accused).status === "ejected"; at++) {
      state = skip(world, state, 1);
    }
    expect(recordOf(state, accused).status).not.toBe("ejected");
    const sequence = state.header.sequence + 1;
    const again = doubleVote(world, { signer: carol.signer, accused, sequence });
    expect(refusalOf(world, state, again)).toBe("none");
  });

  test("a key that was under way when the conviction came is dropped, and free", () => {
    const world = worldOf(equal(16));
    const [accused] = world.validators as [Person];
    const { carol } = world;
    const start = skip(world, funded(world), 4 - (funded(world).header.sequence % 4));
    const asked = step(world, start, {
      proofs: [rotate({ world, state: start, by: accused }, carol)],
    }).state;
    const convicted = convict(world, asked, [accused]);
    expect(recordOf(convicted, accused).nextKey).toBeUndefined();
    expect(convicted.tree.get(stateKey.consensusKey(carol.signer.publicKey))).toBeUndefined();
    const out = skip(world, convicted, 9);
    expect(powerOf(out, accused)).toBe(0n);
    expect(recordOf(out, accused)).toMatchObject({ status: "ejected" });
  });

  test("evidence that costs nothing any more still ejects", () => {
    const world = worldOf(equal(16), { parameters: { slashDoubleSignBasisPoints: 0 } });
    const [accused] = world.validators as [Person];
    const convicted = convict(world, skip(world, world.state, 1), [accused]);
    expect(recordOf(convicted, accused)).toMatchObject({
      status: "ejected",
      stake: STAKE,
      slashed: 0n,
      offences: 1,
    });
    expect(powerOf(skip(world, convicted, 9), accused)).toBe(0n);
  });

  test("and so does one by so little of the power that no epoch boundary takes anything, either", () => {
    const large = 2n ** 46n;
    const world = worldOf([large, large, 1_000_000n], {
      parameters: { slashDoubleSignBasisPoints: 0 },
    });
    const [, , accused] = world.validators as [Person, Person, Person];
    const out = skip(world, convict(world, skip(world, world.state, 1), [accused]), 9);
    expect(recordOf(out, accused)).toMatchObject({
      status: "ejected",
      stake: 1_000_000n,
      slashed: 0n,
    });
    expect(powerOf(out, accused)).toBe(0n);
  });

  test("a wrong key of the same validator convicts nobody, whatever it signs", () => {
    const world = worldOf(equal(16));
    const [accused, other] = world.validators as [Person, Person];
    const state = skip(world, world.state, 3);
    for (const signer of [other.signer, person("nobody").signer]) {
      expect(refusalOf(world, state, doubleVote(world, { signer, accused, sequence: 2 }))).toBe(
        "wrong-key",
      );
    }
  });
});

describe("equivocations of many", () => {
  const stakes = fc.array(fc.bigInt({ min: 1_000_000n, max: 2n ** 44n }), {
    minLength: 2,
    maxLength: 7,
  });

  test("P16: whoever forks loses all: any coalition of a third, convicted in any blocks", () => {
    let forks = 0;
    fc.assert(
      fc.property(
        stakes,
        fc.array(fc.nat({ max: 5 }), { minLength: 7, maxLength: 7 }),
        (all, when) => {
          const world = worldOf(all);
          const total = all.reduce((sum, one) => sum + one, 0n);
          // As few as it takes, in some order, each found out in some block.
          const order = [...all.keys()].toSorted(
            (a, b) => (when[a] ?? 0) - (when[b] ?? 0) || a - b,
          );
          const coalition: number[] = [];
          let power = 0n;
          for (const at of order) {
            if (3n * power >= total) break;
            coalition.push(at);
            power += all[at] ?? 0n;
          }
          forks += 1;
          let state = skip(world, world.state, 2);
          for (let block = 0; block <= 5; block++) {
            const found = world.validators.filter(
              (_, at) => coalition.includes(at) && when[at] === block,
            );
            const evidence = found.map((one) => signedTwice(world, one, 2));
            state = step(world, state, { evidence }).state;
          }
          state = skip(world, state, 5);
          for (const [at, validator] of world.validators.entries()) {
            const { stake: left, slashed } = recordOf(state, validator);
            const isGuilty = coalition.includes(at);
            expect(left).toBe(isGuilty ? 0n : all[at]);
            expect(slashed).toBe(isGuilty ? all[at] : 0n);
          }
          expect(totalHeld(state.tree.entries())).toBe(ledgerHeader(state.header).supplyAfter);
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 100, seed: 1 },
    );
    expect(forks).toBeGreaterThan(50);
  });

  test("whoever leaves at once and is found out later loses all the same", () => {
    const world = worldOf([...equal(9)], {});
    const guilty = world.validators.slice(0, 4);
    let state = skip(world, funded(world), 1);
    const sequence = state.header.sequence;
    for (const one of guilty) {
      const out = unstake({ world, state, by: one }, STAKE);
      state = step(world, state, { proofs: [out] }).state;
    }
    state = skip(world, state, 16);
    expect(guilty.every((one) => powerOf(state, one) === 0n)).toBe(true);
    const evidence = guilty.map((one) => signedTwice(world, one, sequence));
    state = skip(world, step(world, state, { evidence }).state, 5);
    for (const one of guilty) expect(recordOf(state, one).slashed).toBe(STAKE);
  });

  test("what is convicted when nothing can be shown any more of the first does not add up", () => {
    const unbondingMs = 1_200;
    for (const [gap, isTogether] of [
      [8, true],
      [21, true],
      [22, false],
    ] as const) {
      const world = worldOf(equal(16), { parameters: { unbondingMs } });
      const [first, second] = world.validators as [Person, Person];
      // In the set up to the epoch boundary at 400, of which evidence can come for 1,200 and the
      // drift of 500; the first epoch boundary after that is at 2,400, in block 24.
      const one = convict(world, skip(world, world.state, 1), [first]);
      const later = skip(world, one, gap);
      const both = skip(world, convict(world, later, [second]), 4);
      const least = STAKE / 5n;
      expect(recordOf(both, second).slashed > least).toBe(isTogether);
    }
  });

  test("each conviction counts at one epoch boundary at least, however long that takes", () => {
    const world = worldOf(equal(9), { parameters: { unbondingMs: 400 } });
    const guilty = world.validators.slice(0, 4);
    const convicted = convict(world, skip(world, world.state, 1), guilty);
    const late = toTimestamp(convicted.clock.now + 1_000_000);
    const { state } = step(world, convicted, { now: late });
    for (const one of guilty) expect(recordOf(state, one).slashed).toBe(STAKE);
  });

  test("an epoch boundary raises so many; the rest waits, and gets there", () => {
    const plain = worldOf(equal(9));
    const tiny = withBounds(plain, { raisesMax: 1 });
    const guilty = plain.validators.slice(0, 4);
    let state = convict(tiny, skip(tiny, tiny.state, 1), guilty);
    const lost = (): number =>
      guilty.filter((one) => recordOf(state, one).slashed === STAKE).length;
    const counts: number[] = [];
    for (let boundary = 0; boundary < 5; boundary++) {
      state = skip(tiny, state, boundary === 0 ? 2 : 4);
      counts.push(lost());
    }
    expect(counts).toEqual([1, 2, 3, 4, 4]);
  });

  test("wrong verifications and other validators are nothing to it", () => {
    const world = worldOf(equal(16));
    const [accused, ...others] = world.validators as [Person, ...Person[]];
    const state = skip(world, convict(world, skip(world, world.state, 1), [accused]), 9);
    for (const other of others) {
      expect(recordOf(state, other)).toMatchObject({ stake: STAKE, offences: 0, status: "active" });
    }
  });
});

describe("pay of the convicted", () => {
  const world = worldOf(equal(6));
  const [accused] = world.validators as [Person];
  const proof = theorem(world, world.alice, "(assert false)", {
    nonce: 0,
    feeLimit: 100_000_000n,
    resourceLimit: 10_000,
  });
  /** A parent that mints, whose certificate everybody signed. */
  const parent = step(world, skip(world, world.state, 1), { proofs: [proof] });

  test("its vote for the parent of the block that convicts it is paid no more, and counts for the quorum", () => {
    expect(ledgerHeader(parent.state.header).totalDifficulty).toBeGreaterThan(0);
    const honest = step(world, parent.state);
    const evidence = [signedTwice(world, accused, 2)];
    const convicting = step(world, parent.state, { evidence });
    const earned = (state: LedgerState, who: Person): bigint => recordOf(state, who).rewards;
    expect(earned(honest.state, accused)).toBeGreaterThan(0n);
    expect(earned(convicting.state, accused)).toBe(0n);
    const leader = convicting.state.header.proposer;
    for (const other of world.validators.slice(1)) {
      if (equalBytes(other.id, leader)) continue;
      expect(earned(convicting.state, other)).toBe(earned(honest.state, other));
    }
    expect(convicting.transition.minted).toBeLessThan(honest.transition.minted);
  });

  test("P3: leaving its vote out raises nobody's pay either", () => {
    const evidence = [signedTwice(world, accused, 2)];
    const all = votersAmong(parent.state, world.validators.slice(1));
    const withIt = step(world, parent.state, { evidence });
    const without = step(world, parent.state, { evidence, voters: all });
    for (const one of world.validators) {
      expect(recordOf(without.state, one).rewards).toBe(recordOf(withIt.state, one).rewards);
    }
  });
});
