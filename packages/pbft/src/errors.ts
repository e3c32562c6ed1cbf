import { AethelError } from "@aethel/models";

/** Fault with which a replica or its signing state cannot go on; each one needs an operator. */
export type PbftFault =
  /** Parameters under which the protocol cannot be live; one entry for each thing to fix. */
  | { readonly code: "CONFIG"; readonly problems: readonly string[] }
  /** This replica's own execution contradicts a block that a quorum made final. */
  | {
      readonly code: "JUDGE_DIVERGENCE";
      readonly sequence: number;
      readonly digest: string;
      readonly reason: string;
    }
  /** There is no signing state, and the operator has not said that there should be none. */
  | { readonly code: "SIGNING_STATE_MISSING"; readonly path: string; readonly remedy: string }
  /** The signing state is damaged before its end: what was signed is not known any more. */
  | {
      readonly code: "SIGNING_STATE_DAMAGED";
      readonly path: string;
      readonly offset: number;
      readonly reason: string;
      readonly remedy: string;
    }
  /** Another process holds the signing state. Two signers with one key would be slashed. */
  | {
      readonly code: "SIGNING_STATE_LOCKED";
      readonly path: string;
      /** Process id of the holder, in its own container; 0 if it is unknown. */
      readonly pid: number;
      readonly host: string;
      readonly remedy: string;
    }
  /**
   * Another process wrote into the signing state, replaced or removed it. Nothing more is signed.
   */
  | {
      readonly code: "SIGNING_STATE_TAKEN";
      readonly path: string;
      readonly reason: string;
      readonly remedy: string;
    }
  /** Another process, or this one, holds the lock `path`; `pid` is 0 if it is unknown. */
  | { readonly code: "LOCKED"; readonly path: string; readonly pid: number; readonly host: string }
  /**
   * A disk failed: nothing of the call counts as done, and it may be tried again. `errno` is the
   * system's name, such as `ENOSPC`, or `EUNKNOWN`.
   */
  | {
      readonly code: "STORAGE";
      readonly path: string;
      readonly errno: string;
      readonly reason: string;
    }
  /**
   * The application's database holds own votes at sequences that the signing state does not know:
   * it is an older copy. `voted` is the sequence of such a vote, `signed` the last one that it
   * knows.
   */
  | {
      readonly code: "SIGNING_STATE_OLD";
      readonly voted: number;
      readonly signed: number;
      readonly remedy: string;
    }
  /** The checkpoint that the operator named cannot be joined at. */
  | {
      readonly code: "CHECKPOINT";
      readonly sequence: number;
      readonly problem: CheckpointProblem;
      readonly remedy: string;
    }
  /** A record of the signing state that this version cannot read. */
  | { readonly code: "SIGNING_RECORD"; readonly index: number; readonly reason: string }
  /** The set given with a trusted header is not the one that the header names as next. */
  | { readonly code: "TRUSTED_HEAD"; readonly expected: string; readonly actual: string }
  /** The content of a chain store is not the chain, from the block of `sequence` on. */
  | {
      readonly code: "CHAIN_DAMAGED";
      readonly sequence: number;
      readonly reason: string;
      readonly remedy: string;
    }
  /** A call to a replica that has stopped. */
  | { readonly code: "STOPPED" };

/** Reason for which a replica cannot join at a checkpoint, in numbers. */
export type CheckpointProblem =
  /** Its date is after the own clock. */
  | { readonly type: "ahead"; readonly aheadMs: number }
  /** It was stated too long ago: its signers may have left since, and have their stake back. */
  | { readonly type: "old"; readonly ageMs: number; readonly trustedForMs: number }
  /** It is more blocks above the head than can be followed. */
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
 * Returns the code of a `PbftError`, also of another copy of this package; undefined for others.
 */
export function faultCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== "PbftError" || !("fault" in error)) {
    return undefined;
  }
  const { fault } = error;
  if (typeof fault !== "object" || fault === null || !("code" in fault)) return undefined;
  return String(fault.code);
}

/** Names that systems give their errors, such as `ENOSPC`; Node's own begin with `ERR_`. */
const SYSTEM_ERROR = /^E[A-Z0-9]+$/u;

/**
 * Whether a call of the application may be made again: a disk failed, or the error has an
 * `isTransient` that is true.
 */
export function isTransient(error: unknown): boolean {
  const isSaid = error instanceof Error && "isTransient" in error && error.isTransient === true;
  return isSaid || isStorageFailure(error);
}

/**
 * Whether something failed because of a disk: the error is a PbftError `STORAGE` or one of the
 * operating system, or such an error is its cause. It says nothing about a block, and trying again
 * may help.
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
