import {
  difficulty,
  digest,
  enumeration,
  type Infer,
  natural,
  resource,
  struct,
} from "../codec/index.ts";
import type { Root } from "../ids.ts";
import { listRoot } from "../list-root.ts";

/** What the Judge says of a claim. For an invoke: of the intent, which is `valid` since published. */
export const Verdict = enumeration(["valid", "refuted", "unknown"]);
export type Verdict = Infer<typeof Verdict>;

/**
 * Basis of a `valid`; `none` for every other verdict.
 *
 * `certified`: the kernel accepted a certificate, without the solver. `solver`: the solver said so,
 * and nothing checked it. Published intents are `valid` only when they are certified.
 */
export const Trust = enumeration(["none", "solver", "certified"]);
export type Trust = Infer<typeof Trust>;

/**
 * What execution did with a proof. Only `applied` changes more than the nonce and the fee.
 *
 * `recorded`: a theorem or intent that was already there; it mints nothing. `forbidden`: a check
 * that only execution can make failed, such as the issuer of an asset not being a signer.
 */
export const Outcome = enumeration([
  "applied",
  "recorded",
  "guard-false",
  "refuted",
  "unknown",
  "forbidden",
]);
export type Outcome = Infer<typeof Outcome>;

/**
 * What the verification root of a block commits to, one for each proof and in their order.
 * Timing differs between machines and is therefore not here.
 */
export const VerificationResult = struct("VerificationResult", {
  proofHash: digest,
  verdict: Verdict,
  trust: Trust,
  outcome: Outcome,
  /** Measure of the work; whether it counts for the block depends on outcome and trust. */
  difficulty,
  resource,
  /** 0 for none; else the ledger's documented code for why the outcome is not `applied`. */
  errorCode: natural(2),
});
export type VerificationResult = Infer<typeof VerificationResult>;

/** Root of the results, in the order of the proofs. */
export function verificationRoot(results: readonly VerificationResult[]): Root {
  return listRoot(results.map((result) => VerificationResult.encode(result)));
}
