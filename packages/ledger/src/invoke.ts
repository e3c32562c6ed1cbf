import {
  type AccountId,
  AMOUNT_MAX,
  type Argument,
  fromHex,
  type Invoke,
  type ProofBody,
  type Resource,
  type Sequence,
  signersOf,
  toAccountId,
  toAmount,
  toHex,
  toResource,
} from "@aethel/models";
import {
  type CompiledIntent,
  type FieldName,
  type FieldWrite,
  interpretIntent,
  type ParameterType,
  type Value,
} from "@aethel/verifier";
import { readAccount, writeAccount } from "./accounts.ts";
import type { Draft } from "./draft.ts";
import type { Programs } from "./programs.ts";
import { type Refusal, refusal } from "./refusal.ts";
import type { ResultCode } from "./result-code.ts";
import { applyStakeWrites, findStakeDefect, readStake } from "./stake.ts";
import type { LedgerState } from "./state.ts";
import { IntentRecord, stateKey } from "./state-layout.ts";

/** An invoke whose intent exists, and whose arguments and signers fit it. */
export interface PreparedInvoke {
  readonly program: CompiledIntent;
  readonly record: IntentRecord;
  readonly values: ReadonlyMap<string, Value>;
}

/** What running an invoke came to. When it did not apply, the state is untouched. */
export interface InvokeResult {
  readonly outcome: "applied" | "guard-false" | "unknown" | "forbidden";
  readonly code: ResultCode;
  readonly units: Resource;
  readonly detail: string;
}

/** Where an invoke runs. `state` is the one before the block, `draft` the present one. */
export interface InvokeBlock {
  readonly sequence: Sequence;
  readonly draft: Draft;
  readonly state: LedgerState;
}

type InvokeBody = Extract<ProofBody, { readonly type: "invoke" }>;

/** Finds the intent and fits arguments and signers to it; what does not fit is in no valid block. */
export function prepareInvoke(
  body: Invoke,
  draft: Draft,
  programs: Programs,
): PreparedInvoke | Refusal {
  const record = draft.read(stateKey.intent(body.intent), IntentRecord);
  if (record === undefined) {
    return refusal("unknown-intent", `no intent ${toHex(body.intent)} is published`);
  }
  const program = programs.load(body.intent, record);
  const { parameters } = program;
  if (body.arguments.length !== parameters.length) {
    const message = `${program.name} takes ${parameters.length} arguments, not ${body.arguments.length}`;
    return refusal("arguments", message);
  }
  const values = new Map<string, Value>();
  for (const [at, { name, type }] of parameters.entries()) {
    const value = valueOf(body.arguments[at], type);
    if (value === undefined) {
      return refusal("arguments", `${program.name}: \`${name}\` must be of type ${type}`);
    }
    values.set(name, value);
  }
  const signed = new Set(signersOf({ type: "invoke", ...body }).map(toHex));
  const missing = parameters.find(
    ({ name, signer }) => signer && !signed.has(String(values.get(name))),
  );
  if (missing === undefined) return { program, record, values };
  const account = String(values.get(missing.name));
  return refusal(
    "signers",
    `${program.name} needs the signature of \`${missing.name}\`, ${account}`,
  );
}

/** Largest magnitude of an `Int`, as the language has it; the wire could hold one bit more. */
const INT_MAX = (1n << 127n) - 1n;

/** An argument as the value of a parameter of this type; undefined when it is of another. */
function valueOf(argument: Argument | undefined, type: ParameterType): Value | undefined {
  switch (type) {
    case "Account":
      return argument?.type === "account" ? toHex(argument.value) : undefined;
    case "Amount":
      return argument?.type === "amount" ? argument.value : undefined;
    case "Bool":
      return argument?.type === "boolean" ? argument.value : undefined;
    case "Int": {
      if (argument?.type !== "integer" || argument.magnitude > INT_MAX) return undefined;
      return argument.negative ? -argument.magnitude : argument.magnitude;
    }
  }
}

/**
 * Runs a prepared invoke. Guards are evaluated on the present state, from which the author's fee
 * limit has been taken already. What the interpreter wants to write is checked again, without
 * trusting it or the Judge: every write against the write set, authority against the signers,
 * ranges, and that no money appears or vanishes.
 */
export function runInvoke(
  prepared: PreparedInvoke,
  body: InvokeBody,
  block: InvokeBlock,
): InvokeResult {
  const { draft, sequence } = block;
  const execution = interpretIntent(prepared.program, {
    arguments: prepared.values,
    sequence: BigInt(sequence),
    read: (account, field) => readField(draft, account, field),
  });
  if (execution.executionUnits > body.resourceLimit) {
    const detail = `it needs more than ${body.resourceLimit} execution units`;
    return { outcome: "unknown", code: "execution-limit", units: body.resourceLimit, detail };
  }
  const units = toResource(execution.executionUnits);
  if (execution.type === "guard-false") {
    const detail = `the guard is false: ${execution.label}`;
    return { outcome: "guard-false", code: "guard-false", units, detail };
  }
  if (execution.type === "fault") {
    return { outcome: "forbidden", code: "fault", units, detail: execution.message };
  }
  const { writes } = execution;
  const defect = findWriteDefect(prepared, body, draft, writes) ?? findStakeDefect(writes, draft);
  if (defect !== undefined) return { outcome: "forbidden", units, ...defect };
  applyWrites(writes, block);
  return { outcome: "applied", code: "none", units, detail: "" };
}

/** Why writes must not be applied. */
export interface WriteDefect {
  readonly code: ResultCode;
  readonly detail: string;
}

function findWriteDefect(
  prepared: PreparedInvoke,
  body: InvokeBody,
  draft: Draft,
  writes: readonly FieldWrite[],
): WriteDefect | undefined {
  const signed = new Set(signersOf(body).map(toHex));
  let change = 0n;
  for (const write of writes) {
    const { account, field, before, after } = write;
    change += after - before;
    const detail = `${field} of ${account} from ${before} to ${after}`;
    if (before !== readField(draft, account, field)) return { code: "fault", detail };
    if (after < 0n || after > AMOUNT_MAX) return { code: "fault", detail };
    if (after < before && !signed.has(account)) return { code: "authority", detail };
    if (field === "stake" && prepared.record.origin !== "genesis") {
      return { code: "privileged", detail };
    }
    if (!inWriteSet(prepared, write)) return { code: "privileged", detail };
  }
  if (change === 0n) return undefined;
  return { code: "conservation", detail: `the holdings would change by ${change}` };
}

function inWriteSet({ program, values }: PreparedInvoke, write: FieldWrite): boolean {
  if (write.after === write.before) return true;
  return program.writes.some(
    ({ parameter, field, increase, decrease }) =>
      field === write.field &&
      values.get(parameter) === write.account &&
      (write.after > write.before ? increase : decrease),
  );
}

function applyWrites(writes: readonly FieldWrite[], block: InvokeBlock): void {
  const { draft } = block;
  for (const { account, field, after } of writes) {
    if (field !== "balance") continue;
    const id = toAccountId(fromHex(account));
    writeAccount(draft, id, { ...readAccount(draft, id), balance: toAmount(after) });
  }
  applyStakeWrites(writes, draft, block);
}

function readField(draft: Draft, account: string, field: FieldName): bigint {
  const id: AccountId = toAccountId(fromHex(account));
  return field === "stake" ? readStake(draft, id) : readAccount(draft, id).balance;
}
