import type { Invoke } from "@aethel/models";
import type { Room } from "../metering/meter.ts";
import type { Programs } from "../programs/programs.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import {
  findProgram,
  findPrograms,
  loadingUnits,
  loadsOf,
  type ProgramLoad,
} from "./find-program.ts";
import { type FittingCall, fitCalls, growthOfCalls } from "./fit-calls.ts";

/** Calls of an invoke that fit their programs, and the programs that the block must load. */
export interface FoundCalls {
  readonly calls: readonly FittingCall[];
  /** Programs that the block has not called before, each once. */
  readonly loads: readonly ProgramLoad[];
  /** Execution units for all `loads`. */
  readonly programUnits: number;
}

/**
 * Finds the programs that an invoke calls. Refuses an invoke whose arguments or signers do not fit
 * them. Also refuses an invoke for which the block has too little capacity left. Makes all checks
 * that need no compiled program, so that a program is compiled only for calls that fit into the
 * block.
 */
export function findCalls(
  body: Invoke,
  overlay: StateOverlay,
  programs: Programs,
  room: Room,
): FoundCalls | Refusal {
  const { meter, reserved } = room;
  const found = findPrograms(body, (call) => findProgram(call, overlay));
  if ("code" in found) return found;
  const loads = loadsOf(found, (program) => meter.isFirstCall(program));
  const programUnits = loadingUnits(loads);
  const units = reserved + programUnits;
  if (!meter.fits({ units, growth: 0 })) {
    return refusal("block-full", "the block has no units left to load what it calls");
  }
  const calls = fitCalls(body, found, programs);
  if ("code" in calls) return calls;
  if (meter.fits({ units, growth: growthOfCalls(body, calls) })) {
    return { calls, loads, programUnits };
  }
  return refusal("block-full", "the state has no room left in this block for what it may write");
}
