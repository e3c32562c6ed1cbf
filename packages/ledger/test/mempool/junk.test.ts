import {
  type Proof,
  signProof,
  toAmount,
  toDigest,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { feeFor } from "@aethel/rewards";
import { describe, expect, test } from "vitest";
import {
  type Added,
  createLedger,
  createMempool,
  type Ledger,
  MEMPOOL_LIMITS,
} from "../../src/index.ts";
import { judgedAs, judgedSource, tableJudgement } from "../fixtures/judgements.ts";
import { createWorld, PARAMETERS, step, theorem, transfer } from "../fixtures/world.ts";

const world = createWorld();
const { alice, bob, carol } = world;

const codeOf = (added: Added): string => (added.type === "refused" ? added.code : added.type);

describe("what is refused costs the Judge nothing", () => {
  async function openLedger(): Promise<{ readonly ledger: Ledger; readonly asked: string[] }> {
    const asked: string[] = [];
    const judge = {
      check: (payload: Parameters<Parameters<typeof createLedger>[0]["judge"]["check"]>[0]) => {
        asked.push(payload.type);
        const isSource = payload.type === "publish";
        return Promise.resolve(isSource ? judgedSource(payload.source) : judgedAs("valid"));
      },
    };
    const ledger = await createLedger({ genesis: world.genesis, judge });
    asked.length = 0;
    return { ledger, asked };
  }

  const good = { nonce: 0, feeLimit: 200_000n };
  const claim = theorem(world, alice, "; valid", good);
  const seal = theorem(world, bob, "; valid", good).signatures;
  const kinds: Readonly<Record<string, Proof>> = {
    "resource-limit": theorem(world, alice, "; valid", { ...good, resourceLimit: 20_000_001 }),
    "fee-limit": theorem(world, alice, "; valid", { ...good, feeLimit: 1n }),
    signature: { ...claim, signatures: seal },
    expired: theorem(world, alice, "; valid", { ...good, expiry: 0 }),
    balance: theorem(world, carol, "; valid", { nonce: 0, feeLimit: 2_000_001n }),
    "nonce-gap": theorem(world, alice, "; valid", { ...good, nonce: 256 }),
  };

  test.each(Object.entries(kinds))("%s", async (code, proof) => {
    const { ledger, asked } = await openLedger();
    expect(codeOf(ledger.submit(proof))).toBe(code);
    await Promise.resolve();
    expect(asked).toEqual([]);
  });

  test("a proof behind a gap waits, unjudged, until the gap is closed", async () => {
    const { ledger, asked } = await openLedger();
    expect(codeOf(ledger.submit(theorem(world, alice, "; valid 2", { nonce: 1 })))).toBe(
      "accepted",
    );
    expect(asked).toEqual([]);
    ledger.submit(claim);
    expect(asked).toEqual(["theorem"]);
  });

  test("the same proof again, and one that was judged and comes in a block, cost a look-up", async () => {
    const { ledger, asked } = await openLedger();
    ledger.submit(claim);
    expect(codeOf(ledger.submit(claim))).toBe("duplicate");
    expect(asked).toHaveLength(1);
  });
});

describe("the order of the checks: size, limits, form, expiry, balance, nonce, signature, what is called", () => {
  // Everything is wrong with the first; each step repairs what was named.
  const bad = {
    author: carol.id,
    nonce: toNonce(999),
    resourceLimit: toResource(0),
    feeLimit: toAmount(0n),
    expiry: toSequence(0),
    calls: [{ intent: toDigest(new Uint8Array(32)), arguments: [] }],
    cosigners: [],
  };
  const poorest = { ...bad, resourceLimit: toResource(1_000) };
  const dear = { ...poorest, feeLimit: toAmount(3_000_000n) };
  const current = { ...dear, expiry: toSequence(5) };
  const payable = { ...current, feeLimit: toAmount(1_000_000n) };
  const next = { ...payable, nonce: toNonce(0) };
  const signed = (body: typeof bad): Proof =>
    signProof(world.chain, { type: "invoke", ...body }, [carol.signer]);
  const forged = (body: typeof bad): Proof => ({
    ...signed(body),
    signatures: signProof(world.chain, { type: "invoke", ...body }, [bob.signer]).signatures,
  });

  test("each defect is named before all that come after it", () => {
    const pool = createMempool({
      state: world.state,
      ...world.tools,
      limits: { ...MEMPOOL_LIMITS, countMax: 10, perAuthorMax: 16 },
    });
    const steps: readonly (readonly [string, Proof])[] = [
      ["resource-limit", forged(bad)],
      ["fee-limit", forged(poorest)],
      ["signature", { ...signed(dear), signatures: [] }],
      ["expired", forged(dear)],
      ["balance", forged(current)],
      ["nonce-gap", forged(payable)],
      ["signature", forged(next)],
      ["unknown-intent", signed(next)],
    ];
    for (const [code, proof] of steps) expect(codeOf(pool.add(proof))).toBe(code);
  });

  test("a signature is verified for nothing that a cheaper check refuses", () => {
    let verified = 0;
    const pool = createMempool({
      state: world.state,
      programs: world.tools.programs,
      checkProof: () => {
        verified += 1;
        return undefined;
      },
      limits: { ...MEMPOOL_LIMITS, countMax: 10, perAuthorMax: 16 },
    });
    const unpaid = [bad, poorest, dear, current, payable].map(forged);
    for (const proof of unpaid) {
      expect(pool.submitCost(proof)).toBe(0);
      pool.add(proof);
    }
    expect(verified).toBe(0);
    expect(pool.submitCost(forged(next))).toBeGreaterThan(0);
    pool.add(forged(next));
    expect(verified).toBe(1);
  });
});

describe("what is judged is paid for", () => {
  test("at least the price of setting up a solver, whatever came of it", () => {
    for (const text of ["; valid 1", "; refuted", "; unknown"]) {
      const { receipts } = step(world, world.state, {
        proofs: [theorem(world, alice, text, { nonce: 0 })],
      });
      const least = feeFor({ resource: PARAMETERS.judgingUnits, bytes: 0 }, PARAMETERS);
      expect(receipts[0]?.fee).toBeGreaterThanOrEqual(least);
    }
  });

  test("the flat price is the chain's to say, but never so low that setting up a solver is free", () => {
    const feeWith = (judgingUnits: number): bigint => {
      const of = createWorld({ parameters: { judgingUnits: toResource(judgingUnits) } });
      const proofs = [theorem(of, of.alice, "; refuted", { nonce: 0, feeLimit: 100_000n })];
      const price = feeFor({ resource: toResource(judgingUnits), bytes: 0 }, PARAMETERS);
      const { receipts } = step(of, of.state, { proofs });
      expect(receipts[0]?.fee).toBeGreaterThanOrEqual(price);
      return receipts[0]?.fee ?? 0n;
    };
    // 1,000 micro-tokens for a million units, and 10 million units more.
    expect(feeWith(90_000_000) - feeWith(80_000_000)).toBe(10_000n);
    expect(() => createWorld({ parameters: { judgingUnits: toResource(4_999) } })).toThrow(
      "ECONOMICS",
    );
    expect(() => createWorld({ parameters: { judgingUnits: toResource(0) } })).toThrow("ECONOMICS");
  });

  test("a fee limit that does not cover that is refused; an invoke has no solver to pay for", () => {
    const units = 10_000 + PARAMETERS.judgingUnits;
    const priced = feeFor({ resource: toResource(units), bytes: 0 }, PARAMETERS);
    const proof = theorem(world, alice, "; valid", { nonce: 0, feeLimit: priced });
    expect(() => step(world, world.state, { proofs: [proof] })).toThrow("fee-limit");
    const { receipts } = step(world, world.state, {
      proofs: [transfer(world, alice, bob.id, { nonce: 0, amount: 1n, feeLimit: 1_000n })],
    });
    expect(receipts[0]?.outcome).toBe("applied");
  });

  test("an unknown pays for its whole resource limit, whatever its fee limit", () => {
    const paid = (resourceLimit: number, feeLimit: bigint): bigint => {
      const envelope = { nonce: 0, resourceLimit, feeLimit };
      const proofs = [theorem(world, alice, "; unknown", envelope)];
      const { receipts } = step(world, world.state, { proofs, judge: tableJudgement });
      return receipts[0]?.outcome === "unknown" ? receipts[0].fee : 0n;
    };
    expect(paid(10_000, 123_456n)).toBe(paid(10_000, 100_000n));
    // 1,000 micro-tokens for each million units.
    expect(paid(5_010_000, 123_456n) - paid(10_000, 123_456n)).toBe(5_000n);
  });
});
