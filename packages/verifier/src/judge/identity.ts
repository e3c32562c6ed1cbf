import type { Digest } from "@aethel/models/primitives";
import { KERNEL_VERSION } from "../kernel/index.ts";
import { JUDGE_VERSION } from "../limits.ts";
import { PROVER_VERSION } from "../prover/index.ts";
import { solverHash } from "../z3/installed/binary.ts";

/** Identity of the solver that two validators must share before they can compare verdicts. */
export interface JudgeIdentity {
  /** Counts every change of limits, screening, encoding, difficulty or solver. */
  readonly version: number;
  /** SHA-256 of the installed solver's WebAssembly file. */
  readonly wasmHash: Digest;
  /** Format and rules of the certificates that the kernel checks. */
  readonly kernelVersion: number;
  /** Decides which certificate is found, if any, and so whether an intent is `valid`. */
  readonly proverVersion: number;
}

/**
 * The versions of the Judge's parts and the hash of the solver that is installed here.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` when the solver's file cannot be read.
 */
export function judgeIdentity(): JudgeIdentity {
  return {
    version: JUDGE_VERSION,
    wasmHash: solverHash(),
    kernelVersion: KERNEL_VERSION,
    proverVersion: PROVER_VERSION,
  };
}
