import {
  noteAcceptableKey,
  type Proof,
  toNonce,
  toPublicKey,
  type ValidatorSet,
} from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import { intrinsicUnits } from "../metering/units.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import { accountCoding } from "../state/account-coding.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { stateKey } from "../state/state-key.ts";

/** A proof of a block, by its place, that makes the block invalid. */
export interface Unaffordable {
  readonly at: number;
  readonly refusal: Refusal;
}

/**
 * Finds why the signatures of a block must not even be looked at: its proofs take more units than a
 * block has, or a nonce pretends that a key has signed before. The check of a new key takes as long
 * as ten signatures, and only nonce 0 pays for it; keys of which the state shows that they have
 * signed are noted, and their check is not made again.
 */
export function findUnaffordable(
  state: LedgerState,
  proofs: readonly Proof[],
  bytesOf: (proof: Proof) => number,
): Unaffordable | undefined {
  let left: number = state.parameters.blockUnitsMax;
  for (const [at, proof] of proofs.entries()) {
    left -= intrinsicUnits({ body: proof.body, bytes: bytesOf(proof) });
    if (left >= 0) continue;
    return { at, refusal: refusal("block-full", "the block has no units left for its proofs") };
  }
  return findPretended(state, proofs);
}

/**
 * Notes the keys of a set that the state names: each was checked before it came in, and a
 * certificate of a thousand is not to check them all again because a memory of keys was filled by
 * others.
 */
export function noteMembers({ validators }: ValidatorSet): void {
  for (const { key } of validators) noteAcceptableKey(key);
}

function findPretended(state: LedgerState, proofs: readonly Proof[]): Unaffordable | undefined {
  const signers = proofs.flatMap(({ body }, at) => [
    { at, account: body.author, nonce: body.nonce },
    ...(body.type === "invoke" ? body.cosigners.map((one) => ({ at, ...one })) : []),
  ]);
  const later = signers.filter(({ nonce }) => nonce > 0);
  const values = state.tree.getMany(later.map(({ account }) => stateKey.account(account)));
  const known = new Set<string>();
  for (const [place, { account }] of later.entries()) {
    const value = values[place];
    if (value === undefined || accountCoding.decode(value).nonce === FIRST) continue;
    known.add(keyName(account));
    noteAcceptableKey(toPublicKey(account));
  }
  for (const { at, account, nonce } of signers) {
    const name = keyName(account);
    if (nonce === FIRST) known.add(name);
    else if (!known.has(name)) {
      return { at, refusal: refusal("nonce-gap", `the nonce ${nonce} comes after ${FIRST}`) };
    }
  }
  return undefined;
}

const FIRST = toNonce(0);
