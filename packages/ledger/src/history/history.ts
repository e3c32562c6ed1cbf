import type { Tree } from "@aethel/merkle";
import {
  type BlockHeader,
  type ChainParameters,
  type Digest,
  type LedgerHeader,
  ledgerHeader,
  ModelsError,
  type QuorumCertificate,
  type StateTransition,
  type Timestamp,
  type ValidatorSet,
} from "@aethel/models";

/**
 * Start of a history: a finalized block that the caller trusts, younger than the unbonding time.
 */
export interface HistoryStart {
  readonly chain: Digest;
  readonly parameters: ChainParameters;
  /** Timestamp of the genesis block: epoch boundaries and the schedule are counted from it. */
  readonly genesis: Timestamp;
  readonly header: BlockHeader;
  /** Set that votes on the next block: its hash is the header's `nextValidators`. */
  readonly validators: ValidatorSet;
  /**
   * State of that block. With it, the changes of each transition must lead to its root. Without it,
   * the roots rest on the certificates alone.
   */
  readonly tree?: Tree;
}

/** Block of a history: its header, its transition and its certificate, without its proofs. */
export interface HistoryStep {
  readonly header: BlockHeader;
  readonly certificate: QuorumCertificate;
  readonly transition: StateTransition;
  /** Set of the next block, where it differs from that of this block. */
  readonly nextValidators?: ValidatorSet;
}

/** Reason for which a step does not follow from the step before it. */
export type HistoryDefect =
  | { readonly code: "chain" | "sequence" | "parent" | "timestamp" | "judge" }
  /** The application part of the header is not the ledger's. */
  | { readonly code: "application" }
  /** The header continues another state, supply or set than the header before it ended with. */
  | { readonly code: "link"; readonly field: "stateRootBefore" | "supplyBefore" | "validators" }
  /** The transition is not the one that the header commits to. */
  | { readonly code: "transition"; readonly field: string }
  /** Value appears or vanishes, or more is minted than the schedule allows (P29). */
  | { readonly code: "conservation"; readonly rule: string }
  /** The changes do not lead from the state before to the root. */
  | { readonly code: "changes" }
  /**
   * The next set is missing, differs from the header's, changes within an epoch, or changes too
   * much.
   */
  | { readonly code: "validators"; readonly reason: "unknown" | "no-boundary" | "too-much" }
  /** No quorum of the set signed the header. */
  | { readonly code: "certificate" };

/** Result of verifying a history. */
export type HistoryVerdict =
  | { readonly ok: true; readonly head: HistoryStart }
  | { readonly ok: false; readonly at: number; readonly defect: HistoryDefect };

/** Decodes the ledger's part of a header from others. Returns undefined for invalid bytes. */
export function readHeader(header: BlockHeader): LedgerHeader | undefined {
  try {
    return ledgerHeader(header);
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}
