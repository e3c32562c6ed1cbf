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

/** Where a history begins: a final block that the caller trusts, younger than stake unbonds. */
export interface HistoryStart {
  readonly chain: Digest;
  readonly parameters: ChainParameters;
  /** Timestamp of the genesis block: epoch boundaries and the schedule are counted from it. */
  readonly genesis: Timestamp;
  readonly header: BlockHeader;
  /** Votes on the next block: its hash is the header's `nextValidators`. */
  readonly validators: ValidatorSet;
  /**
   * The state of that block. With it, each transition's changes must lead to its root; without,
   * that rests on the certificates alone.
   */
  readonly tree?: Tree;
}

/** One block of a history: no proofs, only what it did and who stands for it. */
export interface HistoryStep {
  readonly header: BlockHeader;
  readonly certificate: QuorumCertificate;
  readonly transition: StateTransition;
  /** The set of the next block, where it is another than this block's. */
  readonly nextValidators?: ValidatorSet;
}

/** Why a step does not follow from the one before. */
export type HistoryDefect =
  | { readonly code: "chain" | "sequence" | "parent" | "timestamp" | "judge" }
  /** The header goes on from another state, supply or set than the one before ended with. */
  /** Its application part is not the ledger's. */
  | { readonly code: "application" }
  | { readonly code: "link"; readonly field: "stateRootBefore" | "supplyBefore" | "validators" }
  /** The transition is not the one that the header commits to. */
  | { readonly code: "transition"; readonly field: string }
  /** Value appears or vanishes, or more is minted than the schedule has (P29). */
  | { readonly code: "conservation"; readonly rule: string }
  /** The changes do not lead from the state before to the root. */
  | { readonly code: "changes" }
  /**
   * The next set is missing, is not the header's, changes in the middle of an epoch, or too much.
   */
  | { readonly code: "validators"; readonly reason: "unknown" | "no-boundary" | "too-much" }
  /** No quorum of the set stands for the header. */
  | { readonly code: "certificate" };

/** What verifying a history came to. */
export type HistoryVerdict =
  | { readonly ok: true; readonly head: HistoryStart }
  | { readonly ok: false; readonly at: number; readonly defect: HistoryDefect };

/** The ledger's part of a header that others made; undefined when it is none. */
export function readHeader(header: BlockHeader): LedgerHeader | undefined {
  try {
    return ledgerHeader(header);
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}
