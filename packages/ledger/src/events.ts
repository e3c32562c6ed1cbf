import type {
  AccountId,
  BlockHeader,
  Difficulty,
  Digest,
  Resource,
  Sequence,
  StateTransition,
  Trust,
  Verdict,
} from "@aethel/models";
import type { AccuracyAlert } from "./accuracy.ts";
import type { SubmitRefusal } from "./mempool/mempool.ts";
import type { ProofKind, Receipt } from "./receipt.ts";

/** What a ledger tells whoever listens: for logs, metrics and pages, never for consensus. */
export type LedgerEvent =
  /** The Judge has looked at a proof of the mempool. */
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
      /** Measured here; differs between machines. */
      readonly milliseconds: number;
      readonly reason: string | undefined;
      /** In the verifier's form, where there is one. */
      readonly counterexample: unknown;
    }
  /** A proof left the mempool without a block. */
  | { readonly type: "dropped"; readonly proofHash: Digest; readonly refusal: SubmitRefusal }
  /** How full the mempool is, after it changed. */
  | { readonly type: "mempool"; readonly count: number; readonly bytes: number }
  /** A validator's accuracy over its window is under 95 % (R8.3); said once for each epoch. */
  | ({ readonly type: "accuracy"; readonly sequence: Sequence } & AccuracyAlert)
  | {
      readonly type: "finalized";
      readonly sequence: Sequence;
      readonly digest: Digest;
      readonly header: BlockHeader;
      readonly receipts: readonly Receipt[];
      readonly transition: StateTransition;
    };

/** MUST NOT throw; called synchronously. */
export type LedgerListener = (event: LedgerEvent) => void;
