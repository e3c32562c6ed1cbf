import { type AccountId, type Argument, equalBytes, type Invoke, toHex } from "@aethel/models";
import type { ParameterType, TypedParameter } from "@aethel/verifier";
import { growthOfSigners } from "../metering/growth.ts";
import type { Room } from "../metering/meter.ts";
import { programUnits } from "../metering/units.ts";
import type { Interface, Programs } from "../programs/programs.ts";
import { callOf } from "../programs/sole-call.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import { IntentRecord } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";

/**
 * Published program that an invoke calls, with arguments and signers that fit it. The program may
 * still be uncompiled.
 */
export interface FoundCall {
  readonly record: IntentRecord;
  /** Execution units for loading and compiling the program; 0 if the block has called it before. */
  readonly programUnits: number;
  readonly called: Interface;
}

/**
 * Finds the program that an invoke calls. Refuses an invoke whose arguments or signers do not fit
 * the program. Also refuses an invoke for which the block has too little capacity left. Makes all
 * checks that need no compiled program, so that a program is compiled only for a call that fits
 * into the block.
 */
export function findCall(
  body: Invoke,
  overlay: StateOverlay,
  programs: Programs,
  room: Room,
): FoundCall | Refusal {
  const record = findRecord(body, overlay);
  if ("code" in record) return record;
  const isFirst = room.meter.isFirstCall(callOf(body).intent);
  const loading = isFirst ? programUnits(record.canonical.length) : 0;
  const units = room.reserved + loading;
  if (!room.meter.fits({ units, growth: 0 })) {
    return refusal("block-full", "the block has no units left to load what it calls");
  }
  const called = programs.interfaceOf(callOf(body).intent, record);
  const unfit = refuseArguments(body, called);
  if (unfit !== undefined) return unfit;
  const growth = growthOfCall(body, called);
  if (room.meter.fits({ units, growth })) return { record, programUnits: loading, called };
  return refusal("block-full", "the state has no room left in this block for what it may write");
}

/** Returns the most bytes by which a call can grow the state. */
export function growthOfCall(body: Invoke, called: Interface): number {
  return growthOfSigners(1 + body.cosigners.length) + called.growth;
}

/**
 * Finds the interface of the program that an invoke calls, without compiling the program. Refuses
 * an invoke whose arguments or signers do not fit the interface.
 */
export function findInterface(
  body: Invoke,
  overlay: StateOverlay,
  programs: Programs,
): Pick<FoundCall, "record" | "called"> | Refusal {
  const record = findRecord(body, overlay);
  return "code" in record ? record : fitInterface(body, record, programs);
}

/** Does the same as `findInterface` for a caller that has already read the intent's record. */
export function fitInterface(
  body: Invoke,
  record: IntentRecord,
  programs: Programs,
): Pick<FoundCall, "record" | "called"> | Refusal {
  const called = programs.interfaceOf(callOf(body).intent, record);
  return refuseArguments(body, called) ?? { record, called };
}

/**
 * Finds the record of the intent that an invoke calls, or refuses the invoke if no such intent is
 * published.
 */
export function findRecord(body: Invoke, overlay: StateOverlay): IntentRecord | Refusal {
  const { intent } = callOf(body);
  const record = overlay.read(stateKey.intent(intent), IntentRecord);
  return record ?? refusal("unknown-intent", `no intent ${toHex(intent)} is published`);
}

/**
 * Refuses arguments whose number or types differ from those of the parameters, and an invoke
 * without a required signer. Undefined if all fit.
 */
function refuseArguments(body: Invoke, program: Interface): Refusal | undefined {
  const { parameters } = program;
  if (callOf(body).arguments.length !== parameters.length) {
    const message = `${program.name} takes ${parameters.length} arguments, not ${callOf(body).arguments.length}`;
    return refusal("arguments", message);
  }
  const signers = signersOf(body);
  let unsigned: TypedParameter | undefined;
  for (const [at, parameter] of parameters.entries()) {
    const argument = callOf(body).arguments[at];
    const { name, type, signer } = parameter;
    if (argument === undefined || !isOfType(argument, type)) {
      return refusal("arguments", `${program.name}: \`${name}\` must be of type ${type}`);
    }
    if (!signer || argument.type !== "account") continue;
    if (!signers.some((one) => equalBytes(one, argument.value))) unsigned ??= parameter;
  }
  if (unsigned === undefined) return undefined;
  return refusal("signers", `${program.name} needs the signature of \`${unsigned.name}\``);
}

export function signersOf(body: Invoke): readonly AccountId[] {
  return [body.author, ...body.cosigners.map(({ account }) => account)];
}

/** Largest magnitude of an `Int` of the intent language: 127 bits. The wire format has 128. */
const INT_MAX = (1n << 127n) - 1n;

/** Kind of argument for each type of parameter. */
const KIND_OF = {
  Account: "account",
  Amount: "amount",
  Bool: "boolean",
  Int: "integer",
} as const satisfies Record<ParameterType, Argument["type"]>;

function isOfType(argument: Argument, type: ParameterType): boolean {
  if (argument.type !== KIND_OF[type]) return false;
  return argument.type !== "integer" || argument.magnitude <= INT_MAX;
}
