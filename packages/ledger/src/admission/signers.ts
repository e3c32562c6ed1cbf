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

/** Proof that makes its block invalid, with the reason. `at`: index of the proof in the block. */
export interface Unaffordable {
  readonly at: number;
  readonly refusal: Refusal;
}

/**
 * Finds a proof that makes a block invalid and is found without verifying signatures. Either the
 * proofs up to it take more execution units than a block has, or it has a nonce above 0 for a key
 * that has never signed. The first check of a key takes as long as ten signatures, and only a proof
 * with nonce 0 is charged for it. Also marks the keys as acceptable that, by the state, have signed
 * before, so that this check is not repeated for them. Returns undefined if there is no such proof.
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
 * Marks the keys of a validator set as acceptable, since each was checked before it entered the
 * set. Otherwise other keys could displace them from the cache, and a certificate with a thousand
 * votes would repeat these checks.
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
