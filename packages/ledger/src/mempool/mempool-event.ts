import type { AccountId, Difficulty, Digest, Resource, Trust, Verdict } from "@aethel/models";
import type { ProofKind } from "../results/receipt.ts";
import type { SubmitRefusal } from "./submit-refusal.ts";

/** Event of a mempool. For logs, metrics and web pages, never for consensus. */
export type MempoolEvent =
  /** The Judge has answered about a proof of the mempool. */
  | {
      readonly type: "judged";
      readonly proofHash: Digest;
      readonly author: AccountId;
      readonly kind: ProofKind;
      readonly verdict: Verdict;
      readonly trust: Trust;
      /**
       * `uncertified` if the solver found the claim valid but no certificate was found. Else
       * undefined.
       */
      readonly code: "uncertified" | undefined;
      readonly difficulty: Difficulty;
      readonly resource: Resource;
      /** Milliseconds that the Judge took on this machine. */
      readonly milliseconds: number;
      readonly reason: string | undefined;
      /** Counterexample in the form of `@aethel/verifier`; undefined if there is none. */
      readonly counterexample: unknown;
    }
  /** A proof left the mempool for another reason than that a block included it. */
  | { readonly type: "dropped"; readonly proofHash: Digest; readonly refusal: SubmitRefusal }
  /** Size of the mempool after a change. */
  | { readonly type: "mempool"; readonly count: number; readonly bytes: number };
