import { isCheckedKey, type Proof, toPublicKey } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rememberingCheck } from "../../src/admission/proof-memory.ts";
import { createMempool, type Mempool } from "../../src/index.ts";
import { codeOf, LIMITS, world } from "../fixtures/pools.ts";
import {
  accountArgument,
  amountArgument,
  invoke,
  type Person,
  person,
  transfer,
} from "../fixtures/world.ts";

let made = 0;

/** Creates people whose keys no cache has. */
function strangers(count: number): readonly Person[] {
  made += 1;
  return Array.from({ length: count }, (_, at) => person(`unproven ${made}/${at}`));
}

const isChecked = ({ id }: Person): boolean => isCheckedKey(toPublicKey(id));

function openPool(): { readonly pool: Mempool; readonly verified: () => number } {
  let verified = 0;
  const check = rememberingCheck(world.chain);
  const pool = createMempool({
    state: world.state,
    programs: world.tools.programs,
    checkProof(proof, hash) {
      verified += proof.signatures.length;
      return check(proof, hash);
    },
    limits: LIMITS,
  });
  return { pool, verified: () => verified };
}

function signedBy(author: Person, cosigners: readonly Person[]): Proof {
  const ascending = cosigners.toSorted((left, right) => Buffer.compare(left.id, right.id));
  const [to = author] = ascending;
  return invoke(world, author, {
    nonce: 0,
    intent: "transfer",
    feeLimit: 2_000_000n,
    resourceLimit: 10_000,
    arguments: [accountArgument(author.id), accountArgument(to.id), amountArgument(1n)],
    cosigners: ascending.map((one) => ({ person: one, nonce: 0 })),
  });
}

describe("what an unproven author costs", () => {
  test("an author without money costs no signature and no subgroup check, whoever cosigns", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), (count) => {
        const { pool, verified } = openPool();
        const [author, ...others] = strangers(1 + count);
        if (author === undefined) return;
        const proof = signedBy(author, others);
        expect(pool.submitCost(proof)).toBe(0);
        expect(codeOf(pool, proof)).toBe("balance");
        expect(verified()).toBe(0);
        expect([author, ...others].filter(isChecked)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test("each signature counts 1, and each key that no cache has ten more, before it is checked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), (count) => {
        const { pool } = openPool();
        const others = strangers(count);
        codeOf(pool, transfer(world, world.alice, world.bob.id, { nonce: 0, amount: 1n }));
        const proof = signedBy(world.alice, others);
        expect(pool.submitCost(proof)).toBe(1 + 11 * count);
        expect(others.filter(isChecked)).toEqual([]);
        codeOf(pool, proof);
        expect(others.filter(isChecked)).toHaveLength(count);
        const again = openPool().pool;
        expect(again.submitCost(proof)).toBe(1 + count);
      }),
      { numRuns: 10 },
    );
  });

  test("a forged author ends the check before the keys of its cosigners are looked at", () => {
    const { pool } = openPool();
    const others = strangers(3);
    const proof = signedBy(world.bob, others);
    const forged = { ...proof, signatures: proof.signatures.toReversed() };
    expect(codeOf(pool, forged)).toBe("signature");
    expect(others.filter(isChecked)).toEqual([]);
  });

  test("a refusal of an unproven proof leaves nothing in the name of its author", () => {
    const { pool } = openPool();
    const good = transfer(world, world.alice, world.bob.id, { nonce: 0, amount: 1n });
    const stolen = transfer(world, world.bob, world.alice.id, { nonce: 0, amount: 1n }).signatures;
    const unpaid = transfer(world, world.alice, world.bob.id, {
      nonce: 0,
      amount: 1n,
      feeLimit: 10n ** 15n,
    });
    expect(codeOf(pool, { ...unpaid, signatures: stolen })).toBe("balance");
    expect(codeOf(pool, { ...good, signatures: stolen })).toBe("signature");
    expect([pool.count, pool.bytes, pool.pendingNonce(world.alice.id)]).toEqual([0, 0, 0]);
    expect(codeOf(pool, good)).toBe("accepted");
  });
});
