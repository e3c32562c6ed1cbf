import type { Value } from "../language/evaluate.ts";
import { assetHolding, type DeclaredAsset, holdingName } from "../language/syntax/assets.ts";
import type { HoldingName } from "../language/syntax/fields.ts";
import type { Obligation, ObligationKind, Span } from "../obligation.ts";
import type { TermValue } from "../term.ts";
import type { CompiledIntent } from "./compiled/compile.ts";
import {
  assignmentsOf,
  touchedAccounts,
  touchedFields,
  touchedSupplies,
  usesSequence,
} from "./compiled/touched.ts";
import { conservedAsset, directionLabel } from "./encoder/conservation-goals.ts";
import { argumentKey, fieldKey, sequenceKey, supplyKey } from "./encoder/observed.ts";
import { signersOf } from "./execution/arguments.ts";
import {
  attempt,
  checkInput,
  clauseHolds,
  type Execution,
  type ExecutionInput,
  type FieldWrite,
  type IntentRun,
  runEffect,
  runGuard,
  startRun,
} from "./execution/interpret.ts";
import { isPossibleState } from "./ledger-invariants.ts";

/**
 * Run that shows that an obligation fails, in the names of the source. Plain data, ready for JSON.
 */
export interface Counterexample {
  readonly intent: string;
  readonly kind: ObligationKind;
  readonly label: string;
  readonly span: Span;
  /** One sentence that says which demand fails. */
  readonly sentence: string;
  /** Sequence of the block; present when the intent reads it. */
  readonly sequence?: string;
  readonly arguments: readonly ShownArgument[];
  readonly accounts: readonly ShownAccount[];
  /** Supplies of the declared assets that the intent looks at; absent without any. */
  readonly supplies?: readonly ShownSupply[];
}

/** One argument of a counterexample, under its name in the source. */
export interface ShownArgument {
  readonly name: string;
  readonly type: string;
  /** A decimal number, `true` or `false`, or the name of an account as in `accounts`. */
  readonly value: string;
}

/** One account. Parameters that mean the same account share one, named `from = to`. */
export interface ShownAccount {
  readonly name: string;
  readonly signs: boolean;
  readonly before: ShownFields;
  /** Fields at the end of the run, or at its fault. */
  readonly after: ShownFields;
}

/** Amounts by field: `balance`, `stake`, `balance[GOLD]`. */
export type ShownFields = Readonly<Partial<Record<HoldingName, string>>>;

/** Supply of one declared asset. */
export interface ShownSupply {
  readonly asset: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Runs the intent on the state that a solver's model describes, and tells whether exactly this
 * obligation fails there. For `satisfiable` it tells whether the guards hold there, so the result
 * is a witness.
 *
 * It uses nothing of the encoding: a counterexample that it returns is one even where solver or
 * encoder are wrong. `undefined` when the model does not describe a possible state, or the
 * obligation does not fail in the run.
 */
export function confirmCounterexample(
  intent: CompiledIntent,
  obligation: Obligation,
  valuation: ReadonlyMap<string, TermValue>,
): Counterexample | undefined {
  const world = worldOf(intent, valuation);
  if (world === undefined) return undefined;
  const run = startRun(intent, world.input);
  if (checkInput(run) !== undefined) return undefined;
  const sentence = findFailure(run, obligation);
  if (sentence === undefined) return undefined;
  return {
    intent: intent.name,
    kind: obligation.kind,
    label: obligation.label,
    span: obligation.span,
    sentence,
    ...(usesSequence(intent) ? { sequence: world.input.sequence.toString() } : {}),
    arguments: showArguments(intent, world.input),
    accounts: showAccounts(run, world),
    ...(world.supplies.size === 0 ? {} : { supplies: showSupplies(run, world) }),
  };
}

interface World {
  readonly input: ExecutionInput;
  /** Fields before the run, by the name of the account. */
  readonly accounts: ReadonlyMap<string, Readonly<Partial<Record<HoldingName, bigint>>>>;
  /** Supplies before the run, by the asset's name, of the assets that the intent looks at. */
  readonly supplies: ReadonlyMap<string, bigint>;
}

/**
 * Reads arguments and state from observed values; `undefined` unless they are complete and
 * possible.
 */
function worldOf(
  intent: CompiledIntent,
  valuation: ReadonlyMap<string, TermValue>,
): World | undefined {
  const names = accountNames(intent, valuation);
  const values = new Map<string, Value>();
  for (const parameter of intent.parameters) {
    const value =
      parameter.type === "Account"
        ? names.get(parameter.name)
        : valuation.get(argumentKey(parameter.name));
    if (value === undefined) return undefined;
    values.set(parameter.name, value);
  }
  const accounts = new Map<string, Partial<Record<HoldingName, bigint>>>();
  const touched = touchedFields(intent);
  for (const parameter of touchedAccounts(intent)) {
    const name = names.get(parameter) ?? parameter;
    const fields = accounts.get(name) ?? {};
    for (const field of touched) {
      const value = valuation.get(fieldKey(parameter, field));
      // Two parameters that mean one account must agree on its fields.
      if (typeof value !== "bigint" || (fields[field] ?? value) !== value) return undefined;
      fields[field] = value;
    }
    accounts.set(name, fields);
  }
  const supplies = new Map<string, bigint>();
  for (const asset of touchedSupplies(intent)) {
    const value = valuation.get(supplyKey(asset));
    if (typeof value !== "bigint") return undefined;
    supplies.set(asset, value);
  }
  if (!isPossibleState(accounts.values(), supplies)) return undefined;
  const sequence = usesSequence(intent) ? valuation.get(sequenceKey) : 0n;
  if (typeof sequence !== "bigint") return undefined;
  const read: ExecutionInput["read"] = (account, field, asset) =>
    accounts.get(account)?.[asset === undefined ? field : assetHolding(asset.name)] ?? 0n;
  const supply = (asset: DeclaredAsset): bigint => supplies.get(asset.name) ?? 0n;
  return { input: { arguments: values, sequence, read, supply }, accounts, supplies };
}

/** Names each account after all parameters that mean it. */
function accountNames(
  intent: CompiledIntent,
  valuation: ReadonlyMap<string, TermValue>,
): ReadonlyMap<string, string> {
  const groups = new Map<bigint, string[]>();
  for (const { name, type } of intent.parameters) {
    const key = type === "Account" ? valuation.get(argumentKey(name)) : undefined;
    if (typeof key === "bigint") groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return new Map(
    [...groups.values()].flatMap((group) => group.map((name) => [name, group.join(" = ")])),
  );
}

/** Returns the sentence of a failure, when the run fails the demand of this obligation. */
function findFailure(run: IntentRun, obligation: Obligation): string | undefined {
  if (obligation.kind === "satisfiable") {
    const stopped = attempt(run, () => runGuard(run));
    return stopped === undefined ? "The guards hold here." : undefined;
  }
  const stopped = attempt(run, () => runGuard(run) ?? runEffect(run));
  if (stopped !== undefined) return faultSentence(stopped, obligation);
  switch (obligation.kind) {
    case "postcondition":
      return findFalseClause(run, obligation.span);
    case "conservation":
      return findImbalance(run, obligation);
    case "authority":
      return findTheft(run, obligation.span);
    case "defined":
      return findUndefinedClause(run, obligation);
    case "range":
      return undefined;
  }
}

function faultSentence(stopped: Execution, obligation: Obligation): string | undefined {
  if (stopped.type !== "fault" || !sameSpan(stopped.span, obligation.span)) return undefined;
  if (obligation.kind === "range" && stopped.code === "range") {
    return `${capital(stopped.message)}.`;
  }
  const divides = obligation.kind === "defined" && stopped.code === "division-by-zero";
  return divides ? "The divisor is 0." : undefined;
}

/** Evaluates clauses up to the one at `span`; the earlier ones must have a value. */
function findFalseClause(run: IntentRun, span: Span): string | undefined {
  let verdict: boolean | undefined;
  const stopped = attempt(run, () => {
    for (const clause of run.intent.intent.verify) {
      const holds = clauseHolds(run, clause);
      if (!sameSpan(clause.span, span)) continue;
      verdict = holds;
      break;
    }
    return undefined;
  });
  if (stopped !== undefined || verdict !== false) return undefined;
  return "After the effects the clause is false.";
}

/** Evaluates clauses in order up to the first false one. */
function findUndefinedClause(run: IntentRun, obligation: Obligation): string | undefined {
  const stopped = attempt(run, () => {
    run.intent.intent.verify.every((clause) => clauseHolds(run, clause));
    return undefined;
  });
  return stopped === undefined ? undefined : faultSentence(stopped, obligation);
}

/**
 * Tells obligations apart by their labels, since several have the place of the whole effect block.
 */
function findImbalance(run: IntentRun, obligation: Obligation): string | undefined {
  const asset = conservedAsset(run.intent, obligation);
  const supply = run.supplyWrites().find((write) => write.asset.name === asset);
  const issued = supply === undefined ? 0n : supply.after - supply.before;
  if (obligation.label === directionLabel(run.intent, asset)) {
    const wrong = run.intent.intent.supply === "issue" ? issued < 0n : issued > 0n;
    if (!wrong || supply === undefined) return undefined;
    return `The supply of \`${asset}\` goes from ${supply.before} to ${supply.after}.`;
  }
  const change = run
    .writes()
    .filter((write) => (write.asset?.name ?? "") === asset)
    .reduce((sum, write) => sum + write.after - write.before, -issued);
  if (change === 0n) return undefined;
  const what = `${change > 0n ? change : -change}${asset === "" ? "" : ` of \`${asset}\``}`;
  const result =
    supply === undefined
      ? "the holdings no longer sum to what they did"
      : "the holdings change by something else than the supply";
  return `The run ${change > 0n ? "creates" : "destroys"} ${what}: ${result}.`;
}

function findTheft(run: IntentRun, span: Span): string | undefined {
  const target = assignmentsOf(run.intent).find((one) => sameSpan(one.span, span))?.target;
  const holding = target?.type === "field" ? holdingName(target) : undefined;
  const signers = new Set(signersOf(run.intent, run.input.arguments));
  const theft = run
    .writes()
    .find(
      (write) =>
        holdingOf(write) === holding && write.after < write.before && !signers.has(write.account),
    );
  if (theft === undefined) return undefined;
  const change = `falls from ${theft.before} to ${theft.after}`;
  return `The ${holdingOf(theft)} of \`${theft.account}\` ${change}, and \`${theft.account}\` did not sign.`;
}

function showArguments(intent: CompiledIntent, input: ExecutionInput): readonly ShownArgument[] {
  return intent.parameters.map(({ name, type }) => ({
    name,
    type,
    value: String(input.arguments.get(name)),
  }));
}

function showAccounts(run: IntentRun, world: World): readonly ShownAccount[] {
  const signers = new Set(signersOf(run.intent, world.input.arguments));
  const writes = run.writes();
  return [...world.accounts].map(([name, before]) => {
    const own = writes.filter((write) => write.account === name);
    const after = {
      ...before,
      ...Object.fromEntries(own.map((write) => [holdingOf(write), write.after])),
    };
    return { name, signs: signers.has(name), before: showFields(before), after: showFields(after) };
  });
}

function showSupplies(run: IntentRun, world: World): readonly ShownSupply[] {
  const writes = run.supplyWrites();
  return [...world.supplies].map(([asset, before]) => {
    const after = writes.find((write) => write.asset.name === asset)?.after ?? before;
    return { asset, before: before.toString(), after: after.toString() };
  });
}

function holdingOf(write: FieldWrite): HoldingName {
  return write.asset === undefined ? write.field : assetHolding(write.asset.name);
}

function showFields(fields: Readonly<Partial<Record<HoldingName, bigint>>>): ShownFields {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, String(value)]));
}

function sameSpan(left: Span, right: Span): boolean {
  return left.start.offset === right.start.offset && left.end.offset === right.end.offset;
}

function capital(sentence: string): string {
  return sentence.replace(/^\w/, (letter) => letter.toUpperCase());
}
