/**
 * Proofs in orders that an adversary picks. The bench times them; a test counts their work, which
 * must not grow with what waits.
 */
import {
  type BlockEffects,
  createMempool,
  type Mempool,
  type MempoolLimits,
  type PendingProof,
} from "@aethel/ledger";
import { type Proof, toSequence } from "@aethel/models";
import { type BenchChain, type Person, theoremBy, transferBy } from "./chain.ts";

/** A mempool, and what is to be done with it. */
export interface Order {
  readonly name: string;
  /** Makes all proofs and fills the mempool; `run` is what is measured, `operations` of them. */
  readonly prepare: (on: BenchChain, n: number) => Prepared;
}

/** An order that is ready to run, once. */
export interface Prepared {
  readonly run: () => void;
  readonly operations: number;
}

const LIMITS: MempoolLimits = {
  countMax: 1_000_000,
  bytesMax: 1_073_741_824,
  perAuthorMax: 256,
  waitingMax: 1_073_741_824,
  waitingPerAuthorMax: 256,
  waitingBlocksMax: 128,
  judgedMax: 256,
  rejectedMax: 8,
  proposableMs: 1_000,
};

const EACH = 100;

/** A block that changed nothing. */
const NOTHING: BlockEffects = { changes: [], includes: () => false };

export const ORDERS: readonly Order[] = [
  {
    name: "nonces in reverse: in, judged and out",
    prepare: (on, n) => {
      const nonces = Array.from({ length: EACH }, (_, at) => EACH - 1 - at);
      const proofs = nonces.flatMap((nonce) =>
        crowdOf(on, n / EACH).map((who) => theorem(on, who, nonce)),
      );
      const pool = createPool(on);
      return { operations: n, run: () => drain(pool, fill(pool, proofs)) };
    },
  },
  {
    name: "all of one price, each of another author: in and out",
    prepare: (on, n) => {
      const proofs = crowdOf(on, n).map((who) => pay(on, who, { nonce: 0 }));
      const pool = createPool(on);
      return { operations: n, run: () => drain(pool, fill(pool, proofs)) };
    },
  },
  {
    name: "fees that rise, into a full mempool: each drives one out",
    prepare: (on, n) => {
      const [first, second] = halves(crowdOf(on, 2 * n));
      const pool = createPool(on, { countMax: n });
      fill(
        pool,
        first.map((who, at) => pay(on, who, { nonce: 0, tip: BigInt(at) })),
      );
      const proofs = second.map((who, at) =>
        pay(on, who, { nonce: 0, tip: BigInt(3 * n + 3_000 + 2 * at) }),
      );
      return { operations: n, run: () => expectCount(fill(pool, proofs), n) };
    },
  },
  {
    name: "fees too low for a full mempool: each is refused",
    prepare: (on, n) => {
      const [first, second] = halves(crowdOf(on, 2 * n));
      const pool = createPool(on, { countMax: n });
      fill(
        pool,
        first.map((who) => pay(on, who, { nonce: 0, tip: 10n })),
      );
      const proofs = second.map((who) => pay(on, who, { nonce: 0 }));
      return { operations: n, run: () => expectCount(offer(pool, proofs), 0) };
    },
  },
  {
    name: "one that pays well behind 255 cheap ones of its own, full mempool: refused",
    prepare: (on, n) => {
      const authors = crowdOf(on, Math.max(1, n / 250));
      const pool = createPool(on, { countMax: authors.length * 255 });
      for (let nonce = 0; nonce < 255; nonce++) {
        fill(
          pool,
          authors.map((who) => pay(on, who, { nonce })),
        );
      }
      const proofs = Array.from({ length: n }, (_, at) =>
        pay(on, authors[at % authors.length] ?? missing(), { nonce: 255, tip: BigInt(1_000 + at) }),
      );
      return { operations: n, run: () => expectCount(offer(pool, proofs), 0) };
    },
  },
  {
    name: "a storm of replacements, each a tenth dearer",
    prepare: (on, n) => {
      const rounds = 20;
      const tips = Array.from(
        { length: rounds },
        (_, at) => (4_000n * 13n ** BigInt(at)) / 10n ** BigInt(at),
      );
      const authors = crowdOf(on, n / rounds);
      const proofs = tips.flatMap((tip) => authors.map((who) => pay(on, who, { nonce: 0, tip })));
      const pool = createPool(on);
      return { operations: n, run: () => expectCount(fill(pool, proofs), n) };
    },
  },
  {
    name: "gaps: nothing that is ever served, each with an expiry of its own",
    prepare: (on, n) => {
      const proofs = crowdOf(on, n).map((who, at) =>
        pay(on, who, { nonce: 255, expiry: 2 * n - at }),
      );
      const pool = createPool(on);
      return { operations: n, run: () => expectCount(fill(pool, proofs), n) };
    },
  },
  {
    name: "all expire with one block",
    prepare: (on, n) => {
      const nonces = Array.from({ length: EACH }, (_, at) => at);
      const proofs = crowdOf(on, n / EACH).flatMap((who) =>
        nonces.map((nonce) => pay(on, who, { nonce, expiry: 5 })),
      );
      const pool = createPool(on);
      fill(pool, proofs);
      const header = { ...on.state.header, sequence: toSequence(5) };
      return {
        operations: n,
        run: () => expectCount(pool.update({ ...on.state, header }, NOTHING).length, n),
      };
    },
  },
  {
    name: "heads that expire in turn: what follows them runs, waits and runs again",
    prepare: (on, n) => {
      const authors = crowdOf(on, n / EACH);
      const first = on.state.header.sequence + 1;
      const head = (turn: number): Proof =>
        pay(on, authors[turn % authors.length] ?? missing(), { nonce: 0, expiry: first + turn });
      const pool = createPool(on);
      fill(
        pool,
        authors.map((_, turn) => head(turn)),
      );
      for (let nonce = 1; nonce < EACH; nonce++) {
        fill(
          pool,
          authors.map((who) => pay(on, who, { nonce })),
        );
      }
      const heads = Array.from({ length: 4 * authors.length }, (_, at) =>
        head(authors.length + at),
      );
      return {
        operations: heads.length * EACH,
        run: () => {
          for (const [at, next] of heads.entries()) {
            const header = { ...on.state.header, sequence: toSequence(first + at) };
            expectCount(pool.update({ ...on.state, header }, NOTHING).length, 1);
            fill(pool, [next]);
          }
        },
      };
    },
  },
  {
    name: "blocks of ten while the others wait, each of another author: out",
    prepare: (on, n) => {
      const authors = crowdOf(on, n);
      const pool = createPool(on);
      fill(
        pool,
        authors.map((who, at) => pay(on, who, { nonce: 0, tip: BigInt(at % 997) })),
      );
      const blocks = 1_000;
      return {
        operations: 10 * blocks,
        run: () => {
          for (let block = 0; block < blocks; block++) expectCount(serve(pool, 10), 10);
        },
      };
    },
  },
];

function createPool(on: BenchChain, limits: Partial<MempoolLimits> = {}): Mempool {
  return createMempool({ state: on.state, ...on.tools, limits: { ...LIMITS, ...limits } });
}

/** Accounts of the chain; nothing here looks at a signature. */
function crowdOf(on: BenchChain, count: number): readonly Person[] {
  const [one = missing()] = on.senders;
  return Array.from({ length: count }, (_, at) => ({ ...one, id: on.receiver(at) }));
}

function halves<T>(all: readonly T[]): readonly [readonly T[], readonly T[]] {
  return [all.slice(0, all.length / 2), all.slice(all.length / 2)];
}

function theorem(on: BenchChain, who: Person, nonce: number): Proof {
  return theoremBy(on, who, { nonce, script: `(assert false) ; ${nonce}\n(check-sat)\n` });
}

function pay(
  on: BenchChain,
  who: Person,
  { nonce, tip = 0n, expiry }: { nonce: number; tip?: bigint; expiry?: number },
): Proof {
  const proof = transferBy(on, who, { nonce, to: who.id, tip });
  if (expiry === undefined) return proof;
  return { ...proof, body: { ...proof.body, expiry: toSequence(expiry) } };
}

/** Counts the accepted proofs. */
function offer(pool: Mempool, proofs: readonly Proof[]): number {
  let taken = 0;
  for (const proof of proofs) taken += pool.add(proof).type === "accepted" ? 1 : 0;
  return taken;
}

function fill(pool: Mempool, proofs: readonly Proof[]): number {
  return expectCount(offer(pool, proofs), proofs.length);
}

function drain(pool: Mempool, count: number): void {
  let at = 0;
  for (let next = pool.takeToJudge(); next !== undefined; next = pool.takeToJudge()) {
    at += 1;
    judge(pool, next, (at * 7_919) % 10_007);
  }
  expectCount(serve(pool, count), count);
}

function judge(pool: Mempool, pending: PendingProof, difficulty: number): void {
  pool.settle(pending, {
    type: "judged",
    verdict: "valid",
    difficulty: difficulty as never,
    resource: 100 as never,
    milliseconds: 1,
  });
}

function serve(pool: Mempool, most: number): number {
  const serving = pool.serve();
  let count = 0;
  while (count < most && serving.next() !== undefined) {
    serving.taken();
    count += 1;
  }
  return count;
}

function expectCount(actual: number, expected: number): number {
  if (actual === expected) return actual;
  throw new Error(`${actual} instead of ${expected}`);
}

function missing(): never {
  throw new Error("the chain has senders");
}
