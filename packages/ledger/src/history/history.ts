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
 * Start of a history: a finalized block that the caller trusts. It MUST be younger than the
 * unbonding period.
 */
export interface HistoryStart {
  readonly chain: Digest;
  readonly parameters: ChainParameters;
  /**
   * Timestamp of the genesis block. Epoch boundaries and the emission schedule are counted from it.
   */
  readonly genesis: Timestamp;
  readonly header: BlockHeader;
  /** Set that votes on the next block. Its hash is the header's `nextValidators`. */
  readonly validators: ValidatorSet;
  /**
   * State after the block from which the history starts. If it is given, the verifier applies the
   * changes of each transition to it and compares the roots. Without it, the roots are only as
   * trustworthy as the certificates.
   */
  readonly tree?: Tree;
}

/** Block of a history: its header, its transition and its certificate, without its proofs. */
export interface HistoryStep {
  readonly header: BlockHeader;
  readonly certificate: QuorumCertificate;
  readonly transition: StateTransition;
  /**
   * Set that votes on the next block, if it differs from the set that votes on this block. If
   * undefined, the set stays the same.
   */
  readonly nextValidators?: ValidatorSet;
}

/**
 * Reason for which a step of a history (a block with its transition) is not a valid successor of
 * the step before it.
 */
export type HistoryDefect =
  | { readonly code: "chain" | "sequence" | "parent" | "timestamp" | "judge" }
  /** The header's part for the application is not one that this ledger wrote. */
  | { readonly code: "application" }
  /**
   * The header does not continue the header before it: it begins with another state root, supply or
   * validator set.
   */
  | { readonly code: "link"; readonly field: "stateRootBefore" | "supplyBefore" | "validators" }
  /** A field of the transition differs from the value to which the header commits. */
  | { readonly code: "transition"; readonly field: string }
  /** Value is not conserved, or more is minted than the emission schedule allows (P29). */
  | { readonly code: "conservation"; readonly rule: string }
  /** Applying the changes to the state before the block does not give the state root after it. */
  | { readonly code: "changes" }
  /**
   * The next set is not an allowed successor. `unknown`: the set is missing, or is not the one that
   * the header names. `no-boundary`: the set changes within an epoch. `too-much`: too much of the
   * power changes.
   */
  | { readonly code: "validators"; readonly reason: "unknown" | "no-boundary" | "too-much" }
  /** No quorum of the set signed the header. */
  | { readonly code: "certificate" };

/**
 * Result of verifying a history. `head`: the last verified block. `at`: index of the first step
 * with a defect.
 */
export type HistoryVerdict =
  | { readonly ok: true; readonly head: HistoryStart }
  | { readonly ok: false; readonly at: number; readonly defect: HistoryDefect };

/**
 * Decodes the ledger's part of a header that is not trusted. Returns undefined for invalid bytes.
 */
export function readHeader(header: BlockHeader): LedgerHeader | undefined {
  try {
    return ledgerHeader(header);
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}
