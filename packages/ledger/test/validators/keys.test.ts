import { equalBytes, type Proof, toSequence } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, RESULT_CODES } from "../../src/index.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { lengthOf } from "../../src/validators/queue.ts";
import { funded, SYSTEM_SOURCE } from "../fixtures/calls.ts";
import { refusalOf } from "../fixtures/evidence.ts";
import { keyRecordOf, memberOf, recordOf } from "../fixtures/validators.ts";
import {
  accountArgument,
  amountArgument,
  BuildRefused,
  createWorld,
  doubleVote,
  invoke,
  type Person,
  person,
  publish,
  skip,
  step,
  transfer,
} from "../fixtures/world.ts";

/** Accounts that wait for an epoch boundary. */
function waitingIn({ tree }: LedgerState): number {
  const overlay = createStateOverlay(tree);
  const lanes = ["falling", "rising", "seats", "keys"] as const;
  return lanes.reduce((sum, lane) => sum + lengthOf(overlay, lane), 0);
}

// Carol, Dora and the others have no stake; their account keys become consensus keys.
const world = createWorld({
  source: SYSTEM_SOURCE,
  balances: [1_000_000_000n, 500_000_000n, 2_000_000n, 5_000_000n, 5_000_000n],
});
const { alice, bob, carol, people } = world;
const [, , , dora, erik] = people as [Person, Person, Person, Person, Person];
const [big, second, third, small] = world.validators as [Person, Person, Person, Person];

/** Everyone has money for fees. */
const rich = funded(world, 2_000_000n);

function rotate(who: Person, to: Person, nonces: readonly [number, number] = [0, 0]): Proof {
  return invoke(world, who, {
    nonce: nonces[0],
    intent: "rotate_key",
    arguments: [accountArgument(who.id), accountArgument(to.id)],
    cosigners: [{ person: to, nonce: nonces[1] }],
  });
}

const usesKey = (state: LedgerState, who: Person, key: Person): boolean =>
  equalBytes(memberOf(state, who)?.key ?? new Uint8Array(0), key.signer.publicKey);
describe("rotation of keys (epochs of 4 blocks)", () => {
  const boundary = skip(world, rich, 4 - (rich.header.sequence % 4));
  const asked = step(world, boundary, { proofs: [rotate(small, carol)] });

  test("the new key votes from the epoch boundary on, with the same power; the block there is voted on by the old", () => {
    expect(asked.results[0]?.outcome).toBe("applied");
    expect(usesKey(asked.state, small, small)).toBe(true);
    const before = skip(world, asked.state, 2);
    expect(usesKey(before, small, small)).toBe(true);
    const after = step(world, before);
    expect(usesKey(after.state, small, carol)).toBe(true);
    expect(memberOf(after.state, small)?.power).toBe(10_000_000n);
    expect(after.state.header.validators).toEqual(boundary.votingSet.hash);
    expect(after.state.header.nextValidators).toEqual(after.state.votingSet.hash);
    // The certificates that follow hold the new key's signatures, and pay the same validator.
    const later = skip(world, after.state, 5);
    expect(recordOf(later, small)).toMatchObject({ nextKey: undefined, absent: 0 });
  });

  test("B20: each key convicts its owner for the sequences at which it could vote, and no others", () => {
    const state = skip(world, asked.state, 5);
    const switched = boundary.header.sequence + 4;
    const since = toSequence(1);
    const power = 10_000_000n;
    expect(keyRecordOf(state, small)?.terms).toEqual([
      { from: since, until: switched, since, power },
    ]);
    expect(keyRecordOf(state, carol)?.terms).toEqual([
      { from: switched + 1, until: undefined, since, power },
    ]);
    const codeOf = (key: Person, sequence: number): string =>
      refusalOf(world, state, doubleVote(world, { signer: key.signer, accused: small, sequence }));
    expect(codeOf(small, switched)).toBe("none");
    expect(codeOf(small, switched + 1)).toBe("wrong-key");
    expect(codeOf(carol, switched + 1)).toBe("none");
    // Asked for and not yet in the set.
    expect(codeOf(carol, asked.state.header.sequence)).toBe("wrong-key");
    expect(codeOf(carol, switched)).toBe("wrong-key");
  });

  test("a key that is or was anybody's consensus key cannot be taken, and its owner must sign", () => {
    const twice = step(world, asked.state, { proofs: [rotate(third, carol, [0, 1])] });
    expect(twice.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["stake-key"],
    });
    const taken = step(world, boundary, { proofs: [rotate(small, second)] });
    expect(taken.results[0]?.outcome).toBe("forbidden");
    const unsigned = invoke(world, small, {
      nonce: 0,
      intent: "rotate_key",
      arguments: [accountArgument(small.id), accountArgument(carol.id)],
    });
    expect(() => step(world, boundary, { proofs: [unsigned] })).toThrow(BuildRefused);
  });

  test("who has no stake has no key to rotate", () => {
    const none = invoke(world, bob, {
      nonce: 0,
      intent: "rotate_key",
      arguments: [accountArgument(bob.id), accountArgument(carol.id)],
      cosigners: [{ person: carol, nonce: 0 }],
    });
    expect(step(world, boundary, { proofs: [none] }).results[0]?.outcome).toBe("guard-false");
  });

  test("a chain whose genesis does not list the intent has no rotation, whoever publishes the text", () => {
    const plain = createWorld({ stakes: [40_000_000n, 30_000_000n, 20_000_000n, 10_000_000n] });
    const who = plain.validators[3];
    if (who === undefined) throw new Error("four validators");
    const fund = transfer(plain, plain.alice, who.id, { nonce: 0, amount: 5_000_000n });
    const text = publish(plain, plain.alice, SYSTEM_SOURCE, { nonce: 1, feeLimit: 5_000_000n });
    const { state, results } = step(plain, plain.state, { proofs: [fund, text] });
    expect(results.map(({ outcome }) => outcome)).toEqual(["applied", "applied"]);
    const call = invoke(plain, who, {
      nonce: 0,
      intent: world.intents["rotate_key"] ?? "",
      arguments: [accountArgument(who.id), accountArgument(plain.carol.id)],
      cosigners: [{ person: plain.carol, nonce: 0 }],
    });
    const called = step(plain, state, { proofs: [call] });
    expect(called.results[0]?.outcome).toBe("applied");
    expect(recordOf(called.state, who).nextKey).toBeUndefined();
    expect(keyRecordOf(called.state, plain.carol)).toBeUndefined();
  });

  test("whoever changes its power at every epoch boundary keeps no large key waiting, nor the other way round", () => {
    const more = (nonce: number): Proof =>
      invoke(world, alice, {
        nonce,
        intent: "stake",
        arguments: [accountArgument(alice.id), amountArgument(1_000_000n)],
      });
    let { state } = step(world, boundary, { proofs: [rotate(big, carol), more(4)] });
    for (let nonce = 5; nonce < 8; nonce++) {
      state = step(world, skip(world, state, 3), { proofs: [more(nonce)] }).state;
    }
    expect(usesKey(state, big, carol)).toBe(true);
    expect(memberOf(skip(world, state, 7), alice)?.power).toBeGreaterThanOrEqual(3_000_000n);
  });

  test("with a third of the power a key changes at an epoch boundary at which nothing else does", () => {
    const proofs = [rotate(big, carol), rotate(small, dora)];
    let { state } = step(world, boundary, { proofs });
    const order: string[] = [];
    for (let at = 0; at < 16; at++) {
      const next = skip(world, state, 1);
      const [was, is] = [big, small].map((who) => [state, next].map((s) => memberOf(s, who)?.key));
      const isNew = (pair: typeof was): boolean =>
        pair !== undefined && !equalBytes(pair[0] ?? alice.id, pair[1] ?? alice.id);
      const changed = [isNew(was) ? "big" : "", isNew(is) ? "small" : ""].filter(Boolean);
      if (changed.length > 0) order.push(changed.join("+"));
      state = next;
    }
    expect(order.toSorted()).toEqual(["big", "small"]);
    expect(usesKey(state, big, carol) && usesKey(state, small, dora)).toBe(true);
  });

  test("at every epoch boundary less than a third of power and keys changes, or one key alone; nothing waits for ever", () => {
    const asks = fc.subarray([0, 1, 2, 3], { minLength: 1 });
    const stakes = fc.array(fc.bigInt({ min: 1_000_000n, max: 300_000_000n }), { maxLength: 2 });
    fc.assert(
      fc.property(asks, stakes, fc.nat({ max: 3 }), (rotating, joining, wait) => {
        const keys = [carol, dora, erik, person("person 9")];
        const proofs = [
          ...rotating.flatMap((at) => {
            const who = world.validators[at];
            const key = keys[at];
            return who === undefined || key === undefined || at === 3 ? [] : [rotate(who, key)];
          }),
          ...joining.map((amount, at) =>
            invoke(world, at === 0 ? alice : bob, {
              nonce: at === 0 ? 4 : 0,
              intent: "stake",
              arguments: [
                accountArgument((at === 0 ? alice : bob).id),
                amountArgument(at === 0 ? amount : amount),
              ],
            }),
          ),
        ];
        let { state } = step(world, skip(world, boundary, wait), { proofs });
        for (let at = 0; at < 60; at++) {
          const next = skip(world, state, 1);
          const before = new Map(
            state.votingSet.validators.map((one) => [Buffer.from(one.id).toString("hex"), one]),
          );
          let [moved, rotated, alone] = [0n, 0, 0n];
          for (const member of next.votingSet.validators) {
            const was = before.get(Buffer.from(member.id).toString("hex"));
            const [from, to] = [was?.power ?? 0n, member.power];
            moved += to > from ? to - from : from - to;
            if (was === undefined || equalBytes(was.key, member.key)) continue;
            rotated += 1;
            moved += from;
            alone = from;
          }
          const isAlone = rotated === 1 && moved === alone;
          expect(3n * moved < state.votingSet.totalPower || isAlone).toBe(true);
          if (rotated > 0 || moved > 0n) expect(next.header.sequence % 4).toBe(0);
          state = next;
        }
        expect(waitingIn(state)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  test("a queue that only an epoch boundary can empty is work, so a chain without proofs gets there", () => {
    expect(waitingIn(asked.state)).toBe(1);
    const done = skip(world, asked.state, 3);
    expect(done.header.sequence).toBe(toSequence(boundary.header.sequence + 4));
    expect(waitingIn(done)).toBe(0);
  });
});
