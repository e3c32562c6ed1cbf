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

/**
 * Verdict of the Judge on a claim. That of an invoke is the intent's, `valid` since publication.
 */
export const Verdict = enumeration(["valid", "refuted", "unknown"]);
export type Verdict = Infer<typeof Verdict>;

/**
 * Basis of a `valid`; `none` for every other verdict.
 *
 * `certified`: the kernel accepted a certificate. `solver`: the solver alone gave the answer, which
 * nothing checked. Published intents are `valid` only if they are certified.
 */
export const Trust = enumeration(["none", "solver", "certified"]);
export type Trust = Infer<typeof Trust>;

/**
 * Outcome of executing a proof. Only `applied` changes more than nonce and balances for the fee.
 *
 * `recorded`: the theorem or intent was already there; it mints nothing. `forbidden`: a check of
 * the execution failed, such as that of the issuer's signature.
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
 * Result of one proof. The verification root of a block commits to the results, in the order of the
 * proofs. They contain no times, which differ between machines.
 */
export const VerificationResult = struct("VerificationResult", {
  proofHash: digest,
  verdict: Verdict,
  trust: Trust,
  outcome: Outcome,
  /** Difficulty; outcome and trust decide whether it counts for the block. */
  difficulty,
  resource,
  /** Documented code of the ledger for an outcome other than `applied`; 0 for none. */
  errorCode: natural(2),
});
export type VerificationResult = Infer<typeof VerificationResult>;

/** Root of the results, in the order of the proofs. */
export function verificationRoot(results: readonly VerificationResult[]): Root {
  return listRoot(results.map((result) => VerificationResult.encode(result)));
}
