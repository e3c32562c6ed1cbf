import type { LedgerState } from "@aethel/ledger";
import {
  type Argument,
  type ProofBody,
  signProof,
  toAmount,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import type { BenchChain, Person } from "../chain.ts";
import { accountEntry, nonceIn, type Offer, type Offers } from "./offers.ts";
import { freshPerson } from "./people.ts";

/** Proofs that change stake or keys, by their intent in the genesis. */
export const ACTIONS = ["stake", "unstake", "rotate_key"] as const;

/**
 * Proofs that change stake or keys: first stakes of newcomers, small withdrawals by members, new
 * keys of members.
 */
export function actionOffers(
  on: BenchChain,
  about: {
    readonly state: LedgerState;
    readonly members: readonly Person[];
    readonly action: number;
    readonly count: number;
  },
): Offers {
  const { action, count, members, state } = about;
  const intent = ACTIONS[action];
  if (intent === undefined) throw new Error(`no action ${action}`);
  const newcomers = intent === "unstake" ? [] : Array.from({ length: count }, freshPerson);
  const entries = newcomers.map(({ id }) => accountEntry(id, 1));
  const offers = Array.from({ length: count }, (_, at): Offer => {
    const [newcomer, member] = [newcomers[at], members[at % members.length]];
    const author = intent === "stake" ? newcomer : member;
    if (author === undefined) throw new Error("somebody acts");
    const turn = Math.floor(at / members.length);
    const nonce = intent === "stake" ? 1 : nonceIn(state, author) + turn;
    const key = intent === "rotate_key" ? newcomer : undefined;
    return { proof: proofOf(on, { intent, author, key, nonce }), judged: undefined };
  });
  return { offers, entries };
}

/** More than the least stake of a chain. */
const STAKE = 2_000_000_000n;

function proofOf(
  on: BenchChain,
  about: {
    readonly intent: (typeof ACTIONS)[number];
    readonly author: Person;
    /** Owner of the new key, who signs too. */
    readonly key: Person | undefined;
    readonly nonce: number;
  },
): Offer["proof"] {
  const { intent, author, key, nonce } = about;
  const amount = toAmount(intent === "stake" ? STAKE : 1n);
  const second: Argument =
    key === undefined ? { type: "amount", value: amount } : { type: "account", value: key.id };
  const body: ProofBody = {
    type: "invoke",
    author: author.id,
    nonce: toNonce(nonce),
    resourceLimit: toResource(3_000),
    feeLimit: toAmount(500_000_000n),
    expiry: toSequence(1_000),
    calls: [
      {
        intent: on.intentNamed(intent),
        arguments: [{ type: "account", value: author.id }, second],
      },
    ],
    cosigners: key === undefined ? [] : [{ account: key.id, nonce: toNonce(1) }],
  };
  const others = key === undefined ? [] : [key.signer];
  return signProof(on.chain, body, [author.signer, ...others]);
}
