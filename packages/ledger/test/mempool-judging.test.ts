import { hashProof, Proof, toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { Mempool } from "../src/index.ts";
import { judgedAs, tableJudgement } from "./judgements.ts";
import { codeOf, createPool, judgeAll, LIMITS, serveAll, world } from "./pools.ts";
import { type Person, skip, step, theorem, transfer } from "./world.ts";

const { alice, bob, carol } = world;

describe("judging", () => {
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
    expect(pool.update(state, transition.changes)).toHaveLength(1);
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
        .update(state, transition.changes)
        .map((one) => one.refusal.code)
        .toSorted(),
    ).toEqual(["balance", "nonce-used"]);
    const harmless = createPool();
    const small = transfer(world, alice, bob.id, { nonce: 0, amount: 5n });
    harmless.add(small);
    harmless.add(theorem(world, alice, "; valid", { nonce: 1 }));
    const done = step(world, world.state, { proofs: [small] });
    harmless.update(done.state, done.transition.changes);
    expect(harmless.takeToJudge()?.proof.body.nonce).toBe(1);
  });

  test("who replaces a proof that is with the Judge still has one there, not two", () => {
    const pool = createPool();
    pool.add(theorem(world, alice, "; valid 1", { nonce: 0 }));
    const first = pool.takeToJudge();
    pool.add(theorem(world, alice, "; valid 2", { nonce: 0, feeLimit: 110_000n }));
    expect(pool.takeToJudge()).toBeUndefined();
    if (first !== undefined) pool.settle(first, judgedAs("valid"));
    expect(pool.takeToJudge()?.proof.body.feeLimit).toBe(110_000n);
  });

  test("rejections are free for an author, so they are few for each block", () => {
    const pool = createPool();
    const garbage = (at: number): Proof => theorem(world, alice, `; rejected ${at}`, { nonce: 0 });
    for (const at of [1, 2, 3]) {
      expect(codeOf(pool, garbage(at))).toBe("accepted");
      judgeAll(pool);
    }
    expect(codeOf(pool, garbage(4))).toBe("too-many-rejected");
    expect(codeOf(pool, theorem(world, bob, "; rejected", { nonce: 0 }))).toBe("accepted");
    expect(codeOf(pool, transfer(world, alice, bob.id, { nonce: 0, amount: 5n }))).toBe("accepted");
    pool.update(skip(world, world.state, 1));
    expect(codeOf(pool, theorem(world, alice, "; rejected 5", { nonce: 1 }))).toBe("accepted");
  });

  test("what was judged and is then replaced is paid by nobody, so that is rare too", () => {
    const pool = createPool();
    let calls = 0;
    const storm = (from: number): readonly string[] =>
      Array.from({ length: 10 }, (_, at) => {
        const feeLimit = (100_000n * 12n ** BigInt(from + at)) / 10n ** BigInt(from + at);
        const code = codeOf(pool, theorem(world, alice, "; valid", { nonce: 0, feeLimit }));
        calls += judgeAll(pool).length;
        return code;
      });

    const codes = storm(0);

    // The first, and one for each time that `rejectedMax` allows: not one for each of the storm.
    expect(calls).toBe(1 + LIMITS.rejectedMax);
    expect(codes.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => "accepted"));
    expect(codes.slice(4)).toEqual(Array.from({ length: 6 }, () => "too-many-rejected"));
    const drop = transfer(world, alice, bob.id, { nonce: 0, amount: 1n, feeLimit: 900_000n });
    expect(codeOf(pool, drop)).toBe("too-many-rejected");
    pool.update(skip(world, world.state, 1));
    storm(10);
    expect(calls).toBe(1 + 2 * LIMITS.rejectedMax);
  });

  test("what the Judge has not seen may be replaced as often as somebody likes", () => {
    const pool = createPool();
    for (let at = 0; at < 10; at++) {
      const feeLimit = (100_000n * 12n ** BigInt(at)) / 10n ** BigInt(at);
      expect(codeOf(pool, theorem(world, alice, "; valid", { nonce: 0, feeLimit }))).toBe(
        "accepted",
      );
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
  const claim = (who: Person, at: number, feeLimit: bigint): Proof =>
    theorem(world, who, `; valid ${at}`, { nonce: at, feeLimit });
  const size = Proof.encode(claim(alice, 0, 100_000n)).length;

  test("count like them, and leave with them: no more goes than there is want of room", () => {
    const pool = createPool(world, { bytesMax: 4 * size + 1_000 });
    pool.add(claim(alice, 0, 100_000n));
    expect(certify(pool, 1_000)).toEqual([]);
    expect(pool.bytes).toBe(size + 1_000);
    pool.add(claim(bob, 0, 110_000n));
    pool.add(claim(bob, 1, 110_000n));
    pool.add(claim(bob, 2, 110_000n));

    // It needs the room of a proof and a half; what the first one leaves is more than that.
    const script = `; valid ${"x".repeat(size >> 1)}`;
    const added = pool.add(theorem(world, carol, script, { nonce: 0, feeLimit: 200_000n }));
    const gone = [hashProof(claim(alice, 0, 100_000n))];
    expect(added).toMatchObject({ type: "accepted", evicted: gone });
  });

  test("leave their room to what replaces their proof", () => {
    const pool = createPool(world, { bytesMax: size + 1_020 });
    pool.add(claim(alice, 0, 100_000n));
    expect(certify(pool, 1_000)).toEqual([]);

    const script = `; valid ${"x".repeat(500)}`;
    const added = pool.add(theorem(world, alice, script, { nonce: 0, feeLimit: 200_000n }));
    expect(added).toMatchObject({ type: "accepted", evicted: [] });
  });

  test("drive out what pays less, which is told", () => {
    const pool = createPool(world, { bytesMax: 2 * size + 10 });
    const cheap = claim(bob, 1, 100_000n);
    pool.add(cheap);
    pool.add(claim(alice, 0, 200_000n));

    expect(certify(pool, 100)).toEqual([`${toHex(hashProof(cheap))} pool-full`]);
    expect(pool.bytes).toBe(size + 100);
  });

  test("take their proof along where nothing pays less, and then it was judged for nothing", () => {
    const pool = createPool(world, { bytesMax: 2 * size + 10, rejectedMax: 1 });
    const own = claim(alice, 0, 100_000n);
    pool.add(claim(bob, 1, 200_000n));
    pool.add(own);

    expect(certify(pool, 100)).toEqual([`${toHex(hashProof(own))} pool-full`]);
    expect(codeOf(pool, claim(alice, 0, 120_000n))).toBe("too-many-rejected");
    expect(pool.bytes).toBe(size);
  });

  test("take their lane's share of the block", () => {
    const kindsWith = (bytes: number): string => {
      const pool = createPool();
      pool.add(claim(alice, 0, 100_000n));
      certify(pool, bytes);
      pool.add(theorem(world, carol, "; valid 5", { nonce: 0 }));
      judgeAll(pool);
      for (const nonce of [0, 1]) pool.add(transfer(world, bob, carol.id, { nonce, amount: 1n }));
      return serveAll(pool)
        .map(({ proof }) => proof.body.type)
        .join(" ");
    };
    // Each transfer takes the share of its limit of 10,000 units, twice that of the claim's 5,000.
    expect(kindsWith(0)).toBe("invoke theorem theorem invoke");
    expect(kindsWith(1_000_000)).toBe("invoke theorem invoke theorem");
  });
});
