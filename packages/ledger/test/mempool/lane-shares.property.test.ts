import { type Proof, toAmount, toDifficulty, toResource } from "@aethel/models";
import { shareOfBlock, type Use, useOf, WHOLE_LANE } from "@aethel/rewards";
import { encodeCertificate } from "@aethel/verifier/certificate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beginBlock, earliestTimestamp, type Judged } from "../../src/index.ts";
import { type Lane, laneOf, type PendingProof } from "../../src/pending/pending.ts";
import { judgedAs } from "../fixtures/judgements.ts";
import { createPool, judgeAll } from "../fixtures/pools.ts";
import { createWorld, type Person, publish, theorem, transfer } from "../fixtures/world.ts";

const EACH = 150;
const RICH = 10_000_000_000n;

/** Chains whose blocks end at this or that: units, bytes, judging, growth of the state. */
const chains = fc.record({
  blockUnitsMax: fc.constantFrom(4_000_000, 8_000_000).map(toResource),
  blockBytesMax: fc.constantFrom(2_097_152, 8_000_000),
  blockResourceMax: fc.constantFrom(20_000_000, 320_000_000).map(toResource),
  stateGrowthMax: fc.constantFrom(2_097_152, 8_000_000),
});

/** A kind of proof that somebody fills a lane with. */
const calls: fc.Arbitrary<Call> = fc.record({
  kind: fc.constant("call"),
  limit: fc.constantFrom(700, 20_000, 500_000, 970_000),
});
const claims: fc.Arbitrary<Claim> = fc.record({
  kind: fc.constantFrom("theorem", "publish"),
  text: fc.constantFrom(20, 3_000, 60_000),
  certificate: fc.constantFrom(10, 3_000, 300_000, 990_000),
  judging: fc.constantFrom(5_000, 1_000_000, 19_000_000),
  verdict: fc.constantFrom("valid", "valid", "refuted"),
});
/** Those of the honest, each less than a twentieth of a lane. */
const smallCalls: fc.Arbitrary<Call> = fc.record({
  kind: fc.constant("call"),
  limit: fc.constantFrom(700, 20_000),
});
const smallClaims: fc.Arbitrary<Claim> = fc.record({
  kind: fc.constant("theorem"),
  text: fc.constantFrom(20, 20_000),
  certificate: fc.constantFrom(10, 20_000),
  judging: fc.constantFrom(5_000, 500_000),
  verdict: fc.constant("valid"),
});

interface Call {
  readonly kind: "call";
  readonly limit: number;
}
interface Claim {
  readonly kind: "theorem" | "publish";
  readonly text: number;
  readonly certificate: number;
  readonly judging: number;
  readonly verdict: "valid" | "refuted";
}
type Kind = Call | Claim;

const isCall = (kind: Kind): kind is Call => kind.kind === "call";

const certificates = new Map<number, Uint8Array>();

/** One line for one intent; those of theorems need no form. */
function certificateOf(bytes: number): Uint8Array {
  const known = certificates.get(bytes) ?? encodeCertificate([[new Uint8Array(bytes)]]);
  certificates.set(bytes, known);
  return known;
}

/** Answers of the Judge, by the proof that asks. */
type Answers = Map<Proof, Judged>;

function proofOf(kind: Kind, by: Person, at: number, answers: Answers): Proof {
  const offer = { nonce: 0, feeLimit: RICH / 2n, tip: BigInt(at) };
  if (isCall(kind)) {
    return transfer(base, by, base.bob.id, { ...offer, amount: 1n, resourceLimit: kind.limit });
  }
  const { text, certificate, judging, verdict } = kind;
  const shape = { ...offer, resourceLimit: 20_000_000 };
  const source = `intent i${at}(signer a: Account) { verify { true; } }`;
  const proof =
    kind.kind === "publish"
      ? publish(base, by, source + " ".repeat(text), shape)
      : theorem(base, by, `${at}`.padEnd(text), shape);
  const resource = toResource(judging);
  const judged = { ...judgedAs("valid"), resource, certificate: certificateOf(certificate) };
  const difficulty = toDifficulty(1_000);
  answers.set(
    proof,
    verdict === "valid"
      ? { ...judged, difficulty }
      : { ...judgedAs("refuted"), resource, difficulty },
  );
  return proof;
}

const base = createWorld({
  balances: Array.from({ length: 2 * EACH + 3 }, () => RICH),
  parameters: { statePrice: toAmount(1n), resourcePrice: toAmount(1n), bytePrice: toAmount(1n) },
});

/** Fills one block as a leader does; what each lane used of it, and what was left behind. */
function fill(chain: object, kinds: Readonly<Record<"ours" | "theirs", readonly Kind[]>>) {
  const state = { ...base.state, parameters: { ...base.genesis.parameters, ...chain } };
  const world = { ...base, state };
  const tools = { ...world.tools, checkProof: () => undefined };
  const pool = createPool(
    { ...world, tools },
    { countMax: 10_000, bytesMax: 1e9, waitingMax: 1e6 },
  );
  const answers: Answers = new Map();
  for (const [side, mix] of Object.values(kinds).entries()) {
    if (mix.length === 0) continue;
    for (let at = 0; at < EACH; at++) {
      const by = world.people[3 + side * EACH + at];
      const kind = mix[at % mix.length];
      if (by === undefined || kind === undefined) throw new Error("there are so many");
      const added = pool.add(proofOf(kind, by, at + side * EACH, answers));
      if (added.type === "refused") throw new Error(added.message);
    }
  }
  for (let next = pool.takeToJudge(); next !== undefined; next = pool.takeToJudge()) {
    pool.settle(next, answers.get(next.proof) ?? judgedAs("valid"));
  }
  const proposer = world.validators[0]?.id;
  if (proposer === undefined) throw new Error("a world has a validator");
  const opening = { proposer, evidence: [], parentCertificate: undefined };
  const begun = beginBlock(world.state, { ...opening, now: earliestTimestamp(world.state) }, tools);
  if (begun.type === "defect") throw new Error(begun.code);
  const { run } = begun;
  const nothing: Use = { bytes: 0, units: 0, judging: 0, growth: 0 };
  const used: Record<Lane, Use> = { invoke: nothing, judged: nothing };
  const largest: Record<Lane, number> = { invoke: 0, judged: 0 };
  const partIn = (lane: Lane, use: Use): number =>
    Number(useOf(use, shareOfBlock(lane, run.room.all))) / Number(WHOLE_LANE);
  const taken: PendingProof[] = [];
  const serving = pool.serve(run.room);
  for (let next = serving.next(); next !== undefined; next = serving.next()) {
    const before = run.room.left();
    const refusal = run.add(next.proof, next.judgement);
    if (refusal !== undefined) {
      serving.skipped(refusal.code === "block-full" ? "full" : "refused", refusal.needs);
      continue;
    }
    const left = run.room.left();
    const lane = laneOf(next);
    const took = {
      bytes: before.bytes - left.bytes,
      units: before.units - left.units,
      judging: before.judging - left.judging,
      growth: before.growth - left.growth,
    };
    largest[lane] = Math.max(largest[lane], partIn(lane, took));
    const sum = used[lane];
    used[lane] = {
      bytes: sum.bytes + took.bytes,
      units: sum.units + took.units,
      judging: sum.judging + took.judging,
      growth: sum.growth + took.growth,
    };
    taken.push(next);
    serving.taken();
  }
  const part = (lane: Lane): number => partIn(lane, used[lane]);
  const count = (lane: Lane): number => taken.filter((one) => laneOf(one) === lane).length;
  return { part, count, largest };
}

describe("two lanes of a block", () => {
  test("growth of the state counts, whoever makes it", () => {
    const pool = createPool(base);
    for (const nonce of [0, 1, 2, 3]) {
      pool.add(transfer(base, base.alice, base.bob.id, { nonce, amount: 1n }));
      pool.add(theorem(base, base.bob, `; valid ${nonce}`, { nonce }));
    }
    judgeAll(pool);
    let left: Use = { bytes: 1_000_000, units: 1_000_000, judging: 1_000_000, growth: 1_000_000 };
    const serving = pool.serve({ all: left, left: () => left, isFirstCall: () => false });
    const order: string[] = [];
    for (let next = serving.next(); next !== undefined; next = serving.next()) {
      const isCall = next.proof.body.type === "invoke";
      order.push(isCall ? "call" : "claim");
      const growth = left.growth - (isCall ? 0 : 200_000);
      left = { ...left, units: left.units - 10_000, growth };
      serving.taken();
    }
    expect(order.join(" ")).toBe("call claim call call call claim claim claim");
  });

  test("each gets its half, up to a proof of the other, whatever that is flooded with", () => {
    const mixes = fc.oneof(
      fc.record({
        ours: fc.array(smallCalls, { minLength: 1, maxLength: 2 }),
        theirs: fc.array(claims, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        ours: fc.array(smallClaims, { minLength: 1, maxLength: 2 }),
        theirs: fc.array(calls, { minLength: 1, maxLength: 3 }),
      }),
    );
    fc.assert(
      fc.property(chains, mixes, (chain, kinds) => {
        const [first] = kinds.ours;
        const lane: Lane = first?.kind === "call" ? "invoke" : "judged";
        const { part, count, largest } = fill(chain, kinds);
        // The other lane goes on while it has used no more, so it may pass its half by its last
        // proof.
        const { [lane === "invoke" ? "judged" : "invoke"]: last } = largest;
        if (count(lane) < EACH) expect(part(lane)).toBeGreaterThan(0.9 - last / 2);
      }),
      { numRuns: 20 },
    );
  });

  test("one has the whole block when nothing waits in the other", () => {
    const kinds = fc.oneof(smallCalls, smallClaims);
    fc.assert(
      fc.property(kinds, (kind) => {
        const chain = {
          blockUnitsMax: toResource(4_000_000),
          blockResourceMax: toResource(320_000_000),
        };
        const lane: Lane = isCall(kind) ? "invoke" : "judged";
        const { part, count } = fill(chain, { ours: [kind], theirs: [] });
        if (count(lane) < EACH) expect(part(lane)).toBeGreaterThan(1.8);
      }),
      { numRuns: 6 },
    );
  });
});
