import { type Digest, equalBytes, hashProof, Proof, toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { Mempool } from "../../src/index.ts";
import { judgedAs, tableJudgement } from "../fixtures/judgements.ts";
import { codeOf, createPool, effectsOf, judgeAll, serveAll, world } from "../fixtures/pools.ts";
import { type Person, step, theorem, transfer } from "../fixtures/world.ts";

const { alice, bob, carol } = world;

describe("judging (B32)", () => {
  test("one proof of each author at a time, in nonce order", () => {
    const pool = createPool();
    for (const nonce of [2, 0, 1]) pool.add(theorem(world, alice, "; valid", { nonce }));
    pool.add(theorem(world, bob, "; valid", { nonce: 0 }));

    const first = pool.takeToJudge();
    const second = pool.takeToJudge();

    expect([first?.proof.body.author, second?.proof.body.author]).toEqual([alice.id, bob.id]);
    expect(pool.takeToJudge()).toBeUndefined();
    pool.add(theorem(world, alice, "; valid", { nonce: 3 }));
    expect(pool.takeToJudge()).toBeUndefined();
    if (first !== undefined) pool.settle(first, judgedAs("valid"));
    expect(pool.takeToJudge()?.proof.body.nonce).toBe(1);
  });

  test("nothing behind a gap is judged: its author could not be charged for it", () => {
    const pool = createPool();
    pool.add(theorem(world, alice, "; valid", { nonce: 1 }));
    expect(pool.takeToJudge()).toBeUndefined();
    pool.add(theorem(world, alice, "; valid 2", { nonce: 0 }));
    expect(judgeAll(pool).map(({ proof }) => proof.body.nonce)).toEqual([0, 1]);
  });

  test("a gap that opens before what was judged already stops the judging of what comes after", () => {
    const pool = createPool();
    pool.add(theorem(world, alice, "; valid 1", { nonce: 0, expiry: 1 }));
    pool.add(theorem(world, alice, "; valid 2", { nonce: 1 }));
    expect(judgeAll(pool)).toHaveLength(2);
    const { state, transition } = step(world, world.state);
    expect(pool.update(state, effectsOf(transition))).toHaveLength(1);
    pool.add(theorem(world, alice, "; valid 3", { nonce: 2 }));
    expect(pool.takeToJudge()).toBeUndefined();
    pool.add(theorem(world, alice, "; valid 4", { nonce: 0 }));
    expect(judgeAll(pool).map(({ proof }) => proof.body.nonce)).toEqual([0, 2]);
  });

  test("nothing behind an invoke of its author is judged: that could spend what would pay for it", () => {
    const pool = createPool();
    const spends = transfer(world, alice, bob.id, { nonce: 0, amount: 999_900_000n });
    pool.add(spends);
    pool.add(theorem(world, alice, "; valid", { nonce: 1 }));
    expect(pool.takeToJudge()).toBeUndefined();

    const { state, transition } = step(world, world.state, { proofs: [spends] });
    expect(
      pool
        .update(state, effectsOf(transition))
        .map((one) => one.refusal.code)
        .toSorted(),
    ).toEqual(["balance", "nonce-used"]);
    const harmless = createPool();
    const small = transfer(world, alice, bob.id, { nonce: 0, amount: 5n });
    harmless.add(small);
    harmless.add(theorem(world, alice, "; valid", { nonce: 1 }));
    const done = step(world, world.state, { proofs: [small] });
    harmless.update(done.state, effectsOf(done.transition));
    expect(harmless.takeToJudge()?.proof.body.nonce).toBe(1);
  });

  test("a nonce under judgement is reserved, and then its proof gives way to no other claim", () => {
    const pool = createPool();
    const claim = (text: string, tip: bigint): string =>
      codeOf(pool, theorem(world, alice, text, { nonce: 0, tip }));
    claim("; valid 1", 100n);
    const first = pool.takeToJudge();
    expect(claim("; valid 2", 900n)).toBe("under-judgement");
    if (first !== undefined) pool.settle(first, judgedAs("valid"));
    expect(claim("; valid 2", 900n)).toBe("replacement-waits");
    expect(pool.takeToJudge()).toBeUndefined();
  });

  test("the same claim at a higher price takes the judgement over, and nothing is judged", () => {
    const pool = createPool();
    pool.add(theorem(world, alice, "; valid 1", { nonce: 0, tip: 100n }));
    judgeAll(pool);
    const dearer = theorem(world, alice, "; valid 1", { nonce: 0, tip: 200n });
    expect(codeOf(pool, dearer)).toBe("accepted");
    expect(pool.takeToJudge()).toBeUndefined();
    expect(serveAll(pool).map(({ proof }) => proof)).toEqual([dearer]);
    const longer = { nonce: 0, tip: 400n, resourceLimit: 20_000 };
    expect(codeOf(pool, theorem(world, alice, "; valid 1", longer))).toBe("replacement-waits");
  });

  test("rejections are free for an author, so they are few in 64 blocks", () => {
    const pool = createPool();
    const garbage = (at: number): Proof => theorem(world, alice, `; rejected ${at}`, { nonce: 0 });
    for (const at of [1, 2, 3]) {
      expect(codeOf(pool, garbage(at))).toBe("accepted");
      judgeAll(pool);
    }
    expect(codeOf(pool, garbage(4))).toBe("too-many-rejected");
    expect(codeOf(pool, theorem(world, bob, "; rejected", { nonce: 0 }))).toBe("accepted");
    for (let block = 0; block < 127; block++) {
      pool.update(world.state);
      if (block === 62) expect(codeOf(pool, garbage(4))).toBe("too-many-rejected");
    }
    expect(codeOf(pool, garbage(4))).toBe("too-many-rejected");
    pool.update(world.state);
    expect(codeOf(pool, garbage(5))).toBe("accepted");
  });

  test("a judged proof in a block makes one rejection good", () => {
    const pool = createPool();
    for (const at of [1, 2, 3]) {
      pool.add(theorem(world, alice, `; rejected ${at}`, { nonce: 0 }));
      judgeAll(pool);
    }
    pool.add(theorem(world, bob, "; valid", { nonce: 0 }));
    judgeAll(pool);
    const paid = theorem(world, alice, "; valid", { nonce: 0 });
    expect(codeOf(pool, paid)).toBe("too-many-rejected");
    const other = createPool();
    other.add(paid);
    judgeAll(other);
    for (const at of [1, 2, 3]) {
      other.add(theorem(world, alice, `; rejected ${at}`, { nonce: 1 }));
      judgeAll(other);
    }
    expect(codeOf(other, theorem(world, alice, "; valid 2", { nonce: 1 }))).toBe(
      "too-many-rejected",
    );
    const { state, transition } = step(world, world.state, { proofs: [paid] });
    other.update(state, effectsOf(transition));
    expect(codeOf(other, theorem(world, alice, "; valid 2", { nonce: 1 }))).toBe("accepted");
  });

  test("judged, then expired or used up by another proof of a block: for nothing, like a rejection", () => {
    const codeAfter = (claim: Proof, included: readonly Proof[]): string => {
      const pool = createPool(world, { rejectedMax: 1 });
      pool.add(claim);
      judgeAll(pool);
      const { state, transition } = step(world, world.state, { proofs: included });
      const isIncluded = (hash: Digest): boolean =>
        included.some((proof) => equalBytes(hash, hashProof(proof)));
      pool.update(state, { changes: transition.changes, includes: isIncluded });
      return codeOf(pool, theorem(world, alice, "; valid 7", { nonce: included.length }));
    };
    const brief = theorem(world, alice, "; valid", { nonce: 0, expiry: 1 });
    const lasting = theorem(world, alice, "; valid", { nonce: 0 });
    expect(codeAfter(brief, [])).toBe("too-many-rejected");
    expect(codeAfter(lasting, [transfer(world, alice, bob.id, { nonce: 0, amount: 1n })])).toBe(
      "too-many-rejected",
    );
    expect(codeAfter(lasting, [lasting])).toBe("accepted");
  });

  test("no more of one author is judged ahead than may be for nothing", () => {
    const pool = createPool(world, { judgedMax: 2 });
    const claims = [0, 1, 2].map((nonce) => theorem(world, alice, "; valid", { nonce }));
    for (const claim of claims) pool.add(claim);
    expect(judgeAll(pool)).toHaveLength(2);
    const { state, transition } = step(world, world.state, { proofs: claims.slice(0, 1) });
    pool.update(state, effectsOf(transition));
    expect(judgeAll(pool)).toHaveLength(1);
  });

  test("what the Judge has not seen may be replaced as often as somebody likes", () => {
    const pool = createPool();
    for (let at = 0; at < 10; at++) {
      const tip = (1_000n * 12n ** BigInt(at)) / 10n ** BigInt(at);
      expect(codeOf(pool, theorem(world, alice, "; valid", { nonce: 0, tip }))).toBe("accepted");
    }
    expect(judgeAll(pool)).toHaveLength(1);
  });

  test("a rejected proof is dropped; a refuted one stays, for it will be paid for", () => {
    const pool = createPool();
    pool.add(theorem(world, alice, "; rejected", { nonce: 0 }));
    pool.add(theorem(world, bob, "; refuted", { nonce: 0 }));
    const rejected = pool.takeToJudge();
    const refuted = pool.takeToJudge();
    if (rejected === undefined || refuted === undefined) throw new Error("two to judge");
    const said = [rejected, refuted].map(({ proof }) => tableJudgement(proof.body));

    expect(said[0] && pool.settle(rejected, said[0])[0]?.refusal.code).toBe("rejected");
    expect(said[1] && pool.settle(refuted, said[1])).toEqual([]);
    expect(serveAll(pool)).toEqual([refuted]);
  });

  test("an abstention is asked again, not for ever", () => {
    const pool = createPool();
    pool.add(theorem(world, alice, "; valid", { nonce: 0 }));
    const codes = [1, 2, 3].map(() => {
      const next = pool.takeToJudge();
      return next && pool.settle(next, { type: "abstained", reason: "watchdog" })[0]?.refusal.code;
    });
    expect(codes).toEqual([undefined, undefined, "abstained"]);
    expect(pool.count).toBe(0);
  });

  test("a leader leaves out what took its own Judge long", () => {
    const pool = createPool();
    pool.add(theorem(world, alice, "; valid", { nonce: 0 }));
    const next = pool.takeToJudge();
    if (next !== undefined) pool.settle(next, { ...judgedAs("valid"), milliseconds: 101 });
    expect(pool.hasReady()).toBe(false);
    expect(serveAll(pool)).toEqual([]);
  });
});

describe("certificates that wait with their proofs", () => {
  /** Has the next proof judged, with a certificate of so many bytes. */
  const certify = (pool: Mempool, bytes: number): readonly string[] => {
    const next = pool.takeToJudge();
    if (next === undefined) throw new Error("one to judge");
    const judged = { ...judgedAs("valid"), certificate: new Uint8Array(bytes) };
    return pool.settle(next, judged).map(({ hash, refusal }) => `${toHex(hash)} ${refusal.code}`);
  };
  const claim = (who: Person, at: number, tip: bigint, more = 0): Proof =>
    theorem(world, who, `; valid ${at}${"x".repeat(more)}`, { nonce: at, tip });
  const size = Proof.encode(claim(alice, 0, 100_000n)).length;

  test("count like them, and leave with them: no more goes than there is want of room", () => {
    const pool = createPool(world, { bytesMax: 4 * size + 1_000 });
    pool.add(claim(alice, 0, 1_000n));
    expect(certify(pool, 1_000)).toEqual([]);
    expect(pool.bytes).toBe(size + 1_000);
    for (const nonce of [0, 1, 2]) {
      pool.add(claim(bob, nonce, 9_000n));
      expect(certify(pool, 0)).toEqual([]);
    }
    // It needs the room of a proof and a half; what the first one leaves is more than that.
    pool.add(claim(carol, 0, 20_000n, size >> 1));
    expect(certify(pool, 0)).toEqual([`${toHex(hashProof(claim(alice, 0, 1_000n)))} pool-full`]);
  });

  test("drive out what pays less, which is told", () => {
    const pool = createPool(world, { bytesMax: 2 * size + 10 });
    const cheap = claim(bob, 0, 1_000n);
    pool.add(cheap);
    expect(certify(pool, 0)).toEqual([]);
    pool.add(claim(alice, 0, 2_000n));

    expect(certify(pool, 100)).toEqual([`${toHex(hashProof(cheap))} pool-full`]);
    expect(pool.bytes).toBe(size + 100);
  });

  test("take their proof along where nothing pays less, and then it was judged for nothing", () => {
    const pool = createPool(world, { bytesMax: 2 * size + 10, rejectedMax: 1 });
    const own = claim(alice, 0, 1_000n);
    pool.add(claim(bob, 0, 2_000n));
    expect(certify(pool, 0)).toEqual([]);
    pool.add(own);

    expect(certify(pool, 100)).toEqual([`${toHex(hashProof(own))} pool-full`]);
    expect(codeOf(pool, claim(alice, 0, 1_200n))).toBe("too-many-rejected");
    expect(pool.bytes).toBe(size);
  });

  test("take their lane's share of the block", () => {
    const kindsWith = (bytes: number): string => {
      const pool = createPool();
      pool.add(claim(alice, 0, 0n));
      certify(pool, bytes);
      pool.add(theorem(world, carol, "; valid 5", { nonce: 0 }));
      judgeAll(pool);
      for (const nonce of [0, 1]) pool.add(transfer(world, bob, carol.id, { nonce, amount: 1n }));
      return serveAll(pool)
        .map(({ proof }) => proof.body.type)
        .join(" ");
    };
    // A transfer takes its limit of 10,000 units, more than a claim, whose judging weighs little.
    expect(kindsWith(0)).toBe("invoke theorem theorem invoke");
    expect(kindsWith(1_000_000)).toBe("invoke theorem invoke theorem");
  });
});
