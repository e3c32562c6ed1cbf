import { equalBytes, hashProof, type Proof, toHex } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  beginBlock,
  createMempool,
  earliestTimestamp,
  type Judgement,
  type LedgerState,
  type Mempool,
  type MempoolLimits,
  type PendingProof,
} from "../src/index.ts";
import { tableJudgement } from "./judgements.ts";
import { createNaive, type Entry, held, type Naive } from "./naive-mempool.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  certify,
  createWorld,
  invoke,
  type Person,
  step,
  theorem,
  transfer,
} from "./world.ts";

/** Small bounds, so that a few moves meet them all. */
const LIMITS: MempoolLimits = {
  countMax: 7,
  bytesMax: 2_600,
  perAuthorMax: 4,
  rejectedMax: 1,
  proposableMs: 100,
};
const LEAST_FEE = 30_000n;
const world = createWorld({
  stakes: [1_000_000n],
  balances: [900_000n, 2_000_000n, 400_000n, 5_000_000n],
});
const { people } = world;

const FEES = [0, ...Array.from({ length: 28 }, (_, at) => 1 + (at >> 1))];
const offer = fc.record({
  type: fc.constant("offer" as const),
  who: fc.nat({ max: 3 }),
  /** Above the author's next nonce. */
  ahead: fc.constantFrom(0, 0, 0, 1, 1, 2, 2, 3, 3, 4, -1),
  kind: fc.constantFrom(
    "transfer",
    "transfer",
    "transfer",
    "transfer",
    "swap",
    "swap",
    "nonsense",
    "valid",
    "valid",
    "valid",
    "refuted",
    "unknown",
    "rejected",
    "rejected",
  ),
  /** Powers of 1.1, so that replacing and driving out are often just allowed. */
  fee: fc.constantFrom(...FEES),
  resourceLimit: fc.constantFrom(500, 1_000, 1_000),
  lasts: fc.constantFrom(-1, 0, 1, 2, 3, 50, 50, 50, 50, 50),
  length: fc.constantFrom(0, 0, 10, 700),
  amount: fc.constantFrom(1n, 1n, 300_000n),
});
const move = fc.oneof(
  { weight: 16, arbitrary: offer },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("again" as const), at: fc.nat() }) },
  { weight: 6, arbitrary: fc.constant({ type: "judge" as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("settle" as const),
      at: fc.nat(),
      abstains: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("block" as const),
      most: fc.nat({ max: 4 }),
      /** Somebody's proof that this mempool never saw comes in the block first. */
      stranger: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
      isKept: fc.boolean(),
      changesKnown: fc.boolean(),
    }),
  },
);
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;
type Offer = Extract<Move, { readonly type: "offer" }>;

test("any moves: the mempool does what a naive one does, one array searched for every question", () => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 20, maxLength: 80, size: "max" }), (moves) => {
      const { state, tools } = world;
      const limits = { ...LIMITS };
      const pool = createMempool({ state, ...tools, limits });
      const intents = Object.values(world.intents).map(toHex);
      const naive = createNaive({ state, limits, intents, leastFee: LEAST_FEE });
      const play: Play = { pool, naive, state, offered: [], judging: [] };
      moves.forEach((one, at) => {
        make(play, one, at);
        expectAlike(play);
      });
    }),
    { numRuns: 150 },
  );
  // Else the moves would be too tame to tell anything.
  expect(EVENTS.filter((event) => !met.has(event))).toEqual([]);
});

const met = new Map<string, number>();
const note = (event: string): void => void met.set(event, (met.get(event) ?? 0) + 1);
const EVENTS = `
  certificate refused, certificate evicts,
  accepted, replaced, evicted, duplicate, fee-limit, expired, balance, nonce-used, nonce-gap,
  cosigner-nonce, unknown-intent, too-many-rejected, replacement-fee, pool-full, judged, rejected,
  dropped expired, dropped balance, dropped nonce-used, dropped cosigner-nonce,
  served, skipped refused, skipped full`
  .split(",")
  .map((event) => event.trim());

interface Play {
  readonly pool: Mempool;
  readonly naive: Naive;
  state: LedgerState;
  offered: readonly Proof[];
  judging: readonly { readonly pending: PendingProof; readonly entry: Entry }[];
}

function make(play: Play, one: Move, at: number): void {
  switch (one.type) {
    case "offer":
      return add(play, proofOf(play.state, one, at));
    case "again": {
      const proof = play.offered[one.at % Math.max(1, play.offered.length)];
      return proof === undefined ? undefined : add(play, proof);
    }
    case "judge":
      return takeToJudge(play);
    case "settle":
      return settle(play, one);
    case "block":
      return addBlock(play, one, at);
  }
}

function proofOf(state: LedgerState, one: Offer, at: number): Proof {
  const from = personAt(one.who);
  const nonce = Math.max(0, accountOf(state, from.id).nonce + one.ahead);
  const feeLimit = one.fee === 0 ? 1n : (50_000n * 11n ** BigInt(one.fee)) / 10n ** BigInt(one.fee);
  const expiry = state.header.sequence + 1 + one.lasts;
  const envelope = { nonce, feeLimit, expiry, resourceLimit: one.resourceLimit };
  const other = personAt(one.who + 1);
  switch (one.kind) {
    case "transfer":
      return transfer(world, from, other.id, { ...envelope, amount: one.amount });
    case "nonsense":
      return invoke(world, from, { ...envelope, intent: from.id as never, arguments: [] });
    case "swap":
      return invoke(world, from, {
        ...envelope,
        intent: "swap",
        arguments: [
          accountArgument(from.id),
          accountArgument(other.id),
          amountArgument(1n),
          amountArgument(1n),
        ],
        cosigners: [
          { person: other, nonce: Math.max(0, accountOf(state, other.id).nonce + (at % 4) - 1) },
        ],
      });
    default: {
      const script = `; ${one.kind} ${1 + ((at * 7) % 5)} ${at % 3} ${"x".repeat(one.length)}`;
      return theorem(world, from, script, envelope);
    }
  }
}

function add(play: Play, proof: Proof): void {
  play.offered = [...play.offered, proof];
  const added = play.pool.add(proof);
  const expected = play.naive.add(proof);
  expect(added.type === "refused" ? added.code : added.type).toBe(expected.code);
  note(expected.code);
  if (added.type === "accepted" && added.replaced !== undefined) note("replaced");
  if (expected.evicted.length > 0) note("evicted");
  const evicted = added.type === "refused" ? [] : added.evicted.map(toHex).toSorted();
  expect(evicted).toEqual(expected.evicted);
}

function takeToJudge(play: Play): void {
  const possible = play.naive.toJudge();
  const pending = play.pool.takeToJudge();
  if (pending === undefined) {
    expect(possible).toEqual([]);
    return;
  }
  const name = toHex(pending.hash);
  expect(possible).toContain(name);
  play.judging = [...play.judging, { pending, entry: play.naive.take(name) }];
}

function settle(play: Play, { at, abstains }: { readonly at: number; readonly abstains: boolean }) {
  const one = play.judging[at % Math.max(1, play.judging.length)];
  if (one === undefined) return;
  play.judging = play.judging.filter((other) => other !== one);
  const said = tableJudgement(one.pending.proof.body);
  const judgement =
    abstains || said === undefined ? { type: "abstained" as const, reason: "watchdog" } : said;
  const dropped = play.pool.settle(one.pending, withCertificate(judgement, at));
  expect(dropped.map(({ hash, refusal }) => `${toHex(hash)} ${refusal.code}`).toSorted()).toEqual(
    play.naive.settle(one.entry, withCertificate(judgement, at)),
  );
  if (dropped.length === 0) note("judged");
  for (const { hash, refusal } of dropped) {
    const isOwn = equalBytes(hash, one.pending.hash);
    note(refusal.code === "pool-full" ? `certificate ${isOwn ? "refused" : "evicts"}` : "rejected");
  }
}

/** Certificates of all lengths: what they add is held like the proofs. */
function withCertificate(judgement: Judgement, at: number): Judgement {
  if (judgement.type !== "judged" || judgement.certificate === undefined) return judgement;
  return { ...judgement, certificate: new Uint8Array([1, 60, 900][at % 3] ?? 0) };
}

/** A leader fills a block from both; then it is kept, or another one without proofs is. */
function addBlock(play: Play, one: Extract<Move, { readonly type: "block" }>, at: number): void {
  const { pool, naive, state } = play;
  const proposer = world.validators[0]?.id;
  if (proposer === undefined) throw new Error("a world has a validator");
  const now = earliestTimestamp(state);
  const opening = { now, proposer, evidence: [], parentCertificate: certify(world, state) };
  const begun = beginBlock(state, opening, world.tools);
  if (begun.type === "defect") throw new Error(begun.code);
  const proofs: Proof[] = [];
  const stranger = one.stranger === undefined ? undefined : personAt(one.stranger);
  if (stranger !== undefined) {
    const { nonce, balance } = accountOf(state, stranger.id);
    const proof = transfer(world, stranger, personAt(at).id, {
      nonce,
      amount: (balance * 9n) / 10n,
      feeLimit: 31_000n,
      resourceLimit: 700,
    });
    if (begun.run.add(proof, undefined) === undefined) proofs.push(proof);
  }
  const [serving, expected] = [pool.serve(), naive.serve()];
  for (let count = 0; ; count++) {
    const [next, wanted] = [serving.next(), expected.next()];
    expect(next && toHex(next.hash)).toBe(wanted?.name);
    if (next === undefined) break;
    const refusal =
      count >= one.most ? "full" : begun.run.add(next.proof, next.judgement) && "refused";
    for (const answered of [serving, expected]) {
      if (refusal === undefined) answered.taken(next.proof.body.resourceLimit);
      else answered.skipped(refusal);
    }
    if (refusal === undefined) proofs.push(next.proof);
    note(refusal === undefined ? "served" : `skipped ${refusal}`);
  }
  expectAlike(play);
  const kept = one.isKept ? proofs : [];
  const { state: after, transition } = step(world, state, { proofs: kept });
  play.state = after;
  const dropped = pool.update(after, one.changesKnown ? transition.changes : undefined);
  for (const { refusal } of dropped) note(`dropped ${refusal.code}`);
  expect(dropped.map(({ hash, refusal }) => `${toHex(hash)} ${refusal.code}`).toSorted()).toEqual(
    naive.update(after),
  );
}

function expectAlike({ pool, naive }: Play): void {
  const entries = naive.entries();
  expect(pool.count).toBe(entries.length);
  expect(pool.bytes).toBe(entries.reduce((sum, one) => sum + held(one), 0));
  expect(pool.hasReady()).toBe(naive.hasReady());
  for (const { proof, status } of entries) {
    const pending = pool.get(hashProof(proof));
    expect(pending?.status).toBe(status);
  }
}

function personAt(index: number): Person {
  const found = people[index % people.length];
  if (found === undefined) throw new Error("there are people");
  return found;
}
