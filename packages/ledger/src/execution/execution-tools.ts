import type { VerifySigned } from "@aethel/models";
import type { CheckProof } from "../admission/admission.ts";
import type { Programs } from "../programs/programs.ts";
import type { StateBounds } from "../state/bounds.ts";

/**
 * Functions and bounds that execution needs besides the state and the block. The functions are
 * pure, so all replicas get the same results.
 */
export interface ExecutionTools {
  readonly programs: Programs;
  readonly checkProof: CheckProof;
  readonly verifySigned?: VerifySigned;
  /** Bounds of the state. All nodes of a chain MUST have the same. Default: `STATE_BOUNDS`. */
  readonly bounds?: StateBounds;
}
