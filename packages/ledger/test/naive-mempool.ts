/**
 * What the mempool promises, in the simplest way there is: one array, searched and sorted anew for
 * every question. It shares no code with the mempool but the names of its refusals.
 */
import { compareBytes, hashProof, Proof, toHex } from "@aethel/models";
import type { Judged, Judgement, LedgerState, MempoolLimits } from "../src/index.ts";
import { accountOf } from "./world.ts";

export interface Entry {
  readonly proof: Proof;
  readonly name: string;
  readonly author: string;
  readonly bytes: number;
  status: "waiting" | "judging" | "ready";
  judgement: Judged | undefined;
  abstentions: number;
  stuckAt: number | undefined;
}

export interface Naive {
  /** The code of its refusal, or `accepted`; and what was given up. */
  readonly add: (proof: Proof) => { readonly code: string; readonly evicted: readonly string[] };
  /** Names of all that the Judge could be given next. */
  readonly toJudge: () => readonly string[];
  readonly take: (name: string) => Entry;
  /** `name code` of all that was dropped for it. */
  readonly settle: (entry: Entry, judgement: Judgement) => readonly string[];
  readonly hasReady: () => boolean;
  readonly serve: () => NaiveServing;
  /** `name code` of everything that was dropped. */
  readonly update: (state: LedgerState) => readonly string[];
  readonly entries: () => readonly Entry[];
}

export interface NaiveServing {
  readonly next: () => Entry | undefined;
  readonly taken: (resource: number) => void;
  readonly skipped: (why: "full" | "refused") => void;
}

const keyOf = (id: Uint8Array): string => toHex(id);
const nonceOf = ({ proof }: Entry): number => proof.body.nonce;
const isInvoke = ({ proof }: Entry): boolean => proof.body.type === "invoke";

const wasJudged = (one: Entry): boolean => !isInvoke(one) && one.status !== "waiting";

/** With its certificate, once it is judged. */
export const held = ({ bytes, judgement }: Entry): number =>
  bytes + (judgement?.certificate?.length ?? 0);

/** Fee per unit of `left` less that of `right`, times both limits. */
function comparePrice(left: Entry, right: Entry): number {
  const [a, b] = [left.proof.body, right.proof.body];
  const [ours, theirs] = [
    a.feeLimit * BigInt(b.resourceLimit),
    b.feeLimit * BigInt(a.resourceLimit),
  ];
  return ours === theirs ? 0 : ours > theirs ? 1 : -1;
}

const paysTenthMore = (left: Entry, right: Entry): boolean =>
  left.proof.body.feeLimit * BigInt(right.proof.body.resourceLimit) * 10n >=
  right.proof.body.feeLimit * BigInt(left.proof.body.resourceLimit) * 11n;

/** Cheapest first; of two that pay alike, the one that would be served later. */
const cheapestFirst = (left: Entry, right: Entry): number =>
  comparePrice(left, right) || compareBytes(hashProof(right.proof), hashProof(left.proof));

/** In the order of serving. */
const bestFirst = (left: Entry, right: Entry): number =>
  (right.judgement?.difficulty ?? 0) - (left.judgement?.difficulty ?? 0) ||
  cheapestFirst(right, left);

export function createNaive(options: {
  readonly state: LedgerState;
  readonly intents: readonly string[];
  readonly leastFee: bigint;
  readonly limits: MempoolLimits;
}): Naive {
  const { limits, intents, leastFee } = options;
  let { state } = options;
  let entries: readonly Entry[] = [];
  let rejected: readonly string[] = [];
  let judging: readonly string[] = [];
  const account = (id: Entry["proof"]["body"]["author"]): ReturnType<typeof accountOf> =>
    accountOf(state, id);
  const queueOf = (author: string): readonly Entry[] =>
    entries
      .filter((one) => one.author === author)
      .toSorted((left, right) => nonceOf(left) - nonceOf(right));
  const authors = (): readonly string[] => [...new Set(entries.map((one) => one.author))];
  const without = (gone: readonly Entry[]): void => {
    entries = entries.filter((one) => !gone.includes(one));
  };
  const isServable = (one: Entry): boolean =>
    one.status === "ready" &&
    one.stuckAt !== state.header.sequence &&
    (one.judgement?.milliseconds ?? 0) <= limits.proposableMs;
  const onNonces = ({ body }: Proof): string | undefined => {
    if (body.nonce < account(body.author).nonce) return "nonce-used";
    if (body.type !== "invoke") return undefined;
    const isUsed = body.cosigners.some((one) => one.nonce < account(one.account).nonce);
    return isUsed ? "cosigner-nonce" : undefined;
  };
  const isExpired = ({ body }: Proof): boolean => body.expiry < state.header.sequence + 1;

  const refuse = (fresh: Entry, replaced: Entry | undefined): string | undefined => {
    const { proof, author } = fresh;
    const { body } = proof;
    const own = queueOf(author).filter((one) => one !== replaced);
    if (entries.some((one) => one.name === fresh.name)) return "duplicate";
    if (body.feeLimit < leastFee) return "fee-limit";
    if (isExpired(proof)) return "expired";
    const reserved = own.reduce<bigint>((sum, one) => sum + one.proof.body.feeLimit, body.feeLimit);
    const { balance, nonce } = account(body.author);
    if (reserved > balance) return "balance";
    const used = onNonces(proof);
    if (used !== undefined) return used;
    if (body.nonce >= nonce + limits.perAuthorMax) return "nonce-gap";
    if (body.type === "invoke" && !intents.includes(toHex(body.intent))) return "unknown-intent";
    const free = rejected.filter((one) => one === author).length;
    const isWork = body.type !== "invoke" || (replaced !== undefined && wasJudged(replaced));
    if (isWork && free >= limits.rejectedMax) return "too-many-rejected";
    if (replaced === undefined) {
      return own.length >= limits.perAuthorMax ? "author-quota" : undefined;
    }
    const old = replaced.proof.body.feeLimit;
    return body.feeLimit * 10n >= old * 11n ? undefined : "replacement-fee";
  };

  /** What goes for a newcomer; undefined when it has no place. */
  const victims = (fresh: Entry, replaced: Entry | undefined): readonly Entry[] | undefined => {
    const others = entries.filter((one) => one !== replaced && one !== fresh);
    const sum = (list: readonly Entry[]): number => list.reduce((all, one) => all + held(one), 0);
    const fits = (gone: readonly Entry[]): boolean =>
      others.length - gone.length + 1 <= limits.countMax &&
      sum(others) - sum(gone) + held(fresh) <= limits.bytesMax;
    const [standsFor = fresh] = queueOf(fresh.author)
      .filter((one) => nonceOf(one) < nonceOf(fresh))
      .concat(fresh)
      .toSorted(comparePrice);
    let gone: readonly Entry[] = [];
    while (!fits(gone)) {
      const [lowest] = others.filter((one) => !gone.includes(one)).toSorted(cheapestFirst);
      if (lowest === undefined || !paysTenthMore(standsFor, lowest)) return undefined;
      const behind = others.filter(
        (one) => one.author === lowest.author && nonceOf(one) >= nonceOf(lowest),
      );
      gone = [...gone, ...behind.filter((one) => !gone.includes(one))];
    }
    return gone;
  };

  const nextOf = (author: string): Entry | undefined => {
    if (judging.includes(author)) return undefined;
    const own = queueOf(author);
    const [first] = own;
    if (first === undefined) return undefined;
    for (let nonce: number = account(first.proof.body.author).nonce; ; nonce++) {
      const one = own.find((entry) => nonceOf(entry) === nonce);
      if (one === undefined || isInvoke(one)) return undefined;
      if (one.status !== "ready") return one.status === "waiting" ? one : undefined;
    }
  };
  const heads = (): readonly Entry[] =>
    authors().flatMap((author) => {
      const [first] = queueOf(author);
      const isHead = first && nonceOf(first) === account(first.proof.body.author).nonce;
      return isHead && isServable(first) ? [first] : [];
    });

  return {
    entries: () => entries,
    add: (proof) => {
      const fresh: Entry = {
        proof,
        name: toHex(hashProof(proof)),
        author: keyOf(proof.body.author),
        bytes: Proof.encode(proof).length,
        status: proof.body.type === "invoke" ? "ready" : "waiting",
        judgement: undefined,
        abstentions: 0,
        stuckAt: undefined,
      };
      const replaced = entries.find(
        (one) => one.author === fresh.author && nonceOf(one) === nonceOf(fresh),
      );
      const code = refuse(fresh, replaced);
      if (code !== undefined) return { code, evicted: [] };
      const gone = victims(fresh, replaced);
      if (gone === undefined) return { code: "pool-full", evicted: [] };
      without(replaced === undefined ? gone : [...gone, replaced]);
      if (replaced !== undefined && wasJudged(replaced)) rejected = [...rejected, fresh.author];
      entries = [...entries, fresh];
      return { code: "accepted", evicted: gone.map((one) => one.name).toSorted() };
    },
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
      if (judgement.type === "rejected") rejected = [...rejected, entry.author];
      if (!entries.includes(entry)) return [];
      entry.status = judgement.type === "judged" ? "ready" : "waiting";
      if (judgement.type === "judged") {
        entry.judgement = judgement;
        const gone = victims(entry, undefined);
        if (gone === undefined) rejected = [...rejected, entry.author];
        without(gone ?? [entry]);
        return (gone ?? [entry]).map(({ name }) => `${name} pool-full`).toSorted();
      }
      if (judgement.type === "abstained") {
        entry.abstentions += 1;
        if (entry.abstentions < 3) return [];
      }
      without([entry]);
      return [`${entry.name} ${judgement.type}`];
    },
    hasReady: () => heads().length > 0,
    serve: () => {
      let offers = heads();
      const used = { invoke: 0, judged: 0 };
      let current: Entry | undefined;
      const laneOf = (one: Entry): "invoke" | "judged" => (isInvoke(one) ? "invoke" : "judged");
      return {
        next: () => {
          const first = used.invoke <= used.judged ? "invoke" : "judged";
          const ordered = offers.toSorted(bestFirst);
          current = ordered.find((one) => laneOf(one) === first) ?? ordered[0];
          offers = offers.filter((one) => one !== current);
          return current;
        },
        taken: (resource) => {
          if (current === undefined) return;
          const { blockBytesMax, blockResourceMax } = state.parameters;
          used[laneOf(current)] += held(current) / blockBytesMax + resource / blockResourceMax;
          const follows = nonceOf(current) + 1;
          const next = queueOf(current.author).find((one) => nonceOf(one) === follows);
          if (next !== undefined && isServable(next)) offers = [...offers, next];
        },
        skipped: (why) => {
          if (current !== undefined && why === "refused") current.stuckAt = state.header.sequence;
        },
      };
    },
    update: (next) => {
      state = next;
      rejected = [];
      const dropped: { readonly entry: Entry; readonly code: string }[] = [];
      for (const author of authors()) {
        let reserved = 0n;
        for (const entry of queueOf(author)) {
          const { proof } = entry;
          const needed = reserved + proof.body.feeLimit;
          const isPoor = needed > account(proof.body.author).balance;
          const code =
            (isExpired(proof) ? "expired" : onNonces(proof)) ?? (isPoor ? "balance" : undefined);
          if (code === undefined) reserved = needed;
          else dropped.push({ entry, code });
        }
      }
      without(dropped.map(({ entry }) => entry));
      return dropped.map(({ entry, code }) => `${entry.name} ${code}`).toSorted();
    },
  };
}
