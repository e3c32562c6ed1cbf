/**
 * Model of the mempool in the simplest form: one array, searched and sorted anew for every
 * question. It shares no code with the mempool but the names of its refusals.
 */
import { compareBytes, hashProof, Proof, type ProofBody, toAmount, toHex } from "@aethel/models";
import { chargeFor } from "../../src/fees/charge.ts";
import { highestCap, mostUsed } from "../../src/fees/price.ts";
import {
  baseFeesOf,
  IntentRecord,
  type Judged,
  type Judgement,
  type LedgerState,
  leastFeeLimit,
  type MempoolLimits,
  stateKey,
} from "../../src/index.ts";
import type { BlockRoom } from "../../src/metering/block-room.ts";
import { costOf, programUnits } from "../../src/metering/units.ts";
import type { BaseFees } from "../../src/state/records.ts";
import { callOf } from "../fixtures/only-call.ts";
import { accountOf } from "../fixtures/world.ts";

export interface Entry {
  readonly proof: Proof;
  readonly name: string;
  readonly author: string;
  readonly bytes: number;
  status: "waiting" | "judging" | "ready";
  /** It could be in the next block; else it waits, and since when. */
  isRunnable: boolean;
  since: number;
  judgement: Judged | undefined;
  abstentions: number;
  stuckAt: number | undefined;
}

export interface Naive {
  /** The code of its refusal, or `accepted`; and `name code` of what had to go. */
  readonly add: (proof: Proof) => { readonly code: string; readonly dropped: readonly string[] };
  /** Names of all that the Judge could be given next. */
  readonly toJudge: () => readonly string[];
  readonly take: (name: string) => Entry;
  /** `name code` of all that was dropped for it. */
  readonly settle: (entry: Entry, judgement: Judgement) => readonly string[];
  readonly hasReady: () => boolean;
  readonly serve: (room: BlockRoom) => NaiveServing;
  /** `name code` of everything that was dropped. */
  readonly update: (state: LedgerState, included: readonly string[]) => readonly string[];
  readonly entries: () => readonly Entry[];
  /** Judgings of the author that no block has charged for. */
  readonly unpaid: (author: string) => number;
}

export interface NaiveServing {
  readonly next: () => Entry | undefined;
  readonly taken: () => void;
  readonly skipped: (why: "full" | "refused") => void;
}

/** Those before an author's fifth may drive out others, when they last for 16 blocks. */
const FRONT = 4;
const LASTING = 16;

const nonceOf = ({ proof }: Entry): number => proof.body.nonce;
const isInvoke = ({ proof }: Entry): boolean => proof.body.type === "invoke";
const laneOf = (one: Entry): "invoke" | "judged" => (isInvoke(one) ? "invoke" : "judged");
const wasJudged = (one: Entry): boolean => !isInvoke(one) && one.status !== "waiting";
const byNonce = (left: Entry, right: Entry): number => nonceOf(left) - nonceOf(right);
const byHash = (left: Entry, right: Entry): number =>
  compareBytes(hashProof(left.proof), hashProof(right.proof));
const cosignersOf = ({ proof: { body } }: Entry) => (body.type === "invoke" ? body.cosigners : []);

/** Claim for the Judge; an invoke has none. */
const claimOf = ({ proof: { body } }: Entry): string | undefined => {
  if (body.type === "invoke") return undefined;
  const text = body.type === "theorem" ? body.script : body.source;
  return `${body.type} ${body.resourceLimit} ${toHex(text)}`;
};

/** With its certificate, once it is judged. */
export const held = ({ bytes, judgement }: Entry): number =>
  bytes + (judgement?.certificate?.length ?? 0);
export const kibibytes = (one: Entry): number => Math.ceil(held(one) / 1_024);

interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

const compare = (left: Fraction, right: Fraction): number => {
  const [ours, theirs] = [left.over * right.under, right.over * left.under];
  return ours === theirs ? 0 : ours > theirs ? 1 : -1;
};
const tenthAbove = (left: Fraction, right: Fraction): boolean =>
  left.over * right.under * 10n >= right.over * left.under * 11n;

export function createNaive(options: {
  readonly state: LedgerState;
  readonly intents: readonly string[];
  readonly limits: MempoolLimits;
}): Naive {
  const { limits, intents } = options;
  let { state } = options;
  let entries: readonly Entry[] = [];
  /** Each judging for nothing, with the block before which it was. */
  let unpaid: readonly { readonly author: string; readonly block: number }[] = [];
  let judging: readonly string[] = [];
  let dropped: { readonly name: string; readonly code: string }[] = [];
  let blocks = 0;

  // Questions about the state.
  const account = (id: Entry["proof"]["body"]["author"]): ReturnType<typeof accountOf> =>
    accountOf(state, id);
  const next = (): number => state.header.sequence + 1;
  const usedNonce = ({ body }: Proof): string | undefined => {
    if (body.nonce < account(body.author).nonce) return "nonce-used";
    if (body.type !== "invoke") return undefined;
    const isUsed = body.cosigners.some((one) => one.nonce < account(one.account).nonce);
    return isUsed ? "cosigner-nonce" : undefined;
  };
  const isExpired = ({ body }: Proof): boolean => body.expiry < next();

  // Questions about what is here.
  const queueOf = (author: string): readonly Entry[] =>
    entries.filter((one) => one.author === author).toSorted(byNonce);
  const authors = (): readonly string[] => [...new Set(entries.map((one) => one.author))];
  const runnableOf = (author: string): readonly Entry[] =>
    queueOf(author).filter((one) => one.isRunnable);
  const before = (one: Entry): readonly Entry[] =>
    queueOf(one.author).filter((other) => nonceOf(other) < nonceOf(one));
  const stands = (one: Entry): number => nonceOf(one) - account(one.proof.body.author).nonce;
  /** Floor and tip: what it pays for each part of its lane, beside what all pay. */
  const price = ({ proof: { body } }: Entry): Fraction => {
    const { invokeBaseFeeMin, judgedBaseFeeMin } = state.parameters;
    const floor = body.type === "invoke" ? invokeBaseFeeMin : judgedBaseFeeMin;
    return { over: floor + (body.tip ?? 0n), under: 1n };
  };
  /** The larger of its shares of the lane, in billionths. */
  const weight = ({ proof: { body }, bytes }: Entry): bigint => {
    const { blockBytesMax, blockUnitsMax, blockResourceMax } = state.parameters;
    const shares: readonly (readonly [number, number])[] = [
      [bytes, Math.floor(blockBytesMax / 2)],
      [costOf({ body, bytes }) + loading(body), Math.floor(blockUnitsMax / 2)],
      [body.type === "invoke" ? 0 : body.resourceLimit, blockResourceMax],
    ];
    return BigInt(Math.max(...shares.map(([part, of]) => Math.ceil((part * 1e9) / of))));
  };
  /** Units that loading what it calls takes, where its block calls it first. */
  const loading = (body: ProofBody): number => {
    const bytes =
      body.type === "invoke" ? state.tree.get(stateKey.intent(callOf(body).intent)) : undefined;
    return bytes === undefined ? 0 : programUnits(IntentRecord.decode(bytes).canonical.length);
  };
  /** Whether its fee limit suffices in the dearest case, as execution counts it. */
  const suffices = ({ proof: { body }, bytes }: Entry, baseFees: BaseFees): boolean => {
    const most = mostUsed({ body, bytes }, state.parameters, { units: loading(body) });
    const prices = { parameters: state.parameters, baseFees, cap: highestCap(state.parameters) };
    return chargeFor(body, most, prices).charged <= body.feeLimit;
  };
  /** The same at so many times the base fee. */
  const paysBase = (one: Entry, times = 1n): boolean => {
    const { invoke, judged } = baseFeesOf(state.tree);
    return suffices(one, { invoke: toAmount(times * invoke), judged: toAmount(times * judged) });
  };
  const bestFirst = (left: Entry, right: Entry): number =>
    compare(price(right), price(left)) || byHash(left, right);
  /** Price with which it competes for room. */
  const worth = (one: Entry): Fraction => {
    const [least] = [...before(one), one].map(price).toSorted(compare);
    const { over, under } = least ?? price(one);
    return { over, under: under * BigInt(stands(one) + 1) };
  };
  /** Every nonce before it is that of a runnable proof. */
  const isNext = (one: Entry): boolean =>
    stands(one) >= 0 &&
    before(one).filter(({ isRunnable }) => isRunnable).length === stands(one) &&
    before(one).length === stands(one);
  const couldRun = (one: Entry): boolean =>
    isNext(one) &&
    one.status === "ready" &&
    paysBase(one) &&
    (one.judgement?.milliseconds ?? 0) <= limits.proposableMs &&
    cosignersOf(one).every((cosigner) => cosigner.nonce === account(cosigner.account).nonce);
  /** Each nonce that a proof uses, by who and which. */
  const noncesOf = (one: Entry): readonly string[] => [
    `${one.author} ${nonceOf(one)}`,
    ...cosignersOf(one).map((cosigner) => `${toHex(cosigner.account)} ${cosigner.nonce}`),
  ];
  const collide = (left: Entry, right: Entry): boolean =>
    left !== right && noncesOf(left).some((nonce) => noncesOf(right).includes(nonce));
  const rivalsOf = (one: Entry): readonly Entry[] =>
    entries.filter(
      (other) => collide(one, other) && (other.isRunnable || other.status === "judging"),
    );

  // Changes.
  const wait = (one: Entry): void => {
    one.isRunnable = false;
    one.since = next();
  };
  /** Takes proofs out; what was runnable behind them waits. */
  const without = (gone: readonly Entry[]): void => {
    entries = entries.filter((one) => !gone.includes(one));
    for (const author of authors()) {
      for (const one of queueOf(author)) {
        if (one.isRunnable && !(isNext(one) && paysBase(one))) wait(one);
      }
    }
  };
  const owe = (author: string): void => {
    unpaid = [...unpaid, { author, block: blocks }];
  };
  const pay = (author: string): void => {
    const oldest = unpaid.find((one) => one.author === author);
    unpaid = unpaid.filter((one) => one !== oldest);
  };
  const drop = (one: Entry, code: string): void => {
    if (!entries.includes(one)) return;
    if (wasJudged(one)) owe(one.author);
    dropped.push({ name: one.name, code });
    without([one]);
  };

  // Room.
  const sum = (list: readonly Entry[], size: (one: Entry) => number): number =>
    list.reduce((all, one) => all + size(one), 0);
  /** Proofs that give way in its lane; undefined when there is no room. */
  const roomInLane = (one: Entry, leaving: readonly Entry[]): readonly Entry[] | undefined => {
    const lane = entries.filter(
      (other) => other.isRunnable && other !== one && laneOf(other) === laneOf(one),
    );
    const others = lane.filter((other) => !leaving.includes(other));
    const fits = (gone: readonly Entry[]): boolean =>
      others.length - gone.length + 1 <= limits.countMax &&
      sum(others, held) - sum(gone, held) + held(one) <= limits.bytesMax;
    let gone: readonly Entry[] = [];
    if (fits(gone)) return gone;
    const chain = [...before(one), one];
    if (stands(one) >= FRONT) return undefined;
    if (chain.some(({ proof }) => proof.body.expiry < next() + LASTING)) return undefined;
    if (!chain.every((other) => paysBase(other, 2n))) return undefined;
    while (!fits(gone)) {
      const [lowest] = others
        .filter((other) => !gone.includes(other))
        .toSorted((left, right) => compare(worth(left), worth(right)) || byHash(right, left));
      if (lowest === undefined || !tenthAbove(worth(one), worth(lowest))) return undefined;
      gone = [...gone, lowest];
    }
    const bid = (other: Entry): bigint => price(other).over * weight(other);
    const lost = gone.reduce((all, other) => all + bid(other), 0n);
    const paysAll = bid(one) * 10n >= lost * 11n;
    return gone.length < 2 || paysAll ? gone : undefined;
  };
  const waiting = (): readonly Entry[] => entries.filter((one) => !one.isRunnable);
  /** Highest nonce of the waiting author who holds the most, proofs under judgement not counted. */
  const greediest = (but: readonly Entry[]): { one: Entry; holds: number } | undefined => {
    const loose = waiting().filter((one) => one.status !== "judging" && !but.includes(one));
    const [most] = authors()
      .flatMap((author) => {
        const own = loose.filter((one) => one.author === author).toSorted(byNonce);
        const one = own.at(-1);
        return one === undefined ? [] : [{ one, holds: sum(own, kibibytes) }];
      })
      .toSorted(
        (left, right) =>
          right.holds - left.holds ||
          left.one.since - right.one.since ||
          byHash(left.one, right.one),
      );
    return most;
  };
  const roomToWait = (fresh: Entry, replaced: Entry | undefined): readonly Entry[] | undefined => {
    const leaving = replaced === undefined ? [] : [replaced];
    const own = waiting().filter(
      (one) => one.author === fresh.author && one.status !== "judging" && one !== replaced,
    );
    const holds = sum(own, kibibytes) + kibibytes(fresh);
    let gone: readonly Entry[] = [];
    const size = (): number =>
      sum(waiting(), kibibytes) - sum([...gone, ...leaving], kibibytes) + kibibytes(fresh);
    while (size() > limits.waitingMax) {
      const most = greediest([...gone, ...leaving]);
      if (most === undefined || most.holds < holds) return undefined;
      gone = [...gone, most.one];
    }
    return gone;
  };

  /** Moves over what can run, best first; then gives up what waits beyond the bounds. */
  const finish = (): readonly string[] => {
    for (;;) {
      const [best] = entries
        .filter((one) => !one.isRunnable && couldRun(one) && rivalsOf(one).length === 0)
        .toSorted(bestFirst);
      if (best === undefined) break;
      const room = roomInLane(best, []);
      if (room === undefined) drop(best, "pool-full");
      for (const one of room ?? []) drop(one, "pool-full");
      if (room !== undefined) best.isRunnable = true;
    }
    for (const author of authors()) {
      const loose = (): readonly Entry[] => queueOf(author).filter((one) => !one.isRunnable);
      while (loose().length > limits.waitingPerAuthorMax) {
        const last = loose().findLast((one) => one.status !== "judging");
        if (last === undefined) break;
        drop(last, "pool-full");
      }
    }
    while (sum(waiting(), kibibytes) > limits.waitingMax) {
      const most = greediest([]);
      if (most === undefined) break;
      drop(most.one, "pool-full");
    }
    const said = dropped.map(({ name, code }) => `${name} ${code}`).toSorted();
    dropped = [];
    return said;
  };

  const replaces = (fresh: Entry, old: Entry): boolean =>
    tenthAbove(price(fresh), price(old)) && fresh.proof.body.feeLimit >= old.proof.body.feeLimit;

  const refuse = (fresh: Entry, replaced: Entry | undefined): string | undefined => {
    const { proof, author } = fresh;
    const { body } = proof;
    const own = queueOf(author).filter((one) => one !== replaced);
    if (entries.some((one) => one.name === fresh.name)) return "duplicate";
    if (body.feeLimit < leastFeeLimit({ body, bytes: fresh.bytes }, state.parameters))
      return "fee-limit";
    if (isExpired(proof)) return "expired";
    const reserved = own.reduce<bigint>((all, one) => all + one.proof.body.feeLimit, body.feeLimit);
    const { balance, nonce } = account(body.author);
    if (reserved > balance) return "balance";
    const used = usedNonce(proof);
    if (used !== undefined) return used;
    if (body.nonce >= nonce + limits.perAuthorMax) return "nonce-gap";
    const noSpace = refuseOnSpace(fresh, replaced, own);
    if (noSpace !== undefined) return noSpace;
    if (body.type === "invoke" && !intents.includes(toHex(callOf(body).intent)))
      return "unknown-intent";
    const { invokeBaseFeeMin: invoke, judgedBaseFeeMin: judged } = state.parameters;
    if (!suffices(fresh, { invoke, judged })) return "fee-limit";
    const isWork = body.type !== "invoke" || (replaced !== undefined && wasJudged(replaced));
    const owes = isWork && !wasJudged(fresh) && owedBy(author) >= limits.rejectedMax;
    return owes ? "too-many-rejected" : undefined;
  };
  const refuseOnSpace = (
    fresh: Entry,
    replaced: Entry | undefined,
    own: readonly Entry[],
  ): string | undefined => {
    if (replaced === undefined) {
      if (own.length >= limits.perAuthorMax) return "author-quota";
      const loose = own.filter((one) => !one.isRunnable);
      const waits = !isNext(fresh) && loose.length >= limits.waitingPerAuthorMax;
      return waits ? "author-quota" : undefined;
    }
    if (replaced.status === "judging") return "under-judgement";
    return replaces(fresh, replaced) ? undefined : "replacement-fee";
  };
  const isWasted = (old: Entry, fresh: Entry): boolean => wasJudged(old) && !wasJudged(fresh);
  const owedBy = (author: string): number => unpaid.filter((one) => one.author === author).length;

  const add: Naive["add"] = (proof) => {
    const fresh: Entry = {
      proof,
      name: toHex(hashProof(proof)),
      author: toHex(proof.body.author),
      bytes: Proof.encode(proof).length,
      status: proof.body.type === "invoke" ? "ready" : "waiting",
      isRunnable: false,
      since: 0,
      judgement: undefined,
      abstentions: 0,
      stuckAt: undefined,
    };
    const replaced = entries.find(
      (one) => one.author === fresh.author && nonceOf(one) === nonceOf(fresh),
    );
    if (replaced?.judgement !== undefined && claimOf(replaced) === claimOf(fresh)) {
      fresh.judgement = replaced.judgement;
      fresh.status = "ready";
    }
    const code = refuse(fresh, replaced);
    if (code !== undefined) return { code, dropped: [] };
    const rivals = rivalsOf(fresh).filter((one) => one !== replaced);
    const isOpen = rivals.every(
      (one) => one.status !== "judging" && one.author !== fresh.author && replaces(fresh, one),
    );
    if (couldRun(fresh) && isOpen) {
      const room = roomInLane(fresh, replaced === undefined ? rivals : [...rivals, replaced]);
      if (room === undefined) return { code: "pool-full", dropped: [] };
      for (const rival of rivals) drop(rival, "displaced");
      if (replaced !== undefined && isWasted(replaced, fresh)) owe(fresh.author);
      fresh.isRunnable = true;
      entries = [...entries.filter((one) => one !== replaced), fresh];
      for (const one of room) drop(one, "pool-full");
      return { code: "accepted", dropped: finish() };
    }
    if (replaced?.isRunnable === true) return { code: "replacement-waits", dropped: [] };
    const loose = queueOf(fresh.author).filter((one) => !one.isRunnable);
    if (replaced === undefined && loose.length >= limits.waitingPerAuthorMax) {
      return { code: "author-quota", dropped: [] };
    }
    const room = roomToWait(fresh, replaced);
    if (room === undefined) return { code: "pool-full", dropped: [] };
    if (replaced !== undefined && isWasted(replaced, fresh)) owe(fresh.author);
    entries = [...entries.filter((one) => one !== replaced), fresh];
    wait(fresh);
    for (const one of room) drop(one, "pool-full");
    return { code: "accepted", dropped: finish() };
  };

  /** The first that waits for the Judge, when all before it are runnable and were judged. */
  const nextOf = (author: string): Entry | undefined => {
    if (judging.includes(author)) return undefined;
    if (queueOf(author).filter(wasJudged).length >= limits.judgedMax) return undefined;
    return queueOf(author).find(
      (one) =>
        isNext(one) &&
        !one.isRunnable &&
        one.status === "waiting" &&
        !isInvoke(one) &&
        paysBase(one) &&
        !before(one).some(isInvoke) &&
        rivalsOf(one).length === 0,
    );
  };
  const isServable = (one: Entry): boolean =>
    one.isRunnable && one.stuckAt !== state.header.sequence;
  const heads = (): readonly Entry[] =>
    authors().flatMap((author) => {
      const [first] = runnableOf(author);
      return first !== undefined && isServable(first) ? [first] : [];
    });
  const inOrder = (left: Entry, right: Entry): number =>
    (right.judgement?.difficulty ?? 0) - (left.judgement?.difficulty ?? 0) ||
    bestFirst(left, right);

  const serve = (room: BlockRoom): NaiveServing => {
    let offers = heads();
    const nothing = { bytes: 0, units: 0, judging: 0, growth: 0 };
    const used = { invoke: nothing, judged: nothing };
    let current: Entry | undefined;
    let before = room.all;
    /** The largest part of its share that a lane has used, in billionths. */
    const part = (lane: "invoke" | "judged"): number => {
      const { bytes, units, judging, growth } = used[lane];
      const { all } = room;
      const shares: readonly (readonly [number, number])[] = [
        [bytes, Math.floor(all.bytes / 2)],
        [units, Math.floor(all.units / 2)],
        [growth, Math.floor(all.growth / 2)],
        [judging, all.judging],
      ];
      return Math.max(...shares.map(([taken, of]) => Math.ceil((taken * 1e9) / of)));
    };
    return {
      next: () => {
        before = room.left();
        const first = part("invoke") <= part("judged") ? "invoke" : "judged";
        const ordered = offers.toSorted(inOrder);
        current = ordered.find((one) => laneOf(one) === first) ?? ordered[0];
        offers = offers.filter((one) => one !== current);
        return current;
      },
      taken: () => {
        if (current === undefined) return;
        const left = room.left();
        const sum = used[laneOf(current)];
        used[laneOf(current)] = {
          bytes: sum.bytes + before.bytes - left.bytes,
          units: sum.units + before.units - left.units,
          judging: sum.judging + before.judging - left.judging,
          growth: sum.growth + before.growth - left.growth,
        };
        const follows = nonceOf(current) + 1;
        const follower = queueOf(current.author).find((one) => nonceOf(one) === follows);
        if (follower !== undefined && isServable(follower)) offers = [...offers, follower];
      },
      skipped: (why) => {
        if (current !== undefined && why === "refused") current.stuckAt = state.header.sequence;
      },
    };
  };

  return {
    entries: () => entries,
    unpaid: owedBy,
    add,
    toJudge: () => authors().flatMap((author) => nextOf(author)?.name ?? []),
    take: (name) => {
      const found = entries.find((one) => one.name === name);
      if (found === undefined) throw new Error("what is taken waits");
      found.status = "judging";
      judging = [...judging, found.author];
      return found;
    },
    settle: (entry, judgement) => {
      judging = judging.filter((author) => author !== entry.author);
      if (!entries.includes(entry)) return finish();
      entry.status = judgement.type === "judged" ? "ready" : "waiting";
      if (judgement.type === "judged") entry.judgement = judgement;
      else owe(entry.author);
      if (judgement.type === "abstained") entry.abstentions += 1;
      if (judgement.type === "rejected" || entry.abstentions >= 3) drop(entry, judgement.type);
      return finish();
    },
    hasReady: () => heads().length > 0,
    serve,
    update: (after, included) => {
      state = after;
      blocks += 1;
      if (blocks % 64 === 0) unpaid = unpaid.filter(({ block }) => block >= blocks - 64);
      const gone: Entry[] = [];
      for (const author of authors()) {
        let reserved = 0n;
        for (const entry of queueOf(author)) {
          const { proof } = entry;
          const needed = reserved + proof.body.feeLimit;
          const isPoor = needed > account(proof.body.author).balance;
          const code =
            (isExpired(proof) ? "expired" : usedNonce(proof)) ?? (isPoor ? "balance" : undefined);
          if (code === undefined) {
            reserved = needed;
            continue;
          }
          gone.push(entry);
          dropped.push({ name: entry.name, code });
          if (!wasJudged(entry)) continue;
          const isUsed = nonceOf(entry) < account(proof.body.author).nonce;
          if (!isUsed || !included.includes(entry.name)) owe(author);
          else pay(author);
        }
      }
      without(gone);
      for (const one of waiting()) {
        if (one.since > next() - limits.waitingBlocksMax) continue;
        if (one.status === "judging") wait(one);
        else {
          const head = account(one.proof.body.author).nonce + runnableOf(one.author).length;
          const patience = isInvoke(one) ? "cosigner-nonce" : "abstained";
          const atHead = paysBase(one) ? patience : "base-fee";
          drop(one, nonceOf(one) > head ? "nonce-gap" : atHead);
        }
      }
      return finish();
    },
  };
}
