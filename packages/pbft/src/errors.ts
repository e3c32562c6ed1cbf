import { AethelError } from "@aethel/models";

/**
 * Fault with which a replica or its signing state cannot continue. Each of them needs an operator.
 */
export type PbftFault =
  /**
   * The parameters do not allow the protocol to be live. `problems`: one entry for each thing to
   * fix.
   */
  | { readonly code: "CONFIG"; readonly problems: readonly string[] }
  /** This replica's application refuses a block that a quorum made final. */
  | {
      readonly code: "JUDGE_DIVERGENCE";
      readonly sequence: number;
      readonly digest: string;
      readonly reason: string;
    }
  /** There is no signing state, and the operator has not stated that there should be none. */
  | { readonly code: "SIGNING_STATE_MISSING"; readonly path: string; readonly remedy: string }
  /**
   * The signing state is damaged before its end, so it no longer tells everything that was signed.
   */
  | {
      readonly code: "SIGNING_STATE_DAMAGED";
      readonly path: string;
      readonly offset: number;
      readonly reason: string;
      readonly remedy: string;
    }
  /** Another process has the signing state open. Two signers with one key would be slashed. */
  | {
      readonly code: "SIGNING_STATE_LOCKED";
      readonly path: string;
      /** Process id of the holder of the lock, in the holder's container; 0 if unknown. */
      readonly pid: number;
      readonly host: string;
      readonly remedy: string;
    }
  /**
   * Another process wrote into the signing state, or replaced or removed it. The replica signs
   * nothing more.
   */
  | {
      readonly code: "SIGNING_STATE_TAKEN";
      readonly path: string;
      readonly reason: string;
      readonly remedy: string;
    }
  /** Another process, or this one, holds the lock `path`. `pid` is 0 if unknown. */
  | { readonly code: "LOCKED"; readonly path: string; readonly pid: number; readonly host: string }
  /**
   * A disk failed. Nothing of the call counts as done, and the call may be repeated. `errno` is the
   * system's name of the error, such as `ENOSPC`, or `EUNKNOWN`.
   */
  | {
      readonly code: "STORAGE";
      readonly path: string;
      readonly errno: string;
      readonly reason: string;
    }
  /**
   * The signing state is an older copy: the application's database has votes of this replica at
   * sequences that the signing state does not know. `voted`: sequence of such a vote. `signed`:
   * last sequence that the signing state knows.
   */
  | {
      readonly code: "SIGNING_STATE_OLD";
      readonly voted: number;
      readonly signed: number;
      readonly remedy: string;
    }
  /** The replica cannot join the chain at the checkpoint that the operator named. */
  | {
      readonly code: "CHECKPOINT";
      readonly sequence: number;
      readonly problem: CheckpointProblem;
      readonly remedy: string;
    }
  /** This version cannot decode a record of the signing state. */
  | { readonly code: "SIGNING_RECORD"; readonly index: number; readonly reason: string }
  /**
   * The validator set that was given with a trusted header is not the one that the header names as
   * next.
   */
  | { readonly code: "TRUSTED_HEAD"; readonly expected: string; readonly actual: string }
  /** The content of a chain store does not form the chain, from the block of `sequence` on. */
  | {
      readonly code: "CHAIN_DAMAGED";
      readonly sequence: number;
      readonly reason: string;
      readonly remedy: string;
    }
  /** A method of a replica was called after the replica had stopped. */
  | { readonly code: "STOPPED" };

/** Reason, with numbers, for which a replica cannot join the chain at a checkpoint. */
export type CheckpointProblem =
  /** The checkpoint is dated after the time of this machine's clock. */
  | { readonly type: "ahead"; readonly aheadMs: number }
  /**
   * The checkpoint was stated too long ago. Its signers may have left since then and have their
   * stake back.
   */
  | { readonly type: "old"; readonly ageMs: number; readonly trustedForMs: number }
  /** The checkpoint is too many blocks above the head. */
  | {
      readonly type: "far";
      readonly blocks: number;
      readonly head: number;
      readonly blocksMax: number;
    };

/** The one error class of `@aethel/pbft`. */
export class PbftError extends AethelError<PbftFault> {
  override readonly name = "PbftError";
}

/**
 * Returns the code of a `PbftError`, even if it comes from another copy of this package. Undefined
 * for other errors.
 */
export function faultCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== "PbftError" || !("fault" in error)) {
    return undefined;
  }
  const { fault } = error;
  if (typeof fault !== "object" || fault === null || !("code" in fault)) return undefined;
  return String(fault.code);
}

/** Pattern for the names of system errors, such as `ENOSPC`. Node's own codes begin with `ERR_`. */
const SYSTEM_ERROR = /^E[A-Z0-9]+$/u;

/**
 * Whether a failed call of the application may be repeated: a disk failed, or the error has the
 * property `isTransient` with the value true.
 */
export function isTransient(error: unknown): boolean {
  const isSaid = error instanceof Error && "isTransient" in error && error.isTransient === true;
  return isSaid || isStorageFailure(error);
}

/**
 * Whether something failed because of a disk: the error, or its cause, is a PbftError `STORAGE` or
 * an error of the operating system. Such a failure says nothing about a block, and repeating the
 * call may help.
 */
export function isStorageFailure(error: unknown): boolean {
  let at = error;
  for (let depth = 0; depth < 8 && at instanceof Error; depth++) {
    if (faultCodeOf(at) === "STORAGE") return true;
    if ("code" in at && typeof at.code === "string" && SYSTEM_ERROR.test(at.code)) return true;
    at = at.cause;
  }
  return false;
}
