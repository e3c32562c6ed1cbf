import {
  compareBytes,
  type Digest,
  type DoubleVote,
  type Evidence,
  equalBytes,
  sha256,
  signableProposal,
  toSequence,
  toView,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type LedgerState,
  Participation,
  RESULT_CODES,
  restoreState,
  stateKey,
  supplyOf,
  TREASURY,
  totalHeld,
  totalSupply,
} from "../../src/index.ts";
import { refusalOf, signedTwice } from "../fixtures/evidence.ts";
import { findRecord, powerOf, recordOf, unbondingOf } from "../fixtures/validators.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  createWorld,
  doubleVote,
  invoke,
  type Person,
  STAKES,
  skip,
  step,
  theorem,
  utf8,
} from "../fixtures/world.ts";

const world = createWorld();
const { alice, bob } = world;

function call(who: Person, intent: "stake" | "unstake", amount: bigint, nonce: number) {
  const given = [accountArgument(who.id), amountArgument(amount)];
  return invoke(world, who, { nonce, intent, arguments: given });
}

function isConserved(state: LedgerState): boolean {
  return totalHeld(state.tree.entries()) === totalSupply(supplyOf(state.tree));
}

/** Someone's index in the voting set. */
function indexIn(state: LedgerState, who: Person): number {
  return state.votingSet.validators.findIndex(({ id }) => equalBytes(id, who.id));
}

const FOUNDED = world.genesis.timestamp;
/** Header time of unbonding, with the most by which an epoch boundary may be dated behind. */
const LOCKED = world.state.parameters.unbondingMs + world.state.parameters.maxDriftMs;

describe("joining and leaving (epochs of 4 blocks)", () => {
  test("stake takes effect at the epoch boundary, and the header commits to both sets", () => {
    const staked = step(world, world.state, { proofs: [call(alice, "stake", 20_000_000n, 0)] });
    const before = skip(world, staked.state, 2);
    const boundary = step(world, before);
    const after = step(world, boundary.state);

    expect(powerOf(before, alice)).toBe(0n);
    expect(boundary.state.header.sequence).toBe(4);
    expect(powerOf(boundary.state, alice)).toBe(20_000_000n);
    expect(boundary.state.header.nextValidators).toEqual(boundary.state.votingSet.hash);
    expect(boundary.state.header.validators).toEqual(world.state.votingSet.hash);
    expect(after.state.header.validators).toEqual(boundary.state.votingSet.hash);
    expect(after.state.previousSet.hash).toEqual(boundary.state.votingSet.hash);
  });

  test("a newcomer votes with its account key, and is paid", () => {
    const staked = step(world, world.state, { proofs: [call(alice, "stake", 20_000_000n, 0)] });
    const boundary = skip(world, staked.state, 3);
    const claim = theorem(world, bob, "; valid", { nonce: 0 });
    const worked = step(world, boundary, { proofs: [claim] });
    const paid = step(world, worked.state);

    expect(recordOf(paid.state, alice).rewards).toBeGreaterThan(0n);
    expect(accountOf(paid.state, alice.id).balance).toBeGreaterThan(
      accountOf(worked.state, alice.id).balance,
    );
  });

  test("P17: stake under the minimum gives no power, ever", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 999_999n }), (amount) => {
        const { state } = step(world, world.state, { proofs: [call(alice, "stake", amount, 0)] });
        const later = skip(world, state, 4);
        expect(recordOf(later, alice).stake).toBe(amount);
        expect(powerOf(later, alice)).toBe(0n);
      }),
      { numRuns: 100 },
    );
  });

  test("less than a third of the power changes at one epoch boundary; the rest waits", () => {
    const stake = call(alice, "stake", 500_000_000n, 0);
    let { state } = step(world, world.state, { proofs: [stake] });
    const powers: bigint[] = [];
    for (let at = 0; at < 7; at++) {
      const total = state.votingSet.totalPower;
      const had = powerOf(state, alice);
      state = skip(world, state, 4);
      powers.push(powerOf(state, alice));
      expect((powerOf(state, alice) - had) * 3n).toBeLessThan(total);
    }
    expect(powers[0]).toBe(33_333_333n);
    expect(powers.at(-1)).toBe(500_000_000n);
  });

  test("withdrawn stake is locked for the unbonding period after its power is gone", () => {
    const [first] = world.validators;
    if (first === undefined) throw new Error("no validator");
    const funded = step(world, world.state, {
      proofs: [
        invoke(world, alice, {
          nonce: 0,
          intent: "transfer",
          arguments: [
            accountArgument(alice.id),
            accountArgument(first.id),
            amountArgument(1_000_000n),
          ],
        }),
      ],
    });
    const withdrawn = step(world, funded.state, {
      proofs: [call(first, "unstake", 10_000_000n, 0)],
    });

    expect(withdrawn.results[0]?.outcome).toBe("applied");
    expect(accountOf(withdrawn.state, first.id).balance).toBeLessThan(1_000_000n);
    expect(unbondingOf(withdrawn.state, first)).toEqual([{ amount: 10_000_000n, freeAt: 0 }]);
    expect(powerOf(withdrawn.state, first)).toBe(40_000_000n);
    const boundary = skip(world, withdrawn.state, 2);
    expect(powerOf(boundary, first)).toBe(30_000_000n);
    expect(unbondingOf(boundary, first)).toEqual([
      { amount: 10_000_000n, freeAt: FOUNDED + 400 + LOCKED },
    ]);
    // 1,700 ms after the epoch boundary: at the first epoch boundary that is no earlier.
    const locked = skip(world, boundary, 19);
    expect(unbondingOf(locked, first)).toHaveLength(1);
    const free = skip(world, locked, 1);
    expect(unbondingOf(free, first)).toHaveLength(0);
    expect(accountOf(free, first.id).balance - accountOf(locked, first.id).balance).toBe(
      10_000_000n,
    );
    expect(isConserved(free)).toBe(true);
  });

  test("stake unbonds from the epoch boundary at which all of its power is gone, not from the first", () => {
    const [first] = world.validators as [Person];
    const gift = [accountArgument(alice.id), accountArgument(first.id), amountArgument(1_000_000n)];
    const funded = step(world, world.state, {
      proofs: [invoke(world, alice, { nonce: 0, intent: "transfer", arguments: gift })],
    });
    const left = step(world, funded.state, { proofs: [call(first, "unstake", 40_000_000n, 0)] });
    const once = skip(world, left.state, 2);
    const twice = skip(world, once, 4);

    expect(powerOf(once, first)).toBe(40_000_000n - 33_333_333n);
    expect(unbondingOf(once, first)).toEqual([{ amount: 40_000_000n, freeAt: 0 }]);
    expect(powerOf(twice, first)).toBe(0n);
    expect(unbondingOf(twice, first)).toEqual([
      { amount: 40_000_000n, freeAt: FOUNDED + 800 + LOCKED },
    ]);
    expect(recordOf(twice, first).status).toBe("leaving");
  });

  test("a chain is restored from tree and header alone, across an epoch boundary too", () => {
    let { state } = step(world, world.state, { proofs: [call(alice, "stake", 20_000_000n, 0)] });
    for (let at = 0; at < 5; at++) {
      state = skip(world, state, 1);
      const { tree, header, chain } = state;
      const restored = restoreState({ chain, tree, header });
      expect(restored.votingSet).toEqual(state.votingSet);
      expect(restored.previousSet).toEqual(state.previousSet);
      expect(restored.digest).toEqual(state.digest);
    }
  });

  test("an account whose key is another validator's already cannot become one", () => {
    const taken = createWorld({ keys: { 0: alice } });
    const given = [accountArgument(alice.id), amountArgument(20_000_000n)];
    const proof = invoke(taken, alice, { nonce: 0, intent: "stake", arguments: given });
    const { results, state } = step(taken, taken.state, { proofs: [proof] });

    expect(results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["stake-key"],
    });
    expect(findRecord(state, alice)).toBeUndefined();
  });

  test("withdrawn stake cannot go to somebody else at once: it would escape a slash", () => {
    const flight = createWorld({
      source: `intent flee(signer owner: Account, friend: Account, amount: Amount) {
        guard { owner != friend; owner.stake >= amount; }
        effect { owner.stake -= amount; friend.balance += amount; }
        verify { owner.stake == old(owner.stake) - amount; }
      }`,
    });
    const [first] = flight.validators as [Person];
    const [self, friend] = [accountArgument(first.id), accountArgument(bob.id)];
    const gift = [accountArgument(alice.id), self, amountArgument(1_000_000n)];
    const flee = [self, friend, amountArgument(5n)];
    const funded = step(flight, flight.state, {
      proofs: [invoke(flight, alice, { nonce: 0, intent: "transfer", arguments: gift })],
    });
    const { results, state } = step(flight, funded.state, {
      proofs: [invoke(flight, first, { nonce: 0, intent: "flee", arguments: flee })],
    });

    expect(results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["stake-withdrawal"],
    });
    expect(recordOf(state, first).stake).toBe(STAKES[0]);
    expect(accountOf(state, bob.id).balance).toBe(500_000_000n);
  });
});

describe("slashing", () => {
  const [first, second] = world.validators as [Person, Person];
  const head = skip(world, world.state, 1);

  test("P16: a double vote costs a fifth of the stake, once, to the treasury", () => {
    const evidence = signedTwice(world, first, 1);
    const { state, transition } = step(world, head, { evidence: [evidence] });

    expect(recordOf(state, first)).toMatchObject({
      stake: 32_000_000n,
      slashed: 8_000_000n,
      offences: 1,
    });
    expect(accountOf(state, TREASURY).balance).toBe(8_000_000n);
    expect(transition.burned).toBe(0n);
    expect(isConserved(state)).toBe(true);
    expect(refusalOf(world, state, evidence)).toBe("known");
    expect(refusalOf(world, head, evidence, evidence)).toBe("known");
  });

  test("three conflicting votes and two proposals are one offence", () => {
    const about = { signer: first.signer, accused: first, sequence: 1 };
    const { state } = step(world, head, { evidence: [doubleVote(world, about)] });
    const third = doubleVote(world, { ...about, words: ["b", "c"] });
    expect(refusalOf(world, state, third)).toBe("known");

    const [left, right] = ["a", "b"].map((word) => sha256(utf8(word))).toSorted(compareBytes);
    if (left === undefined || right === undefined) throw new Error("two digests");
    const at = { sequence: toSequence(1), view: toView(0) };
    const propose = (digest: Digest): DoubleVote["first"] => ({
      digest,
      signature: first.signer.sign(signableProposal(world.chain, { ...at, digest })),
    });
    const proposal: Evidence = {
      type: "double-proposal",
      validator: first.id,
      key: first.signer.publicKey,
      ...at,
      first: propose(left),
      second: propose(right),
    };
    expect(refusalOf(world, state, proposal)).toBe("known");
    expect(refusalOf(world, head, proposal)).toBe("none");
  });

  test("power goes from the next epoch boundary on, less than a third of all at each", () => {
    const evidence = signedTwice(world, first, 1);
    const { state } = step(world, head, { evidence: [evidence] });

    expect(powerOf(state, first)).toBe(40_000_000n);
    // 33,333,333 of 100 million change at most.
    expect(powerOf(skip(world, state, 2), first)).toBe(6_666_667n);
    expect(powerOf(skip(world, state, 6), first)).toBe(0n);
  });

  test("unbonding stake is within reach", () => {
    const broke = step(world, head, {
      proofs: [
        invoke(world, alice, {
          nonce: 0,
          intent: "transfer",
          arguments: [
            accountArgument(alice.id),
            accountArgument(first.id),
            amountArgument(1_000_000n),
          ],
        }),
      ],
    });
    const left = step(world, broke.state, { proofs: [call(first, "unstake", 40_000_000n, 0)] });
    const evidence = signedTwice(world, first, 1);
    const { state } = step(world, left.state, { evidence: [evidence] });

    // The block is an epoch boundary too: two fifths of the power are more than a third, and lose
    // everything.
    expect(unbondingOf(state, first)[0]?.amount).toBe(0n);
    expect(accountOf(state, TREASURY).balance).toBeGreaterThan(40_000_000n);
    expect(isConserved(state)).toBe(true);
  });

  test("B20: evidence signed with another key than the accused's slashes nobody", () => {
    const framed = doubleVote(world, { signer: second.signer, accused: first, sequence: 1 });
    const stranger = doubleVote(world, { signer: alice.signer, accused: first, sequence: 1 });

    expect(refusalOf(world, head, framed)).toBe("wrong-key");
    expect(refusalOf(world, head, stranger)).toBe("wrong-key");
  });

  test("B11: header times alone decide how old evidence is; too old or not yet is refused", () => {
    const at = (sequence: number) => signedTwice(world, first, sequence);
    expect(refusalOf(world, head, at(3))).toBe("from-the-future");
    expect(refusalOf(world, head, at(2))).toBe("none");
    // Its epoch ends with block 4, dated 400; 1,700 later it is too old, in block 21.
    const late = skip(world, head, 18);
    expect(late.header.sequence).toBe(19);
    expect(refusalOf(world, late, at(4))).toBe("none");
    expect(refusalOf(world, skip(world, late, 1), at(4))).toBe("too-old");
    expect(refusalOf(world, skip(world, late, 1), at(5))).toBe("none");
  });

  test("a signature that does not hold, or two votes for one block, convict nobody", () => {
    const good = signedTwice(world, first, 1);
    if (good.type !== "double-vote") throw new Error("a double vote");
    const moved = { ...good, view: toView(1) };
    const same = { ...good, second: good.first };
    expect(refusalOf(world, head, moved)).toBe("not-proven");
    expect(refusalOf(world, head, same)).toBe("not-proven");
  });

  test("P19: validators that never vote lose no stake", () => {
    fc.assert(
      fc.property(fc.subarray([0, 1, 2, 3], { minLength: 3 }), fc.nat({ max: 9 }), (voters, n) => {
        // Three of these stakes are a quorum unless the largest is missing.
        const power = voters.reduce(
          (sum, at) => sum + (world.state.votingSet.validators[at]?.power ?? 0n),
          0n,
        );
        fc.pre(power * 3n > 200_000_000n);
        let state = world.state;
        for (let at = 0; at <= n; at++) state = step(world, state, { voters }).state;
        world.validators.forEach((validator, at) => {
          expect(recordOf(state, validator).stake).toBe(STAKES[at]);
        });
      }),
      { numRuns: 100 },
    );
  });

  test("who took part is counted per epoch", () => {
    const absent = indexIn(world.state, second);
    const voters = [0, 1, 2, 3].filter((at) => at !== absent);
    let state = skip(world, world.state, 1);
    for (let at = 0; at < 5; at++) state = step(world, state, { voters }).state;

    expect(recordOf(state, first)).toMatchObject({ votes: 4, blocks: 4 });
    expect(recordOf(state, second)).toMatchObject({ votes: 0, blocks: 4 });
    const counted = state.tree.get(stateKey.participation);
    expect(counted && Participation.decode(counted).blocks).toBe(1);
  });
});
