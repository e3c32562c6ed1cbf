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

/** A call whose program exists and which fits it; nothing had to be compiled to know that. */
export interface FoundCall {
  readonly record: IntentRecord;
  /** Units of reading and compiling the program; 0 unless this is the block's first call of it. */
  readonly programUnits: number;
  readonly called: Interface;
}

/**
 * Finds what an invoke calls, or why that does not fit; what does not is in no valid block. All
 * that can be said without the program itself is said here: it is compiled only for a call that has
 * room.
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

/** Most bytes by which a call can make the state grow. */
export function growthOfCall(body: Invoke, called: Interface): number {
  return growthOfSigners(1 + body.cosigners.length) + called.growth;
}

/** Finds what an invoke calls, if its arguments and signers fit; it need not be compiled. */
export function findInterface(
  body: Invoke,
  overlay: StateOverlay,
  programs: Programs,
): Pick<FoundCall, "record" | "called"> | Refusal {
  const record = findRecord(body, overlay);
  return "code" in record ? record : fitInterface(body, record, programs);
}

/** `findInterface` for who has the record. */
export function fitInterface(
  body: Invoke,
  record: IntentRecord,
  programs: Programs,
): Pick<FoundCall, "record" | "called"> | Refusal {
  const called = programs.interfaceOf(callOf(body).intent, record);
  return refuseArguments(body, called) ?? { record, called };
}

/** Finds the record of what an invoke calls. */
export function findRecord(body: Invoke, overlay: StateOverlay): IntentRecord | Refusal {
  const { intent } = callOf(body);
  const record = overlay.read(stateKey.intent(intent), IntentRecord);
  return record ?? refusal("unknown-intent", `no intent ${toHex(intent)} is published`);
}

/** Refuses arguments that are not of the parameters' types, and a signer who has not signed. */
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

/** Largest magnitude of an `Int`, as the language has it; the wire could hold one bit more. */
const INT_MAX = (1n << 127n) - 1n;

/** Which kind of argument a parameter takes. */
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
