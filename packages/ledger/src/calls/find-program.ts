import { type Call, type Digest, type Invoke, toHex } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import { programUnits } from "../metering/units.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import { type PublishedIntent, readContractIntent } from "../state/contracts.ts";
import { IntentRecord } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";

/**
 * Published program that a call runs, by kind. `digest` names the program in the cache of programs
 * and in the meter of a block.
 */
export type CalledProgram = CalledIntents | CalledContract;

/** Published intent or batch, with its record. */
export interface CalledIntents {
  readonly kind: "intents";
  /** Digest of the canonical text. A call names the program by it. */
  readonly digest: Digest;
  readonly record: IntentRecord;
}

/** Published contract, with the intent that is called. */
export interface CalledContract {
  readonly kind: "contract";
  /** Digest of the contract's canonical text. All its intents share it. */
  readonly digest: Digest;
  readonly published: PublishedIntent;
}

/** Program that an invoke calls, with the execution units for loading and compiling it. */
export interface ProgramLoad {
  readonly program: Digest;
  readonly units: number;
}

/** Finds the program of a call, or refuses the call if no such program is published. */
export function findProgram({ intent }: Call, overlay: StateOverlay): CalledProgram | Refusal {
  const record = overlay.read(stateKey.intent(intent), IntentRecord);
  if (record !== undefined) return { kind: "intents", digest: intent, record };
  const published = readContractIntent(overlay, intent);
  if (published !== undefined) {
    return { kind: "contract", digest: published.contract, published };
  }
  return refusal("unknown-intent", `no intent ${toHex(intent)} is published`);
}

/**
 * Finds the program of each call of an invoke. `find` looks up one of them. Returns the first
 * refusal if there is one.
 */
export function findPrograms(
  { calls }: Pick<Invoke, "calls">,
  find: (call: Call) => CalledProgram | Refusal,
): readonly CalledProgram[] | Refusal {
  const programs: CalledProgram[] = [];
  for (const call of calls) {
    const program = find(call);
    if ("code" in program) return program;
    programs.push(program);
  }
  return programs;
}

/** Returns each program once, in the order of first calls. */
export function differentPrograms(programs: readonly CalledProgram[]): readonly CalledProgram[] {
  if (programs.length === 1) return programs;
  return [...new Map(programs.map((program) => [keyName(program.digest), program])).values()];
}

/**
 * Returns the cost of loading each different program, in the order of first calls. `isNeeded`: which
 * programs must be loaded. Default: all.
 */
export function loadsOf(
  programs: readonly CalledProgram[],
  isNeeded: (program: Digest) => boolean = () => true,
): readonly ProgramLoad[] {
  const loads: ProgramLoad[] = [];
  for (const program of differentPrograms(programs)) {
    if (!isNeeded(program.digest)) continue;
    loads.push({ program: program.digest, units: programUnits(textLength(program)) });
  }
  return loads;
}

/** Returns the execution units for loading all these programs. */
export function loadingUnits(loads: readonly ProgramLoad[]): number {
  let sum = 0;
  for (const { units } of loads) sum += units;
  return sum;
}

/** Returns the number of bytes of a program's canonical text. */
export function textLength(program: CalledProgram): number {
  return program.kind === "contract"
    ? program.published.textBytes
    : program.record.canonical.length;
}
