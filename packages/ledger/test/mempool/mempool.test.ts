import { findProofDefect, type Proof, type ProofBody, toHex, toSignature } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Mempool, PendingProof } from "../../src/index.ts";
import { codeOf, createPool, judgeAll, LIMITS, serveAll, world } from "../fixtures/pools.ts";
import {
  createWorld,
  type Person,
  person,
  publish,
  skip,
  step,
  theorem,
  transfer,
} from "../fixtures/world.ts";

const { alice, bob, carol } = world;

describe("what comes in", () => {
  test("P21: what the Judge accepts and its author signed enters, and can be in a block", () => {
    const texts = fc.stringMatching(/^[a-z0-9 ]{0,40}$/);
    fc.assert(
      fc.property(texts, fc.constantFrom("theorem", "publish"), (text, kind) => {
        const pool = createPool();
        const make = kind === "theorem" ? theorem : publish;
        expect(codeOf(pool, make(world, alice, `; valid 1 ${text}`, { nonce: 0 }))).toBe(
          "accepted",
        );
        expect(pool.hasReady()).toBe(false);
        judgeAll(pool);
        expect(pool.hasReady()).toBe(true);
        expect(serveAll(pool)).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  test("P23: what is not signed by its author never enters, and never reaches the Judge", () => {
    const good = theorem(world, alice, "; valid", { nonce: 0 });
    fc.assert(
      fc.property(
        fc.constantFrom("flip", "drop", "other", "body"),
        fc.nat({ max: 511 }),
        (how, bit) => {
          const pool = createPool();
          expect(codeOf(pool, forge(good, how, bit))).toBe("signature");
          expect(pool.takeToJudge()).toBeUndefined();
          expect(pool.count).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("each refusal has its code", () => {
    const pool = createPool();
    const good = transfer(world, alice, bob.id, { nonce: 0, amount: 5n });
    const call = { nonce: 1, amount: 5n };
    expect(codeOf(pool, good)).toBe("accepted");
    expect(codeOf(pool, good)).toBe("duplicate");
    expect(codeOf(pool, transfer(world, alice, bob.id, { ...call, feeLimit: 1n }))).toBe(
      "fee-limit",
    );
    expect(codeOf(pool, transfer(world, alice, bob.id, { ...call, expiry: 0 }))).toBe("expired");
    expect(codeOf(pool, transfer(world, alice, bob.id, { nonce: 16, amount: 5n }))).toBe(
      "nonce-gap",
    );
    const rich = { nonce: 0, amount: 1n, feeLimit: 2_000_001n };
    expect(codeOf(pool, transfer(world, carol, bob.id, rich))).toBe("balance");
    const later = step(world, world.state, { proofs: [good] }).state;
    pool.update(later);
    expect(codeOf(pool, good)).toBe("nonce-used");
  });

  test("fee limits of one author add up: promising the same money twice is refused", () => {
    const pool = createPool();
    const fee = { amount: 1n, feeLimit: 1_500_000n };
    expect(codeOf(pool, transfer(world, carol, bob.id, { ...fee, nonce: 0 }))).toBe("accepted");
    expect(codeOf(pool, transfer(world, carol, bob.id, { ...fee, nonce: 1 }))).toBe("balance");
  });

  test("a proof is replaced by one with a price a tenth higher and no lower a fee limit", () => {
    const pool = createPool();
    const offer = (price: bigint, feeLimit: bigint): string => {
      const envelope = { nonce: 0, tip: price - 1n, feeLimit };
      return codeOf(pool, transfer(world, alice, bob.id, { ...envelope, amount: 5n }));
    };
    expect(offer(1_000n, 100_000n)).toBe("accepted");
    expect(offer(1_099n, 900_000n)).toBe("replacement-fee");
    expect(offer(1_100n, 99_999n)).toBe("replacement-fee");
    expect(offer(1_100n, 100_000n)).toBe("accepted");
    expect(pool.count).toBe(1);
    expect(serveAll(pool)[0]?.proof.body.tip).toBe(1_099n);
  });

  test("count, bytes and proofs of one author are bounded", () => {
    const few = createPool(world, { countMax: 2 });
    const small = createPool(world, { bytesMax: 1_000 });
    const own = createPool(world, { perAuthorMax: 2 });
    const send = (pool: Mempool, who: Person, nonce: number): string =>
      codeOf(pool, transfer(world, who, bob.id, { nonce, amount: 1n }));

    expect([send(few, alice, 0), send(few, bob, 0), send(few, carol, 0)]).toEqual([
      "accepted",
      "accepted",
      "pool-full",
    ]);
    const nonces = [0, 1, 2, 3];
    expect(nonces.map((nonce) => send(small, alice, nonce)).at(-1)).toBe("pool-full");
    expect(small.bytes).toBeLessThanOrEqual(1_000);
    expect([0, 1, 2].map((nonce) => send(own, alice, nonce)).at(-1)).toBe("nonce-gap");
  });
});

const crowd = Array.from({ length: 12 }, (_, at) => person(`person ${at}`));
const many = createWorld({ balances: crowd.map(() => 1_000_000_000n) });

describe("serving", () => {
  test("P25: by difficulty, and each author's proofs in the order of their nonces", () => {
    const entries = fc.array(
      fc.record({ author: fc.nat({ max: 11 }), difficulty: fc.integer({ min: 1, max: 50 }) }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(entries, (list) => {
        const pool = createPool(many);
        const nonces = new Map<number, number>();
        list.forEach(({ author, difficulty }, at) => {
          const nonce = nonces.get(author) ?? 0;
          const who = crowd[author];
          if (who === undefined || nonce >= LIMITS.perAuthorMax) return;
          nonces.set(author, nonce + 1);
          pool.add(theorem(many, who, `; valid ${difficulty} ${at}`, { nonce }));
        });
        judgeAll(pool);
        expectServedWell(serveAll(pool), nonces);
      }),
      { numRuns: 100 },
    );
  });

  test("invokes are served by what they pay for each part of a block, whatever their size", () => {
    const pool = createPool(many);
    const offers = [
      { tip: 500n, feeLimit: 50_000n, resourceLimit: 1_000 },
      { tip: 90n, feeLimit: 90_000n, resourceLimit: 3_000 },
      { tip: 600n, feeLimit: 60_000n, resourceLimit: 1_000 },
    ];
    offers.forEach((offer, at) => {
      const who = crowd[at];
      if (who !== undefined) {
        pool.add(transfer(many, who, bob.id, { nonce: 0, amount: 1n, ...offer }));
      }
    });
    expect(serveAll(pool).map(({ proof }) => proof.body.tip)).toEqual([600n, 500n, 90n]);
  });

  test("a flood of difficult theorems leaves transfers their half of the block", () => {
    const pool = createPool(many);
    for (let nonce = 0; nonce < 8; nonce++) {
      for (const who of crowd.slice(0, 10)) {
        pool.add(
          theorem(many, who, `; valid 900000 ${nonce}`, {
            nonce,
            resourceLimit: 10_000,
            feeLimit: 1_000_000n,
          }),
        );
      }
    }
    for (const who of crowd.slice(10)) {
      for (let nonce = 0; nonce < 8; nonce++) {
        pool.add(transfer(many, who, bob.id, { nonce, amount: 1n, resourceLimit: 500 }));
      }
    }
    judgeAll(pool);
    const served = serveAll(pool).slice(0, 40);
    const invokes = served.filter(({ proof }) => proof.body.type === "invoke");
    // All there are: a theorem takes as many units as a transfer, and its certificate.
    expect(invokes).toHaveLength(16);
  });

  test("a skipped proof takes nothing of its author with it, and rests until the state changes", () => {
    const pool = createPool();
    pool.add(transfer(world, alice, bob.id, { nonce: 0, amount: 1n }));
    pool.add(transfer(world, alice, bob.id, { nonce: 1, amount: 1n }));
    const serving = pool.serve();
    expect(serving.next()?.proof.body.nonce).toBe(0);
    serving.skipped("refused");
    expect(serving.next()).toBeUndefined();
    expect(pool.hasReady()).toBe(false);
    pool.update(skip(world, world.state, 1));
    expect(pool.hasReady()).toBe(true);
  });
});

describe("after a block", () => {
  test("what was used, expired or can no longer be paid is dropped, the rest stays", () => {
    const pool = createPool();
    const used = transfer(world, alice, bob.id, { nonce: 0, amount: 1n });
    const stays = transfer(world, alice, bob.id, { nonce: 1, amount: 1n });
    const brief = transfer(world, bob, carol.id, { nonce: 0, amount: 1n, expiry: 1 });
    const poor = transfer(world, carol, bob.id, { nonce: 1, amount: 1n, feeLimit: 1_000_000n });
    for (const proof of [used, stays, brief, poor]) expect(codeOf(pool, proof)).toBe("accepted");
    const spends = transfer(world, carol, bob.id, { nonce: 0, amount: 1_500_000n });
    const { state } = step(world, world.state, { proofs: [used, spends] });

    const dropped = pool.update(state);

    expect(dropped.map(({ refusal }) => refusal.code).toSorted()).toEqual([
      "balance",
      "expired",
      "nonce-used",
    ]);
    expect(serveAll(pool).map(({ proof }) => proof)).toEqual([stays]);
    expect(pool.bytes).toBeGreaterThan(0);
    expect(pool.count).toBe(1);
  });
});

function forge(proof: Proof, how: string, bit: number): Proof {
  const [seal = new Uint8Array(64)] = proof.signatures;
  const flipped = new Uint8Array(seal);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  const body: ProofBody = { ...proof.body, expiry: (1_000 + bit) as never };
  switch (how) {
    case "flip":
      return { ...proof, signatures: [toSignature(flipped)] };
    case "drop":
      return { ...proof, signatures: [] };
    case "other":
      return { ...proof, signatures: theorem(world, bob, "; valid", { nonce: 0 }).signatures };
    default:
      return findProofDefect(world.chain, proof) === undefined ? { ...proof, body } : proof;
  }
}

/** Against a naive oracle: at each step the most difficult of the authors' next proofs. */
function expectServedWell(
  served: readonly PendingProof[],
  nonces: ReadonlyMap<number, number>,
): void {
  expect(served).toHaveLength([...nonces.values()].reduce((sum, count) => sum + count, 0));
  const next = new Map<string, number>();
  served.forEach((pending, at) => {
    const author = toHex(pending.proof.body.author);
    expect(pending.proof.body.nonce).toBe(next.get(author) ?? 0);
    next.set(author, pending.proof.body.nonce + 1);
    const heads = new Map<string, PendingProof>();
    for (const later of served.slice(at)) {
      const other = toHex(later.proof.body.author);
      if (!heads.has(other)) heads.set(other, later);
    }
    const best = Math.max(...[...heads.values()].map((one) => one.judgement?.difficulty ?? 0));
    expect(pending.judgement?.difficulty).toBe(best);
  });
}
