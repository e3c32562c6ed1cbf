import type { VerifySigned } from "@aethel/models";
import type { CheckProof } from "../admission/admission.ts";
import type { Programs } from "../programs/programs.ts";
import type { StateBounds } from "../state/bounds.ts";

/** Inputs of execution beside state and block. They are pure, so that all replicas agree. */
export interface ExecutionTools {
  readonly programs: Programs;
  readonly checkProof: CheckProof;
  readonly verifySigned?: VerifySigned;
  /** Part of the protocol: the same on all nodes of a chain. Default: `STATE_BOUNDS`. */
  readonly bounds?: StateBounds;
}
