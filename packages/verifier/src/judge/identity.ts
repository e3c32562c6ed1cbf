import type { Digest } from "@aethel/models/primitives";
import { KERNEL_VERSION } from "../kernel/index.ts";
import { JUDGE_VERSION } from "../limits.ts";
import { PROVER_VERSION } from "../prover/index.ts";
import { solverHash } from "../z3/installed/binary.ts";

/** Identity of a Judge. Validators may compare verdicts only if their identities are equal. */
export interface JudgeIdentity {
  /**
   * Version that grows with every change of limits, screening, encoding, difficulty, work order or
   * solver.
   */
  readonly version: number;
  /** SHA-256 of the installed solver's WebAssembly file. */
  readonly wasmHash: Digest;
  /** Version of the format and rules of certificates. */
  readonly kernelVersion: number;
  /**
   * Version of the prover. The prover decides which certificate is found, and so whether an intent
   * is `valid`.
   */
  readonly proverVersion: number;
}

/**
 * Returns the versions of the Judge's parts and the hash of the installed solver.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` if the solver's file cannot be read.
 */
export function judgeIdentity(): JudgeIdentity {
  return {
    version: JUDGE_VERSION,
    wasmHash: solverHash(),
    kernelVersion: KERNEL_VERSION,
    proverVersion: PROVER_VERSION,
  };
}
