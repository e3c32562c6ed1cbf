import { hashProof, isAcceptableKey, type Proof, toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Added,
  createMempool,
  MEMPOOL_LIMITS,
  type Mempool,
  type MempoolLimits,
  stateKey,
} from "../../src/index.ts";
import { judgedAs, tableJudgement } from "../fixtures/judgements.ts";
import {
  accountArgument,
  amountArgument,
  createWorld,
  invoke,
  type Person,
  person,
  step,
  theorem,
  transfer,
  type World,
} from "../fixtures/world.ts";

const LIMITS: MempoolLimits = {
  ...MEMPOOL_LIMITS,
  waitingPerAuthorMax: 256,
  judgedMax: 256,
  proposableMs: 100,
};
const crowd = Array.from({ length: 40 }, (_, at) => person(`person ${at}`));
const many = createWorld({ balances: crowd.map(() => 1_000_000_000n) });
const { alice, bob, carol } = many;
const cosigner = person("person 39");

function createPool(limits: Partial<MempoolLimits> = {}, of: World = many): Mempool {
  const { state, tools } = of;
  return createMempool({ state, ...tools, limits: { ...LIMITS, ...limits } });
}

const codeOf = (added: Added): string => (added.type === "refused" ? added.code : added.type);
const LIMIT = 30_000_000n;
/** A transfer at a price: a floor of one, and the tip. */
const pay = (who: Person, nonce: number, price: bigint): Proof =>
  transfer(many, who, bob.id, { nonce, amount: 1n, tip: price - 1n, feeLimit: LIMIT });
/** A longer one, which an account of nobody else here signs too. */
const payLong = (who: Person, nonce: number, price: bigint): Proof =>
  invoke(many, who, {
    nonce,
    tip: price - 1n,
    feeLimit: LIMIT,
    intent: "swap",
    arguments: [
      accountArgument(who.id),
      accountArgument(cosigner.id),
      amountArgument(1n),
      amountArgument(1n),
    ],
    cosigners: [{ person: cosigner, nonce: 0 }],
  });

describe("a full mempool", () => {
  test("gives up its cheapest for one that pays a tenth more for each unit, and says which", () => {
    const pool = createPool({ countMax: 2 });
    const cheap = pay(alice, 0, 100_000n);
    pool.add(cheap);
    pool.add(pay(bob, 0, 200_000n));

    expect(codeOf(pool.add(pay(carol, 0, 109_999n)))).toBe("pool-full");
    expect(pool.count).toBe(2);
    const added = pool.add(pay(carol, 0, 110_000n));

    expect(added.type === "accepted" && added.evicted.map(toHex)).toEqual([
      toHex(hashProof(cheap)),
    ]);
    expect(pool.count).toBe(2);
    expect(pool.get(hashProof(cheap))).toBeUndefined();
  });

  test("of a chain the last goes first, and counts for the least price before it, divided", () => {
    const pool = createPool({ countMax: 3 });
    const last = pay(alice, 1, 900_000n);
    pool.add(pay(alice, 0, 100_000n));
    pool.add(last);
    pool.add(pay(bob, 0, 200_000n));
    expect(codeOf(pool.add(pay(carol, 0, 54_999n)))).toBe("pool-full");
    const added = pool.add(pay(carol, 0, 55_000n));
    expect(added).toMatchObject({ type: "accepted", evicted: [hashProof(last)] });
    expect(pool.count).toBe(3);
  });

  test("only an author's first four drive others out, and only when they last for 16 blocks", () => {
    const pool = createPool({ countMax: 8 });
    for (const who of crowd.slice(10, 14)) pool.add(pay(who, 0, 100n));
    for (const nonce of [0, 1, 2, 3]) pool.add(pay(alice, nonce, 900_000n));
    expect(codeOf(pool.add(pay(alice, 4, 900_000n)))).toBe("pool-full");
    const brief = (expiry: number): Proof =>
      transfer(many, bob, alice.id, { nonce: 0, amount: 1n, tip: 9_999n, expiry, feeLimit: LIMIT });
    expect(codeOf(pool.add(brief(16)))).toBe("pool-full");
    expect(codeOf(pool.add(brief(17)))).toBe("accepted");
  });

  test("nobody gets in by what pays well behind something cheap of their own", () => {
    const pool = createPool({ countMax: 2 });
    pool.add(pay(alice, 0, 100_000n));
    pool.add(pay(bob, 0, 100_000n));
    expect(codeOf(pool.add(pay(alice, 1, 900_000n)))).toBe("pool-full");
    const cheaper = createPool({ countMax: 2 });
    cheaper.add(pay(alice, 0, 105_000n));
    cheaper.add(pay(bob, 0, 100_000n));
    expect(codeOf(cheaper.add(pay(alice, 1, 900_000n)))).toBe("pool-full");
    expect(codeOf(cheaper.add(pay(carol, 0, 110_000n)))).toBe("accepted");
  });

  test("makes room for bytes too, for one that pays a tenth more than all together", () => {
    const others = [pay(alice, 0, 100_000n), pay(bob, 0, 500_000n)];
    const roomy = createPool();
    for (const proof of others) roomy.add(proof);
    const pool = createPool({ bytesMax: roomy.bytes });
    for (const proof of others) pool.add(proof);
    // It takes the room of more than one of them: of both.
    expect(codeOf(pool.add(payLong(carol, 0, 300_000n)))).toBe("pool-full");
    expect(pool.count).toBe(2);
    const added = pool.add(payLong(carol, 0, 800_000n));
    expect(added.type === "accepted" && added.evicted).toEqual(others.map(hashProof));
    expect(pool.count).toBe(1);
  });

  test("what a newcomer replaces leaves once, even where it is the cheapest of all", () => {
    const old = pay(alice, 0, 100_000n);
    const others = [pay(bob, 0, 200_000n), pay(carol, 0, 1_900_000n)];
    const roomy = createPool();
    for (const proof of [old, ...others]) roomy.add(proof);
    const pool = createPool({ bytesMax: roomy.bytes });
    for (const proof of [old, ...others]) pool.add(proof);

    const added = pool.add(payLong(alice, 0, 2_000_000n));

    expect(added.type === "accepted" && added.evicted).toEqual([hashProof(pay(bob, 0, 200_000n))]);
    expect(added.type === "accepted" && added.replaced).toEqual(hashProof(old));
    expect(pool.count).toBe(2);
  });

  test("holds what a naive one holds: of all that were offered, the dearest", () => {
    const fees = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 6, maxLength: 40 });
    fc.assert(
      fc.property(fees, (list) => {
        const pool = createPool({ countMax: 5 });
        // Steps of more than a tenth, so that each dearer one may evict each cheaper.
        const offers = list.map((fee, at) => {
          const limit = (500n * 115n ** BigInt(fee)) / 100n ** BigInt(fee);
          return pay(crowd[at] ?? alice, 0, limit);
        });
        for (const offer of offers) pool.add(offer);
        const dearest = offers
          .toSorted((left, right) => Number((right.body.tip ?? 0n) - (left.body.tip ?? 0n)))
          .slice(0, 5);
        expect(dearest.every((offer) => pool.get(hashProof(offer)) !== undefined)).toBe(true);
        expect(pool.count).toBe(5);
      }),
      { numRuns: 100 },
    );
  });
});

describe("after a block", () => {
  test("looking only at what the block changed comes to the same as looking at everything", () => {
    const moves = fc.array(
      fc.record({
        who: fc.nat({ max: 3 }),
        nonce: fc.nat({ max: 3 }),
        amount: fc.constantFrom(1n, 999_000_000n),
        expiry: fc.constantFrom(1, 2, 1_000_000),
        kind: fc.constantFrom("transfer" as const, "theorem" as const),
      }),
      { minLength: 1, maxLength: 24 },
    );
    fc.assert(
      fc.property(moves, fc.subarray([0, 1, 2, 3]), (list, included) => {
        const proofs = list.map(({ who, nonce, amount, expiry, kind }, at) => {
          const from = crowd[who] ?? alice;
          return kind === "transfer"
            ? transfer(many, from, carol.id, { nonce, amount, expiry })
            : theorem(many, from, `; valid ${at}`, { nonce, expiry });
        });
        const [quick, thorough] = [createPool(), createPool()];
        for (const pool of [quick, thorough]) for (const proof of proofs) pool.add(proof);
        const blocked = included.flatMap((who) => {
          const proof = proofs.find(
            ({ body }) => body.nonce === 0 && body.author === (crowd[who] ?? alice).id,
          );
          return proof === undefined ? [] : [proof];
        });
        const { state, transition } = step(many, many.state, { proofs: blocked });
        const includes = (): boolean => true;

        const names = (pool: Mempool): readonly string[] =>
          proofs
            .map(hashProof)
            .filter((hash) => pool.get(hash) !== undefined)
            .map(toHex);
        const dropped = [
          quick.update(state, { changes: transition.changes, includes }),
          thorough.update(state),
        ].map((list) =>
          list.map(({ hash, refusal }) => `${toHex(hash)} ${refusal.code}`).toSorted(),
        );
        expect(dropped[0]).toEqual(dropped[1]);
        expect(names(quick)).toEqual(names(thorough));
        expect([quick.count, quick.bytes]).toEqual([thorough.count, thorough.bytes]);
        expect(quick.hasReady()).toBe(thorough.hasReady());
      }),
      { numRuns: 150 },
    );
  });
});

describe("what a block changes for others than its authors", () => {
  test("a cosigner's nonce that was used elsewhere drops what waits for it", () => {
    const pool = createPool();
    const swap = invoke(many, bob, {
      nonce: 0,
      intent: "swap",
      arguments: [
        accountArgument(bob.id),
        accountArgument(alice.id),
        amountArgument(1n),
        amountArgument(2n),
      ],
      cosigners: [{ person: alice, nonce: 0 }],
    });
    // Bob, who waits, has no part in it.
    const own = transfer(many, alice, carol.id, { nonce: 0, amount: 1n });
    expect(codeOf(pool.add(swap))).toBe("accepted");
    const { state, transition } = step(many, many.state, { proofs: [own] });
    const dropped = pool.update(state, { changes: transition.changes, includes: () => true });
    expect(dropped.map(({ refusal }) => refusal.code)).toEqual(["cosigner-nonce"]);
    expect(pool.count).toBe(0);
  });

  test("what a leader could not include is tried again on the next block, whatever that changed", () => {
    const pool = createPool();
    pool.add(pay(alice, 0, 100_000n));
    const serving = pool.serve();
    serving.next();
    serving.skipped("refused");
    expect(pool.hasReady()).toBe(false);
    const { state } = step(many, many.state);
    pool.update(state, { changes: [], includes: () => false });
    expect(pool.hasReady()).toBe(true);
  });
});

describe("orders that an adversary picks (operations are counted, not time)", () => {
  const AUTHORS = 20;
  const EACH = 100;

  /** Counts lookups in maps and sets while `action` runs. */
  function countLookUps(action: () => void): number {
    let count = 0;
    const counted = [
      { owner: Map.prototype, name: "get" },
      { owner: Set.prototype, name: "has" },
    ].map(({ owner, name }) => {
      const original = Object.getOwnPropertyDescriptor(owner, name);
      if (original === undefined) throw new Error(`no ${name}`);
      const value: unknown = new Proxy(original.value, {
        apply: (target, self, values) => {
          count += 1;
          return Reflect.apply(target, self, values);
        },
      });
      Object.defineProperty(owner, name, { ...original, value });
      return () => Object.defineProperty(owner, name, original);
    });
    try {
      action();
    } finally {
      for (const restore of counted) restore();
    }
    return count;
  }

  const nonces = Array.from({ length: EACH }, (_, at) => at);
  const orders: Readonly<Record<string, readonly number[]>> = {
    ascending: nonces,
    descending: nonces.toReversed(),
    "outside in": nonces.toSorted((left, right) => Math.abs(right - 50) - Math.abs(left - 50)),
    "gap last": [...nonces.slice(1), 0],
  };
  const proofOf = new Map(
    crowd
      .slice(0, AUTHORS)
      .map((who) => [
        who,
        nonces.map((nonce) => theorem(many, who, `; valid ${(nonce * 37) % 101}`, { nonce })),
      ]),
  );

  function fillAndServe(order: readonly number[]): number {
    const { state, tools } = many;
    // Signatures and encodings cost the same in any order, and are not what is counted.
    const quick = { ...tools, checkProof: () => undefined };
    const pool = createMempool({ state, ...quick, limits: LIMITS });
    return countLookUps(() => {
      for (const nonce of order) {
        for (const proofs of proofOf.values()) {
          const proof = proofs[nonce];
          if (proof !== undefined) pool.add(proof);
          const next = pool.takeToJudge();
          if (next !== undefined)
            pool.settle(next, tableJudgement(next.proof.body) ?? judgedAs("valid"));
        }
      }
      for (let next = pool.takeToJudge(); next !== undefined; next = pool.takeToJudge()) {
        pool.settle(next, tableJudgement(next.proof.body) ?? judgedAs("valid"));
      }
      const serving = pool.serve();
      let served = 0;
      for (let next = serving.next(); next !== undefined; next = serving.next()) {
        serving.taken();
        served += 1;
      }
      expect(served).toBe(AUTHORS * EACH);
    });
  }

  test.each(Object.entries(orders))(
    "%s nonces cost a constant number of look-ups each",
    (_, order) => {
      expect(fillAndServe(order) / (AUTHORS * EACH)).toBeLessThan(60);
    },
  );

  test("a replaced head makes nobody look at all that waits behind it more than once", () => {
    const pool = createPool();
    for (const proof of proofOf.get(alice) ?? []) pool.add(proof);
    for (let next = pool.takeToJudge(); next !== undefined; next = pool.takeToJudge()) {
      pool.settle(next, judgedAs("valid"));
    }
    const spent = countLookUps(() => {
      pool.add(theorem(many, alice, "; valid 0", { nonce: 0, tip: 10n }));
      const next = pool.takeToJudge();
      if (next !== undefined) pool.settle(next, judgedAs("valid"));
    });
    expect(spent).toBeLessThan(EACH * 4);
  });

  test("a forgery costs one look-up of its author, and a known author none", () => {
    let reads = 0;
    const { tree } = many.state;
    const state = {
      ...many.state,
      tree: {
        ...tree,
        root: tree.root,
        get: (key: Uint8Array) => {
          reads += Buffer.compare(key, stateKey.account(alice.id)) === 0 ? 1 : 0;
          return tree.get(key);
        },
      },
    };
    const pool = createMempool({ state, ...many.tools, limits: LIMITS });
    expect(isAcceptableKey(alice.id)).toBe(true);
    const good = pay(alice, 0, 100_000n);
    const [seal] = pay(alice, 1, 100_000n).signatures;
    expect(codeOf(pool.add({ ...good, signatures: seal === undefined ? [] : [seal] }))).toBe(
      "signature",
    );
    expect(reads).toBe(1);
    for (const nonce of [0, 1, 2]) pool.add(pay(alice, nonce, 100_000n));
    expect(reads).toBe(2);
  });
});
