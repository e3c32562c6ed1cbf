import type { LedgerState } from "@aethel/ledger";
import {
  type AccountId,
  type Amount,
  type Argument,
  assert,
  compareBytes,
  type Digest,
  type Evidence,
  type Proof,
  type Signature,
  sha256,
  signableVote,
  toAmount,
  toNonce,
  toResource,
  toSequence,
  toSignature,
  toView,
} from "@aethel/models";
import type { TestKey } from "../fixtures/test-chain.ts";
import { TEST_PARAMETERS } from "../fixtures/test-genesis.ts";
import type { Random } from "../random.ts";
import type { TinyLedger } from "./draw-tiny.ts";

const UNIT = TEST_PARAMETERS.minimumStake;
const FEE_LIMIT = toAmount(UNIT);
/**
 * Placeholder for signatures: a run of a ledger with tiny bounds verifies no signature of a proof
 * or a vote.
 */
export const UNSIGNED: Signature = toSignature(new Uint8Array(64));

/** A call that an account would like to have in a block. */
export type Wish =
  | { readonly type: "stake" | "unstake"; readonly who: TestKey; readonly amount: Amount }
  | { readonly type: "ask_back"; readonly who: TestKey }
  | { readonly type: "rotate_key"; readonly who: TestKey; readonly key: TestKey };

/** Draws up to `most` calls. Those that fill queues are more likely than those that empty them. */
export function drawWishes(
  random: Random,
  { people, keys }: TinyLedger,
  most: number,
): readonly Wish[] {
  return Array.from({ length: random.below(most + 1) }, (): Wish => {
    const who = random.pick(people);
    const type = random.pick(["stake", "stake", "unstake", "unstake", "ask_back", "rotate_key"]);
    switch (type) {
      case "stake":
      case "unstake":
        return { type, who, amount: drawAmount(random) };
      case "rotate_key":
        return { type, who, key: random.pick(keys) };
      default:
        return { type: "ask_back", who };
    }
  });
}

/**
 * Draws an amount: a quarter to three times the minimum stake, a single micro-token, or a hundred
 * times the minimum stake.
 */
function drawAmount(random: Random): Amount {
  if (random.chance(0.2)) return toAmount(1n);
  if (random.chance(0.1)) return toAmount(UNIT * 100n);
  return toAmount((UNIT * BigInt(1 + random.below(12))) / 4n);
}

/** Returns the invoke for a wished call, with the next nonces of its author and cosigners. */
export function proofOf(
  wish: Wish,
  { intents }: TinyLedger,
  nonceOf: (id: AccountId) => number,
): Proof {
  const { who } = wish;
  const intent = intents.get(wish.type);
  assert(intent !== undefined, "a wish is for an intent of the ledger");
  const cosigners = wish.type === "rotate_key" ? [wish.key] : [];
  const body: Proof["body"] = {
    type: "invoke",
    author: who.id,
    nonce: toNonce(nonceOf(who.id)),
    resourceLimit: toResource(20_000),
    feeLimit: FEE_LIMIT,
    expiry: toSequence(1_000_000_000),
    tip: undefined,
    calls: [{ intent, arguments: argumentsOf(wish) }],
    cosigners: cosigners.map(({ id }) => ({ account: id, nonce: toNonce(nonceOf(id)) })),
  };
  return { body, signatures: [who, ...cosigners].map(() => UNSIGNED) };
}

function argumentsOf(wish: Wish): readonly Argument[] {
  const who: Argument = { type: "account", value: wish.who.id };
  switch (wish.type) {
    case "stake":
    case "unstake":
      return [who, { type: "amount", value: wish.amount }];
    case "rotate_key":
      return [who, { type: "account", value: wish.key.id }];
    case "ask_back":
      return [who];
  }
}

/**
 * Draws evidence of a double vote against a member of the current set. The votes are at one of the
 * last sequences. They are mostly signed with the member's key, otherwise with the key of somebody
 * else.
 */
export function drawEvidence(
  random: Random,
  { chain, people, keys }: TinyLedger,
  { votingSet, header }: LedgerState,
): Evidence {
  const member = random.pick(votingSet.validators);
  const signers = [...people, ...keys].map(({ signer }) => signer);
  const voting = signers.find(({ publicKey }) => compareBytes(publicKey, member.key) === 0);
  const signer = voting === undefined || random.chance(0.1) ? random.pick(signers) : voting;
  const ago = random.below(random.pick([2, 8, 30]));
  const at = {
    sequence: toSequence(Math.max(1, header.sequence + 1 - ago)),
    view: toView(random.below(2)),
  };
  const sign = (digest: Digest): { digest: Digest; signature: Signature } => ({
    digest,
    signature: signer.sign(signableVote("prepare", chain, { ...at, digest })),
  });
  return {
    type: "double-vote",
    validator: member.id,
    key: signer.publicKey,
    phase: "prepare",
    ...at,
    first: sign(FIRST),
    second: sign(SECOND),
  };
}

// The first is less than the second, as evidence has them.
const FIRST = sha256(Uint8Array.of(98));
const SECOND = sha256(Uint8Array.of(97));
