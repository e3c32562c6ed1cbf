import type { AccountId, Difficulty, Digest, Resource, Trust, Verdict } from "@aethel/models";
import type { ProofKind } from "../results/receipt.ts";
import type { SubmitRefusal } from "./submit-refusal.ts";

/** Event of a mempool: for logs, metrics and pages, never for consensus. */
export type MempoolEvent =
  /** The Judge has answered about a proof of the mempool. */
  | {
      readonly type: "judged";
      readonly proofHash: Digest;
      readonly author: AccountId;
      readonly kind: ProofKind;
      readonly verdict: Verdict;
      readonly trust: Trust;
      /** Present when the solver proved it and only a certificate is missing. */
      readonly code: "uncertified" | undefined;
      readonly difficulty: Difficulty;
      readonly resource: Resource;
      /** Time measured on this machine. */
      readonly milliseconds: number;
      readonly reason: string | undefined;
      /** Counterexample in the verifier's form, where there is one. */
      readonly counterexample: unknown;
    }
  /** A proof left the mempool without a block. */
  | { readonly type: "dropped"; readonly proofHash: Digest; readonly refusal: SubmitRefusal }
  /** Size of the mempool after a change. */
  | { readonly type: "mempool"; readonly count: number; readonly bytes: number };
