import {
  compareBytes,
  type Digest,
  type Proof,
  type ProofBody,
  type ProofDefect,
  proofItem,
  type Sequence,
  signersOf,
  toHex,
} from "@aethel/models";
import { floorsOf, leastOf } from "../fees/price.ts";
import { type Reckoned, reckon } from "../fees/whole-limit.ts";
import { mostUnits } from "../metering/shares.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import { readAccount } from "../state/accounts.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { BaseFees } from "../state/records.ts";
import type { StateOverlay } from "../state/state-overlay.ts";

/**
 * Checks the shape and the signatures of a proof. Returns undefined if there is no defect. The hash
 * covers the signatures, so an implementation may cache by hash which proofs it has verified.
 */
export type CheckProof = (proof: Proof, hash: Digest) => ProofDefect | undefined;

/** Proof with the length of its encoding, in bytes, and the hash that names it. */
export interface SizedProof {
  readonly proof: Proof;
  readonly bytes: number;
  readonly hash: Digest;
}

/**
 * Refuses a proof that no block of the chain can include, whatever the accounts hold. The cheap
 * checks of size and limits come before the signatures. Undefined: the proof is not refused.
 */
export function refuseMalformed(
  sized: SizedProof,
  state: Pick<LedgerState, "parameters">,
  checkProof: CheckProof,
): Refusal | undefined {
  return refuseLimits(sized, state) ?? refuseSignatures(sized, checkProof);
}

/**
 * Refuses a proof that is too large for a block, or whose fee limit is too low at these base fees.
 * Without `baseFees`, the lowest possible base fees count. Undefined: the proof is not refused.
 */
export function refuseLimits(
  sized: Omit<SizedProof, "hash">,
  state: Pick<LedgerState, "parameters">,
  baseFees?: BaseFees,
): Refusal | undefined {
  const reckoned = reckonLimits(sized, state, baseFees);
  return "code" in reckoned ? reckoned : undefined;
}

/**
 * Computes the most of a block's resources that a proof can take. Returns the refusal if
 * `refuseLimits` refuses the proof.
 */
export function reckonLimits(
  { proof, bytes }: Omit<SizedProof, "hash">,
  { parameters }: Pick<LedgerState, "parameters">,
  baseFees?: BaseFees,
): Refusal | Reckoned {
  const { body } = proof;
  if (bytes > parameters.blockBytesMax) {
    return refusal("size", `${bytes} bytes; a block holds ${parameters.blockBytesMax}`);
  }
  if (body.resourceLimit < 1 || body.resourceLimit > parameters.proofResourceMax) {
    const range = `1 .. ${parameters.proofResourceMax}`;
    return refusal("resource-limit", `the resource limit ${body.resourceLimit} is not in ${range}`);
  }
  const reckoned = reckon({ body, bytes }, parameters);
  const { units } = reckoned.taken;
  const most = mostUnits(body, parameters);
  if (units > most) {
    const may = `a block has ${parameters.blockUnitsMax}, and such a proof may take ${most}`;
    return refusal("resource-limit", `with its signatures it may take ${units} units; ${may}`);
  }
  const floors = floorsOf(parameters);
  const least = leastOf(reckoned, parameters, baseFees ?? floors);
  if (body.feeLimit >= least) return reckoned;
  const isForever = baseFees === undefined || body.feeLimit < leastOf(reckoned, parameters, floors);
  const needed = isForever ? least : `${least}, at the base fee of this block`;
  return refusal(
    isForever ? "fee-limit" : "base-fee",
    `the fee limit is ${body.feeLimit} micro-tokens, needed are ${needed}`,
  );
}

/**
 * Refuses a proof with invalid signatures or with an illegal list of signers. Undefined: the proof
 * is not refused.
 */
export function refuseSignatures(
  { proof, hash }: SizedProof,
  checkProof: CheckProof,
): Refusal | undefined {
  const defect = checkProof(proof, hash);
  if (defect === undefined) return undefined;
  const isSignature = defect === "bad-signature" || defect === "signature-count";
  return refusal(isSignature ? "signature" : "shape", `the proof has a defect: ${defect}`);
}

/** Refuses a proof that expired before `sequence`. Undefined: the proof is not refused. */
export function refuseExpired(body: ProofBody, sequence: Sequence): Refusal | undefined {
  if (body.expiry >= sequence) return undefined;
  return refusal("expired", `it expired at sequence ${body.expiry}, the next is ${sequence}`);
}

/**
 * Refuses a proof if its author's balance does not cover the fee limit, or if a nonce in it is not
 * the next one of the author or cosigner that uses it. Undefined: the proof is not refused.
 */
export function refuseOnAccounts(body: ProofBody, overlay: StateOverlay): Refusal | undefined {
  const author = readAccount(overlay, body.author);
  if (author.balance < body.feeLimit) {
    const message = `insufficient balance: need ${body.feeLimit}, have ${author.balance}`;
    return refusal("balance", message);
  }
  if (body.nonce < author.nonce) {
    return refusal("nonce-used", `the nonce ${body.nonce} is used, the next is ${author.nonce}`);
  }
  if (body.nonce > author.nonce) {
    return refusal("nonce-gap", `the nonce ${body.nonce} comes after ${author.nonce}`);
  }
  return refuseCosigners(body, overlay);
}

function refuseCosigners(body: ProofBody, overlay: StateOverlay): Refusal | undefined {
  if (body.type !== "invoke") return undefined;
  for (const { account, nonce } of body.cosigners) {
    const next = readAccount(overlay, account).nonce;
    if (nonce === next) continue;
    const message = `the cosigner ${toHex(account)} has nonce ${next}, not ${nonce}`;
    return refusal("cosigner-nonce", message);
  }
  return undefined;
}

/** Whether an account is among the signers of a proof. */
export function isSigner(body: ProofBody, account: Uint8Array): boolean {
  return signersOf(body).some((signer) => compareBytes(signer, account) === 0);
}

/** Returns a proof with its length and hash. Each proof object is encoded and hashed only once. */
export function sizedProof(proof: Proof): SizedProof {
  const { bytes, hash } = proofItem(proof);
  return { proof, bytes: bytes.length, hash };
}
