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
 * Verdict of the Judge on a claim. An invoke has the verdict of its intent, which is `valid` since
 * its publication.
 */
export const Verdict = enumeration(["valid", "refuted", "unknown"]);
export type Verdict = Infer<typeof Verdict>;

/**
 * Basis of a `valid` verdict; `none` for every other verdict.
 *
 * `certified`: the kernel accepted a certificate. `solver`: only the solver gave the answer, and
 * nothing checked it. Intents are published only if they are `certified`.
 */
export const Trust = enumeration(["none", "solver", "certified"]);
export type Trust = Infer<typeof Trust>;

/**
 * Outcome of executing a proof. Only with `applied` does the state change by more than nonces and
 * the fee.
 *
 * `recorded`: the theorem or intent existed already; it mints nothing. `forbidden`: a check during
 * execution failed, for example that of the issuer's signature.
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

/** Fields of a result beside the proof that it is about, in the order of the wire. @internal */
export const resultFields = {
  verdict: Verdict,
  trust: Trust,
  outcome: Outcome,
  /** Difficulty of the proof. Whether it counts for the block depends on outcome and trust. */
  difficulty,
  resource,
  /** Reason for an outcome other than `applied`: one of the ledger's result codes. 0 for none. */
  errorCode: natural(2),
};

/**
 * Result of one proof. A block's header commits to all results of the block: the results of judged
 * proofs are in the annex, the results of calls are under a root. Results contain no times, which
 * differ between machines.
 */
export const VerificationResult = struct("VerificationResult", {
  proofHash: digest,
  ...resultFields,
});
export type VerificationResult = Infer<typeof VerificationResult>;

/** Returns the root of the results of the calls of a block, in the order of the items. */
export function callResultsRoot(results: readonly VerificationResult[]): Root {
  return listRoot(results.map((result) => VerificationResult.encode(result)));
}
