/**
 * A mempool between honest senders who fill it and an adversary with a few accounts. Blocks are not
 * executed: who is included pays its price and uses its nonces, and that is all. So thousands of
 * games can be played, and a search can look for the one that costs the adversary least.
 */
import {
  AMOUNT_MAX,
  hashProof,
  Proof,
  type ProofBody,
  toAmount,
  toHex,
  toNonce,
  toResource,
  toSequence,
  toSignature,
} from "@aethel/models";
import { weightPrice } from "@aethel/rewards";
import { reckon } from "../../src/fees/whole-limit.ts";
import {
  Account,
  createMempool,
  type Dropped,
  type LedgerState,
  leastFeeLimit,
  type Mempool,
  type MempoolLimits,
  type PendingProof,
  stateKey,
} from "../../src/index.ts";
import { offerOf } from "../../src/pending/offer.ts";
import { BaseFees } from "../../src/state/records.ts";
import { judgedAs } from "../fixtures/judgements.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  createWorld,
  type Person,
  utf8,
} from "../fixtures/world.ts";

const FLOOR = 1_000n;
const HONEST = 8;
const EVIL = 4;
/** Proofs that a block of the game takes. */
const BLOCK = 2;
/** Blocks of a game that leaders make who have seen nothing of the adversary's. */
const PASSES = 4;
const world = createWorld({
  balances: Array.from({ length: HONEST + EVIL }, () => 4_000_000_000n),
  parameters: { invokeBaseFeeMin: toAmount(FLOOR), judgedBaseFeeMin: toAmount(FLOOR) },
});
const honest = world.people.slice(0, HONEST);
const evil = world.people.slice(HONEST);

export const LIMITS: MempoolLimits = {
  countMax: HONEST,
  bytesMax: 1_000_000,
  perAuthorMax: 12,
  waitingMax: 6,
  waitingPerAuthorMax: 4,
  waitingBlocksMax: 6,
  judgedMax: 2,
  rejectedMax: 2,
  proposableMs: 100,
};

/** Next move of the adversary. */
export type Move =
  | {
      readonly type: "offer";
      readonly who: number;
      /** Above the nonce in the state. */
      readonly ahead: number;
      readonly kind: "pay" | "swap" | "claim" | "junk";
      /** Times the floor. */
      readonly price: number;
      /** Blocks for which it lasts. */
      readonly lasts: number;
      /** The fee limit is the least of all. */
      readonly isTight: boolean;
    }
  | { readonly type: "judge" }
  /** A leader that has seen nothing of the adversary's; there are few of them in a row. */
  | { readonly type: "pass"; readonly baseFee: number }
  /**
   * A leader includes the best of this mempool, and the base fee becomes so many tenths of the
   * floor.
   */
  | { readonly type: "block"; readonly baseFee: number }
  /**
   * Another leader includes a proof of the adversary at the floor that this mempool does not have.
   */
  | { readonly type: "elsewhere"; readonly who: number; readonly spendsAll: boolean };

/** Outcome of a game. */
export interface Outcome {
  /** Honest proofs that were driven out. */
  readonly displaced: number;
  /** Charge of the adversary, in prices of a transfer at the lowest base fee. */
  readonly paid: number;
  /** Judgings of the adversary's that no block charged for. */
  readonly judgedForNothing: number;
  /** Judged proofs of the adversary's in blocks. */
  readonly judgedPaid: number;
}

/** Plays the moves, then blocks until nothing of the adversary's is left that could still pay. */
export function play(moves: readonly Move[]): Outcome {
  const game = createGame();
  for (const [at, move] of moves.entries()) game.make(move, at);
  const baseFee = moves.reduce((fee, move) => ("baseFee" in move ? move.baseFee : fee), 10);
  for (let left = 0; left < 60 && game.isOpen(); left++) game.make({ type: "block", baseFee }, 0);
  return game.outcome();
}

function createGame(): {
  readonly make: (move: Move, at: number) => void;
  readonly isOpen: () => boolean;
  readonly outcome: () => Outcome;
} {
  let state = seasoned(world.state);
  let passes = 0;
  const pool: Mempool = createMempool({
    state,
    programs: world.tools.programs,
    checkProof: () => undefined,
    limits: LIMITS,
  });
  const names = new Set<string>();
  const judged = new Set<string>();
  let [displaced, paid, judgedPaid] = [0, 0n, 0];
  const note = (dropped: readonly Dropped[]): void => {
    for (const { hash, refusal } of dropped) {
      const isForced = refusal.code === "pool-full" || refusal.code === "displaced";
      if (isForced && names.has(toHex(hash))) displaced += 1;
    }
  };
  const offer = (proof: Proof): void => {
    const added = pool.add(proof);
    if (added.type === "accepted") note(added.dropped);
  };
  honest.forEach((who, at) => {
    const proof = pay(state, who, { nonce: 1, price: 5 + at });
    names.add(nameOf(proof));
    offer(proof);
  });
  const block = (proofs: readonly Proof[], spender: Person | undefined, baseFee: number): void => {
    for (const proof of proofs) {
      if (names.has(nameOf(proof))) continue;
      paid += chargeOf(state, proof);
      if (proof.body.type !== "invoke") judgedPaid += 1;
    }
    const after = afterBlock(state, { proofs, spender, baseFee });
    const included = new Set(proofs.map(nameOf));
    const includes = (hash: Uint8Array): boolean => included.has(toHex(hash));
    const dropped = pool.update(after.state, { changes: after.changes, includes });
    note(dropped.filter(({ hash }) => !includes(hash)));
    state = after.state;
  };
  return {
    isOpen: () => pool.count > 0,
    outcome: () => ({
      displaced,
      paid: Number(paid) / Number(chargeOf(state, pay(state, evilAt(0), { nonce: 1, price: 1 }))),
      judgedForNothing: judged.size - judgedPaid,
      judgedPaid,
    }),
    make: (move, at) => {
      switch (move.type) {
        case "offer":
          return offer(proofOf(state, move, at));
        case "judge": {
          const next = pool.takeToJudge();
          if (next === undefined) return;
          judged.add(toHex(next.hash));
          return note(pool.settle(next, judgementOf(next)));
        }
        case "block":
          return block(serve(pool), undefined, move.baseFee);
        case "pass":
          passes += 1;
          return passes > PASSES ? undefined : block([], undefined, move.baseFee);
        case "elsewhere": {
          const who = evilAt(move.who);
          const { nonce, balance } = accountOf(state, who.id);
          const proof = pay(state, who, { nonce, price: 1, amount: BigInt(at + 2) });
          if (balance < chargeOf(state, proof)) return;
          return block([proof], move.spendsAll ? who : undefined, 10);
        }
      }
    },
  };
}

/** Every account has sent something before, so that all transfers cost the same. */
function seasoned(state: LedgerState): LedgerState {
  const written = world.people.map(({ id }) => {
    const account = { ...accountOf(state, id), nonce: toNonce(1) };
    return { key: stateKey.account(id), value: Account.encode(account) };
  });
  return { ...state, tree: state.tree.update(written) };
}

const proofNames = new WeakMap<Proof, string>();

function nameOf(proof: Proof): string {
  const known = proofNames.get(proof) ?? toHex(hashProof(proof));
  proofNames.set(proof, known);
  return known;
}

/** The best proofs that a leader is offered. */
function serve(pool: Mempool): readonly Proof[] {
  const serving = pool.serve();
  const proofs: Proof[] = [];
  while (proofs.length < BLOCK) {
    const next = serving.next();
    if (next === undefined) break;
    proofs.push(next.proof);
    serving.taken();
  }
  return proofs;
}

function judgementOf({ proof: { body } }: PendingProof): ReturnType<typeof judgedAs> | Rejected {
  const isJunk = body.type === "theorem" && body.script[0] === JUNK;
  return isJunk ? { type: "rejected", diagnostics: [], milliseconds: 1 } : judgedAs("valid");
}

interface Rejected {
  readonly type: "rejected";
  readonly diagnostics: readonly [];
  readonly milliseconds: number;
}

const JUNK = utf8("!")[0];

/** The state after a block, as far as a mempool looks at it. */
function afterBlock(
  state: LedgerState,
  block: {
    readonly proofs: readonly Proof[];
    /** Gives all its money away besides. */
    readonly spender: Person | undefined;
    readonly baseFee: number;
  },
): { readonly state: LedgerState; readonly changes: Parameters<typeof toChanges>[0] } {
  const accounts = new Map<string, { readonly key: Uint8Array; account: Account }>();
  const touch = (id: Person["id"], change: (account: Account) => Account): void => {
    const name = toHex(id);
    const known = accounts.get(name)?.account ?? accountOf(state, id);
    accounts.set(name, { key: stateKey.account(id), account: change(known) });
  };
  const use = (account: Account): Account => ({ ...account, nonce: toNonce(account.nonce + 1) });
  for (const proof of block.proofs) {
    const { body } = proof;
    const fee = chargeOf(state, proof);
    touch(body.author, (account) => use({ ...account, balance: toAmount(account.balance - fee) }));
    if (body.type !== "invoke") continue;
    for (const { account } of body.cosigners) touch(account, use);
  }
  const { spender } = block;
  if (spender !== undefined) {
    touch(spender.id, (account) => ({ ...account, balance: toAmount(0n) }));
  }
  const baseFee = toAmount((FLOOR * BigInt(block.baseFee)) / 10n);
  const changes = [...accounts.values()].map(({ key, account }) => ({
    key,
    before: undefined,
    after: Account.encode(account),
  }));
  const fees = BaseFees.encode({ invoke: baseFee, judged: baseFee });
  const written = [...toChanges(changes), { key: stateKey.baseFees, value: fees }];
  const header = { ...state.header, sequence: toSequence(state.header.sequence + 1) };
  return { state: { ...state, header, tree: state.tree.update(written) }, changes };
}

function toChanges(
  changes: readonly {
    readonly key: Uint8Array;
    readonly before: undefined;
    readonly after: Uint8Array;
  }[],
): readonly { readonly key: Uint8Array; readonly value: Uint8Array }[] {
  return changes.map(({ key, after }) => ({ key, value: after }));
}

const NOTHING = { loads: [], newCosigners: 0 };

/** Floor and tip for the weight of its whole limit. */
function chargeOf(state: LedgerState, { body, signatures }: Proof): bigint {
  const bytes = Proof.encode({ body, signatures }).length;
  const { price, weight } = offerOf(
    reckon({ body, bytes }, state.parameters),
    state.parameters,
    NOTHING,
  );
  return weightPrice(price.over, weight);
}

interface Terms {
  readonly nonce: number;
  /** Times the floor. */
  readonly price: number;
  readonly lasts?: number;
  readonly isTight?: boolean;
  readonly amount?: bigint;
}

function pay(state: LedgerState, who: Person, terms: Terms): Proof {
  return seal(state, terms, {
    ...envelope(state, who, terms),
    type: "invoke",
    calls: [
      {
        intent: world.intents["transfer"] ?? missing(),
        arguments: [
          accountArgument(who.id),
          accountArgument(world.alice.id),
          amountArgument(terms.amount ?? 1n),
        ],
      },
    ],
    cosigners: [],
  });
}

function proofOf(state: LedgerState, move: Extract<Move, { type: "offer" }>, at: number): Proof {
  const who = evilAt(move.who);
  const nonce = accountOf(state, who.id).nonce + move.ahead;
  const terms = { ...move, nonce };
  const other = evilAt(move.who + 1);
  switch (move.kind) {
    case "pay":
      return pay(state, who, terms);
    case "swap":
      return seal(state, terms, {
        ...envelope(state, who, terms),
        type: "invoke",
        calls: [
          {
            intent: world.intents["swap"] ?? missing(),
            arguments: [
              accountArgument(who.id),
              accountArgument(other.id),
              amountArgument(1n),
              amountArgument(1n),
            ],
          },
        ],
        cosigners: [
          { account: other.id, nonce: toNonce(accountOf(state, other.id).nonce + (at % 2)) },
        ],
      });
    default: {
      const script = utf8(`${move.kind === "junk" ? "!" : ";"} ${at}`);
      return seal(state, terms, { ...envelope(state, who, terms), type: "theorem", script });
    }
  }
}

function envelope(state: LedgerState, who: Person, { nonce, price, lasts = 1_000 }: Terms) {
  return {
    author: who.id,
    nonce: toNonce(nonce),
    resourceLimit: toResource(500),
    feeLimit: AMOUNT_MAX,
    expiry: toSequence(state.header.sequence + lasts),
    tip: toAmount(FLOOR * BigInt(price - 1)),
  };
}

/** Unsigned, since nobody looks; with thrice the least fee limit, or hardly more than the least. */
function seal(state: LedgerState, { isTight = false }: Terms, body: ProofBody): Proof {
  const count = body.type === "invoke" ? 1 + body.cosigners.length : 1;
  const signatures = Array.from({ length: count }, () => toSignature(new Uint8Array(64)));
  const bytes = Proof.encode({ body, signatures }).length;
  const least = leastFeeLimit({ body, bytes }, state.parameters);
  return {
    body: { ...body, feeLimit: toAmount(isTight ? least + least / 4n : 3n * least) },
    signatures,
  };
}

function evilAt(index: number): Person {
  return evil[index % evil.length] ?? missing();
}

function missing(): never {
  throw new Error("the world has them");
}
