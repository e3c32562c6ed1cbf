import {
  AMOUNT_MAX,
  type Digest,
  equalBytes,
  hashProof,
  Proof,
  toAmount,
  toHex,
} from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chargeFor } from "../../src/fees/charge.ts";
import { floorsOf, highestCap, mostUsed } from "../../src/fees/price.ts";
import {
  beginBlock,
  createMempool,
  type Dropped,
  earliestTimestamp,
  IntentRecord,
  type Judgement,
  type LedgerState,
  type Mempool,
  type MempoolLimits,
  type PendingProof,
  stateKey,
} from "../../src/index.ts";
import { programUnits } from "../../src/metering/units.ts";
import { BaseFees } from "../../src/state/records.ts";
import { tableJudgement } from "../fixtures/judgements.ts";
import { callOf } from "../fixtures/only-call.ts";
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
} from "../fixtures/world.ts";
import { createNaive, type Entry, held, type Naive } from "./naive-mempool.ts";

/** Small bounds, so that a few moves meet them all. */
const LIMITS: MempoolLimits = {
  countMax: 3,
  bytesMax: 1_500,
  perAuthorMax: 6,
  waitingMax: 5,
  waitingPerAuthorMax: 2,
  waitingBlocksMax: 3,
  judgedMax: 2,
  rejectedMax: 2,
  proposableMs: 100,
};
/** Each is met where another one is not in the way. */
const WIDER: readonly Partial<MempoolLimits>[] = [
  {},
  { countMax: 7, bytesMax: 100_000 },
  { bytesMax: 900, countMax: 100 },
  { waitingPerAuthorMax: 6, judgedMax: 6 },
  { waitingMax: 100, waitingPerAuthorMax: 6, countMax: 2 },
];
const world = createWorld({
  stakes: [1_000_000n],
  balances: [20_000_000n, 2_000_000n, 600_000n, 6_000_000n],
  parameters: { invokeBaseFeeMin: toAmount(100_000n), judgedBaseFeeMin: toAmount(100_000n) },
});
const { people } = world;

const PRICES: bigint[] = [100_000n];
while (PRICES.length < 15) PRICES.push(((PRICES.at(-1) ?? 0n) * 11n + 9n) / 10n);

const offer = fc.record({
  type: fc.constant("offer" as const),
  who: fc.nat({ max: 3 }),
  /** Above the author's next nonce. */
  ahead: fc.constantFrom(0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6, -1),
  kind: fc.constantFrom(
    "transfer",
    "transfer",
    "transfer",
    "transfer",
    "swap",
    "swap",
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
  /** Steps of a tenth, so that replacing and driving out are often just allowed. */
  price: fc.constantFrom(...PRICES),
  /** Distance of the fee limit above the least one, in tenths: for rising base fees, or too low. */
  margin: fc.constantFrom(0, 1, 2, 3, 10, 10, 10, 10, 10, -1),
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
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("block" as const),
      most: fc.constantFrom(0, 1, 2, 4, 7, 7),
      /** Somebody's proof that this mempool never saw comes in the block first. */
      stranger: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
      isKept: fc.constantFrom(true, true, false),
      changesKnown: fc.boolean(),
      /** Base fees after the block, in tenths of the lowest. */
      baseFee: fc.constantFrom(10n, 10n, 10n, 11n, 12n, 15n),
    }),
  },
);
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;
type Offer = Extract<Move, { readonly type: "offer" }>;

/** Games that chance seldom plays. */
const usual = {
  type: "offer",
  ahead: 0,
  price: 100_000n,
  margin: 10,
  resourceLimit: 500,
  lasts: 50,
  length: 0,
  amount: 1n,
} as const;
const block = {
  type: "block",
  stranger: undefined,
  isKept: true,
  changesKnown: true,
  baseFee: 10n,
} as const;
const RARE: [Move[], Partial<MempoolLimits>][] = [
  [
    [
      { ...usual, who: 1, kind: "transfer" },
      { ...usual, who: 3, kind: "valid" },
      { ...usual, who: 0, kind: "swap" },
      { type: "judge" },
      { type: "settle", at: 0, abstains: false },
    ],
    {},
  ],
  [
    [
      { ...usual, who: 1, kind: "transfer" },
      { ...block, most: 4 },
      { ...block, most: 0 },
      { ...usual, who: 0, kind: "swap" },
    ],
    {},
  ],
  [
    [
      { ...usual, who: 1, kind: "valid" },
      { ...usual, who: 3, kind: "valid" },
      { type: "judge" },
      { type: "judge" },
      { type: "settle", at: 2, abstains: false },
      { type: "settle", at: 2, abstains: false },
    ],
    {},
  ],
  [
    [
      ...([0, 1, 2, 3] as const).map((ahead): Move => {
        return { ...usual, who: 3, ahead, margin: ahead === 0 ? 0 : 2, kind: "transfer" };
      }),
      ...[1, 2, 3, 4, 5].map((): Move => ({ ...block, most: 0, baseFee: 15n })),
    ],
    { countMax: 7, bytesMax: 100_000 },
  ],
  // A nonce is free again when what used it expires: cosigned, an author's own, with the Judge.
  [
    [
      { ...usual, who: 0, kind: "swap", lasts: 0 },
      { ...usual, who: 1, kind: "transfer" },
      { ...block, most: 0 },
    ],
    {},
  ],
  [
    [
      { ...usual, who: 1, kind: "transfer", price: 110_000n, lasts: 0 },
      ...[1, 2, 3, 4].map((): Move => ({ type: "judge" })),
      { ...usual, who: 0, kind: "swap" },
      { ...block, most: 0 },
    ],
    {},
  ],
  [
    [
      { ...usual, who: 1, kind: "valid", lasts: 0 },
      { type: "judge" },
      { ...usual, who: 0, kind: "swap" },
      { ...block, most: 0 },
    ],
    {},
  ],
  // A dear proof counts for what the cheap one before it pays, until that is in a block.
  [
    [
      { ...usual, who: 3, kind: "transfer" },
      { ...usual, who: 3, kind: "transfer", ahead: 1 },
      { ...usual, who: 3, kind: "transfer", ahead: 1, price: 300_000n },
      { ...usual, who: 1, kind: "transfer", price: 110_000n },
    ],
    { countMax: 2 },
  ],
  [
    [
      { ...usual, who: 3, kind: "transfer" },
      { ...usual, who: 3, kind: "transfer", ahead: 1, price: 300_000n },
      { ...block, most: 1 },
      { ...usual, who: 1, kind: "transfer", price: 200_000n, margin: 2 },
      { ...usual, who: 0, kind: "transfer", price: 240_000n },
    ],
    { countMax: 2 },
  ],
  // What waits for a lower base fee behind what pays for it runs again when the fee has come down.
  [
    [
      { ...usual, who: 3, kind: "transfer" },
      { ...usual, who: 3, kind: "transfer", ahead: 1, margin: 0 },
      { ...block, most: 0, baseFee: 15n },
      { ...block, most: 0 },
    ],
    { countMax: 7, bytesMax: 100_000 },
  ],
  // A nonce under judgement is free when the proof is rejected: who needs it to cosign runs then.
  [
    [
      { ...usual, who: 1, kind: "rejected" },
      { type: "judge" },
      { ...usual, who: 0, kind: "swap" },
      { type: "settle", at: 0, abstains: false },
    ],
    {},
  ],
  // An author that was driven out while it waited for a lower base fee comes again, and stays.
  [
    [
      { ...usual, who: 3, kind: "transfer", margin: 0 },
      { ...block, most: 0, baseFee: 15n },
      { ...usual, who: 1, kind: "transfer", ahead: 1 },
      { ...usual, who: 3, kind: "transfer" },
      { ...block, most: 0, baseFee: 15n },
      { ...usual, who: 3, kind: "transfer", ahead: 1 },
    ],
    { waitingMax: 1 },
  ],
];
/** In the short run the same games each time, among them some of all kinds. */
const RUNS =
  process.env["AETHEL_SLOW"] === "1" ? { numRuns: 2_000 } : { numRuns: 56 + RARE.length, seed: 23 };
const games = fc.array(move, { minLength: 20, maxLength: 80, size: "max" });

test("any moves: the mempool does what a naive one does, one array searched for every question", () => {
  fc.assert(
    fc.property(games, fc.constantFrom(...WIDER), (moves, wider) => {
      const { state, tools } = world;
      const limits = { ...LIMITS, ...wider };
      const pool = createMempool({ state, ...tools, limits });
      const intents = Object.values(world.intents).map(toHex);
      const naive = createNaive({ state, limits, intents });
      const play: Play = { pool, naive, state, offered: [], judging: [] };
      moves.forEach((one, at) => {
        make(play, one, at);
        expectAlike(play);
      });
    }),
    { ...RUNS, examples: RARE },
  );
  // Else the moves would be too tame to tell anything.
  expect(EVENTS.filter((event) => !met.has(event))).toEqual([]);
});

const met = new Map<string, number>();
const note = (event: string): void => void met.set(event, (met.get(event) ?? 0) + 1);
const EVENTS = `
  accepted, replaced, duplicate, fee-limit, expired, balance, nonce-used, nonce-gap,
  cosigner-nonce, unknown-intent, too-many-rejected, replacement-fee, replacement-waits,
  under-judgement, author-quota, pool-full, gone pool-full, gone displaced,
  judged, judged slowly, settled rejected, settled abstained, settled pool-full,
  dropped expired, dropped balance, dropped nonce-used, dropped cosigner-nonce,
  dropped nonce-gap, dropped abstained, dropped base-fee,
  moved over, came to wait, served, skipped refused, skipped full`
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

/** The same proof with a fee limit so far above the least that is taken at the floors. */
function proofOf(state: LedgerState, one: Offer, at: number): Proof {
  const overlay = overlayOf(state, one, at, AMOUNT_MAX);
  const { body } = overlay;
  const { parameters } = world.genesis;
  const record =
    body.type === "invoke" ? state.tree.get(stateKey.intent(callOf(body).intent)) : undefined;
  const units =
    record === undefined ? 0 : programUnits(IntentRecord.decode(record).canonical.length);
  const most = mostUsed({ body, bytes: Proof.encode(overlay).length }, parameters, { units });
  const prices = { parameters, baseFees: floorsOf(parameters), cap: highestCap(parameters) };
  const least = chargeFor(body, most, prices).charged;
  return overlayOf(state, one, at, one.margin < 0 ? 1n : (least * BigInt(10 + one.margin)) / 10n);
}

function overlayOf(state: LedgerState, one: Offer, at: number, feeLimit: bigint): Proof {
  const from = personAt(one.who);
  const nonce = Math.max(0, accountOf(state, from.id).nonce + one.ahead);
  const expiry = state.header.sequence + 1 + one.lasts;
  const tip = one.price - world.genesis.parameters.invokeBaseFeeMin;
  const envelope = { nonce, tip, feeLimit, expiry, resourceLimit: one.resourceLimit };
  const other = personAt(one.who + 1);
  switch (one.kind) {
    case "transfer":
      return transfer(world, from, other.id, { ...envelope, amount: one.amount });
    case "nonsense":
      return invoke(world, from, { ...envelope, intent: from.id as never, arguments: [] });
    case "swap":
      return invoke(world, from, {
        ...envelope,
        // Often worth what the cosigner's own proof must give way to.
        tip: at % 2 === 0 ? (PRICES.at(-1) ?? tip) : tip,
        intent: "swap",
        arguments: [
          accountArgument(from.id),
          accountArgument(other.id),
          amountArgument(1n),
          amountArgument(1n),
        ],
        cosigners: [
          {
            person: other,
            nonce: Math.max(0, accountOf(state, other.id).nonce + ([0, 1, 0, -1, 0][at % 5] ?? 0)),
          },
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
  const dropped = added.type === "refused" ? [] : said(added.dropped);
  for (const one of dropped) note(`gone ${one.split(" ")[1]}`);
  expect(dropped).toEqual(expected.dropped);
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
  const table = tableJudgement(one.pending.proof.body);
  const judgement =
    abstains || table === undefined ? { type: "abstained" as const, reason: "watchdog" } : table;
  const answer = withCertificate(judgement, at);
  const dropped = said(play.pool.settle(one.pending, answer));
  expect(dropped).toEqual(play.naive.settle(one.entry, answer));
  if (dropped.length === 0) note("judged");
  if (dropped.length === 0 && answer.type === "judged" && answer.milliseconds > 100) {
    note("judged slowly");
  }
  for (const gone of dropped) note(`settled ${gone.split(" ")[1]}`);
}

const said = (dropped: readonly Dropped[]): readonly string[] =>
  dropped.map(({ hash, refusal }) => `${toHex(hash)} ${refusal.code}`).toSorted();

/** Certificates of all lengths: what they add is held like the proofs. Some took long to judge. */
function withCertificate(judgement: Judgement, at: number): Judgement {
  if (judgement.type !== "judged") return judgement;
  const milliseconds = at % 7 === 0 ? 101 : 1;
  if (judgement.certificate === undefined) return { ...judgement, milliseconds };
  return { ...judgement, milliseconds, certificate: new Uint8Array([1, 60, 900][at % 3] ?? 0) };
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
      amount: balance > 200_000n ? balance - 200_000n : 1n,
      feeLimit: 150_000n,
      resourceLimit: 700,
    });
    if (begun.run.add(proof, undefined) === undefined) proofs.push(proof);
  }
  const [serving, expected] = [pool.serve(begun.run.room), naive.serve(begun.run.room)];
  for (let count = 0; ; count++) {
    const [next, wanted] = [serving.next(), expected.next()];
    expect(next && toHex(next.hash)).toBe(wanted?.name);
    if (next === undefined) break;
    const refusal =
      count >= one.most ? "full" : begun.run.add(next.proof, next.judgement) && "refused";
    for (const answered of [serving, expected]) {
      if (refusal === undefined) answered.taken();
      else answered.skipped(refusal);
    }
    if (refusal === undefined) proofs.push(next.proof);
    note(refusal === undefined ? "served" : `skipped ${refusal}`);
  }
  expectAlike(play);
  const kept = one.isKept ? proofs : [];
  const { state: after, transition } = step(world, state, { proofs: kept });
  play.state = after;
  const seen = withBaseFee(after, 10_000n * one.baseFee);
  const includes = (hash: Digest): boolean => kept.some((one) => equalBytes(hash, hashProof(one)));
  const block = one.changesKnown ? { changes: transition.changes, includes } : undefined;
  // A mempool that is not told what was in the block takes all that was used for paid.
  const included = one.changesKnown ? kept.map(hashProof).map(toHex) : naive.entries().map(nameOf);
  const dropped = said(pool.update(seen, block));
  for (const gone of dropped) note(`dropped ${gone.split(" ")[1]}`);
  expect(dropped).toEqual(naive.update(seen, included));
}

/** State after a block full of others' proofs, with these base fees. */
function withBaseFee(state: LedgerState, baseFee: bigint): LedgerState {
  const fees = { invoke: toAmount(baseFee), judged: toAmount(baseFee) };
  const value = BaseFees.encode(fees);
  return { ...state, tree: state.tree.update([{ key: stateKey.baseFees, value }]) };
}

const nameOf = ({ name }: Entry): string => name;

const runnable = new WeakMap<Entry, boolean>();

function expectAlike({ pool, naive, state }: Play): void {
  const entries = naive.entries();
  expect(pool.count).toBe(entries.length);
  expect(pool.waiting).toBe(entries.filter((one) => !one.isRunnable).length);
  expect(pool.bytes).toBe(entries.reduce((sum, one) => sum + held(one), 0));
  expect(pool.hasReady()).toBe(naive.hasReady());
  expect(pool.hashes(100).map(toHex).toSorted()).toEqual(entries.map(nameOf).toSorted());
  for (const entry of entries) {
    const pending = pool.get(hashProof(entry.proof));
    expect([pending?.status, pending?.place === "runnable"]).toEqual([
      entry.status,
      entry.isRunnable,
    ]);
    if (runnable.get(entry) === true && !entry.isRunnable) note("came to wait");
    if (runnable.get(entry) === false && entry.isRunnable) note("moved over");
    runnable.set(entry, entry.isRunnable);
  }
  for (const { id } of people) expect(pool.pendingNonce(id)).toBe(freeNonce(entries, state, id));
}

/** The least nonce that neither the state nor a proof of the account uses, nor one it cosigned. */
function freeNonce(entries: readonly Entry[], state: LedgerState, id: Person["id"]): number {
  const { nonce } = accountOf(state, id);
  const used = entries.flatMap(({ proof: { body }, isRunnable }) => [
    ...(equalBytes(body.author, id) ? [body.nonce] : []),
    ...(body.type === "invoke" && isRunnable ? body.cosigners : [])
      .filter(({ account }) => equalBytes(account, id))
      .map((cosigner) => cosigner.nonce),
  ]);
  for (let free: number = nonce; ; free++) if (!used.some((one) => one === free)) return free;
}

function personAt(index: number): Person {
  const found = people[index % people.length];
  if (found === undefined) throw new Error("there are people");
  return found;
}
