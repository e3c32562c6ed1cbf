import {
  type AccountId,
  type Argument,
  equalBytes,
  type Invoke,
  type ProofBody,
  type Resource,
  type Sequence,
  type Timestamp,
  toHex,
  toResource,
  UNITS,
} from "@aethel/models";
import {
  type CompiledIntent,
  type Execution,
  interpretIntent,
  type ParameterType,
  type TypedParameter,
  type Value,
} from "@aethel/verifier";
import { growthOfSigners } from "./costs/growth.ts";
import type { BlockMeter } from "./costs/meter.ts";
import { programUnits } from "./costs/units.ts";
import type { Draft } from "./draft.ts";
import { newEntries } from "./fees/growth.ts";
import { createPendingWrites, type PendingWrites } from "./pending-writes.ts";
import type { Interface, Program, Programs } from "./programs.ts";
import type { StateBounds } from "./queues/bounds.ts";
import { type Refusal, refusal } from "./refusal.ts";
import type { ResultCode } from "./result-code.ts";
import { callOf } from "./sole-call.ts";
import { applyStakeWrites, findStakeDefect } from "./stake-writes.ts";
import type { LedgerState } from "./state.ts";
import { IntentRecord, stateKey } from "./state-layout.ts";
import { act, actionOf, findActionDefect } from "./validator-actions.ts";
import { findWriteDefect } from "./write-defect.ts";

/** An invoke whose intent exists, and whose arguments and signers fit it. */
export interface PreparedInvoke {
  readonly program: Program;
  readonly record: IntentRecord;
  /** What runs, in its order, each with the arguments of its own parameters. */
  readonly steps: readonly PreparedStep[];
  /** The accounts among the arguments by the name under which a program knows them. */
  readonly accounts: ReadonlyMap<string, AccountId>;
  /** Names of the accounts that signed. */
  readonly signed: ReadonlySet<string>;
}

/** A call whose program exists and which fits it; nothing had to be compiled to know that. */
export interface FoundCall {
  readonly record: IntentRecord;
  /** Units of reading and compiling the program; 0 unless this is the block's first call of it. */
  readonly programUnits: number;
  readonly called: Interface;
}

/** Room of a block for a proof of which part is reserved. */
export interface Room {
  readonly meter: BlockMeter;
  /** Units that the proof takes at most beside what its program and its record take. */
  readonly reserved: number;
}

/** One intent with its arguments. */
interface PreparedStep {
  readonly intent: CompiledIntent;
  readonly values: ReadonlyMap<string, Value>;
}

/** What running an invoke came to. When it did not apply, the state is untouched. */
export interface InvokeResult {
  readonly outcome: "applied" | "guard-false" | "unknown" | "forbidden";
  readonly code: ResultCode;
  readonly units: Resource;
  readonly detail: string;
  /** Entries that it has made in the state. */
  readonly entries?: number;
}

/** Whether the fee limit covers a run of so many units that makes so many entries in the state. */
export type CoversRun = (run: { readonly units: Resource; readonly entries: number }) => boolean;

/** Where an invoke runs. `state` is the one before the block, `draft` the present one. */
export interface InvokeBlock {
  readonly sequence: Sequence;
  /** Its timestamp. */
  readonly now: Timestamp;
  readonly draft: Draft;
  readonly state: LedgerState;
  readonly bounds: StateBounds;
}

type InvokeBody = Extract<ProofBody, { readonly type: "invoke" }>;

/**
 * Finds what an invoke calls, or why that does not fit; what does not is in no valid block. All that
 * can be said without the program itself is said here: it is compiled only for a call that has room.
 */
export function findCall(
  body: Invoke,
  draft: Draft,
  programs: Programs,
  room: Room,
): FoundCall | Refusal {
  const record = findRecord(body, draft);
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

/** Loads the program of a call, and gives each of its intents its arguments. */
export function prepareInvoke(
  body: Invoke,
  { record }: FoundCall,
  programs: Programs,
): PreparedInvoke {
  const program = programs.load(callOf(body).intent, record);
  const accounts = new Map<string, AccountId>();
  const values = callOf(body).arguments.map((argument) => {
    const value = valueOf(argument);
    if (argument.type === "account") accounts.set(String(value), argument.value);
    return value;
  });
  const signed = new Set(signersOf(body).map(toHex));
  return { program, record, steps: stepsOf(program, values), accounts, signed };
}

/** Finds what an invoke calls, if its arguments and signers fit; it need not be compiled. */
export function findInterface(
  body: Invoke,
  draft: Draft,
  programs: Programs,
): Pick<FoundCall, "record" | "called"> | Refusal {
  const record = findRecord(body, draft);
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
export function findRecord(body: Invoke, draft: Draft): IntentRecord | Refusal {
  const { intent } = callOf(body);
  const record = draft.read(stateKey.intent(intent), IntentRecord);
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

function signersOf(body: Invoke): readonly AccountId[] {
  return [body.author, ...body.cosigners.map(({ account }) => account)];
}

/** Gives each intent of a program its part of the arguments. */
function stepsOf(program: Program, values: readonly Value[]): readonly PreparedStep[] {
  let from = 0;
  return program.steps.map((intent) => {
    const named = new Map<string, Value>();
    for (const { name } of intent.parameters) {
      const value = values[from++];
      if (value !== undefined) named.set(name, value);
    }
    return { intent, values: named };
  });
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

/** What a program sees of an argument: an account by its name. */
function valueOf(argument: Argument): Value {
  switch (argument.type) {
    case "account":
    case "asset":
      return toHex(argument.value);
    case "amount":
    case "boolean":
      return argument.value;
    case "integer":
      return argument.negative ? -argument.magnitude : argument.magnitude;
  }
}

/**
 * Runs a prepared invoke: its intents in their order, each on what the one before left, all or
 * nothing. Guards are evaluated on the present state, from which the author's fee limit has been
 * taken already. What the interpreter wants to write is checked again, without trusting it or the
 * Judge (`findWriteDefect`).
 */
export function runInvoke(
  prepared: PreparedInvoke,
  body: InvokeBody,
  block: InvokeBlock,
  covers: CoversRun,
): InvokeResult {
  const { draft } = block;
  const pending = createPendingWrites(draft, prepared.accounts);
  const action = actionOf(prepared);
  let spent = action === undefined ? 0 : UNITS.action;
  for (const [at, step] of prepared.steps.entries()) {
    if (at > 0) spent += UNITS.step;
    const execution = interpretIntent(step.intent, {
      unitsMax: Math.max(0, body.resourceLimit - spent),
      arguments: step.values,
      sequence: BigInt(block.sequence),
      now: BigInt(block.now),
      read: (account, field, asset) =>
        pending.read({ account, field, ...(asset === undefined ? {} : { asset }) }),
      supply: (asset) => pending.supply(asset),
    });
    spent += execution.executionUnits;
    if (execution.type === "out-of-units" || spent > body.resourceLimit) {
      const detail = `it needs more than ${body.resourceLimit} execution units`;
      return { outcome: "unknown", code: "execution-limit", units: body.resourceLimit, detail };
    }
    const stopped = stopOf(execution) ?? defectOf(step, execution, { prepared, pending });
    if (stopped !== undefined) {
      const where = prepared.steps.length === 1 ? "" : `${step.intent.name}: `;
      return { ...stopped, units: toResource(spent), detail: `${where}${stopped.detail}` };
    }
    if (execution.type === "applied") pending.add(execution.writes, execution.supplies);
  }
  const units = toResource(spent);
  // Stake rules speak of native balances: what happens to declared assets is nothing to them.
  const all = pending.writes();
  const writes = all.filter(({ asset }) => asset === undefined);
  const defect = findStakeDefect(writes, draft, block);
  if (defect !== undefined) return { outcome: "forbidden", units, ...defect };
  const actionDefect = action === undefined ? undefined : findActionDefect(action, block);
  if (actionDefect !== undefined) return { outcome: "forbidden", units, ...actionDefect };
  const { hasAccount } = pending;
  const bindsKey = action?.action === "rotate-key";
  const growth = { writes: all, signed: prepared.signed, hasAccount, bindsKey };
  const entries = newEntries(growth, draft);
  if (!covers({ units, entries })) {
    const detail = `the fee limit does not pay for ${entries} new entries of the state`;
    return { outcome: "forbidden", code: "state-fee", units, detail };
  }
  pending.apply();
  applyStakeWrites(writes, draft, block);
  if (action !== undefined) act(action, block);
  return { outcome: "applied", code: "none", units, detail: "", entries };
}

type Stop = Pick<InvokeResult, "outcome" | "code" | "detail">;

function stopOf(execution: Execution): Stop | undefined {
  switch (execution.type) {
    case "applied":
    case "out-of-units":
      return undefined;
    case "guard-false": {
      const detail = `the guard is false: ${execution.label}`;
      return { outcome: "guard-false", code: "guard-false", detail };
    }
    case "fault":
      return { outcome: "forbidden", code: "fault", detail: execution.message };
  }
}

function defectOf(
  { intent, values }: PreparedStep,
  execution: Execution,
  where: {
    readonly prepared: PreparedInvoke;
    readonly pending: PendingWrites;
  },
): Stop | undefined {
  if (execution.type !== "applied") return undefined;
  const { writes, supplies } = execution;
  const { signed, record } = where.prepared;
  const privileged = record.origin === "genesis";
  const state = where.pending;
  const defect = findWriteDefect({ intent, values, writes, supplies, privileged, signed, state });
  return defect === undefined ? undefined : { outcome: "forbidden", ...defect };
}
