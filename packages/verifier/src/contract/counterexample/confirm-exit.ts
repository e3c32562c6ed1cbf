import { DivisionByZero } from "../../language/evaluate.ts";
import { evaluateTyped, textOf } from "../evaluate/evaluate-typed.ts";
import { Fault } from "../evaluate/fault.ts";
import { ContractRun } from "../execution/contract-run.ts";
import type { ContractCall, ContractChanges } from "../execution/contract-state.ts";
import type { CallResult } from "../execution/run-call.ts";
import { runCall } from "../execution/run-call.ts";
import type { TypedContract, TypedExit, TypedIntent } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import { none } from "../typed/values.ts";
import { evaluateWhole } from "../whole-state/evaluate-rules.ts";
import type { WholeState } from "../whole-state/whole-state.ts";
import type { Concrete } from "./concrete.ts";

/**
 * Exit evaluated in one state for one list of keys: whether something is owed, how much, to whom
 * and from which time.
 */
interface Claim {
  readonly holds: boolean;
  readonly amount: bigint;
  /** Time in seconds after which the exit can be called. Undefined if it can be called at once. */
  readonly after: bigint | undefined;
  readonly within: bigint | undefined;
  readonly beneficiary: string;
}

/** Evaluates an exit in a state for one list of keys. */
function claimAt(
  contract: TypedContract,
  exit: TypedExit,
  keys: readonly FieldValue[],
  state: WholeState,
): Claim {
  const locals = localsOf(exit, keys);
  const value = (typed: Typed): ContractValue =>
    evaluateWhole(typed, { contract, before: state, now: state }, locals);
  const number = (typed: Typed | undefined): bigint | undefined => {
    const own = typed === undefined ? undefined : value(typed);
    return typeof own === "bigint" ? own : undefined;
  };
  const beneficiary = value(exit.beneficiary);
  return {
    holds: value(exit.condition) === true,
    amount: number(exit.keeping?.amount) ?? 0n,
    after: number(exit.after),
    within: number(exit.within),
    beneficiary: typeof beneficiary === "string" ? beneficiary : none,
  };
}

function localsOf(
  exit: TypedExit,
  keys: readonly FieldValue[],
): ReadonlyMap<string, ContractValue> {
  const binders = exit.forEach?.binders ?? [];
  return new Map(
    binders.flatMap(({ name }, at): [string, ContractValue][] => {
      const key = keys[at];
      return key === undefined ? [] : [[name, key]];
    }),
  );
}

/**
 * Returns the keys of all cells that an exit's map has in any of the given states. One empty list
 * if the exit has no `for each`.
 */
function keysOf(
  exit: TypedExit,
  states: readonly WholeState[],
): readonly (readonly FieldValue[])[] {
  const map = exit.forEach?.map;
  if (map === undefined) return [[]];
  const keys = new Map(
    states.flatMap((state) =>
      [...(state.maps.get(map) ?? [])].map(([key, cell]) => [key, cell.keys] as const),
    ),
  );
  return [...keys.values()];
}

/** Tells whether the condition of an exit holds for some keys in a state. */
export function isOwed(contract: TypedContract, exit: TypedExit, state: WholeState): boolean {
  return keysOf(exit, [state]).some((keys) => claimAt(contract, exit, keys, state).holds);
}

/**
 * Returns a sentence about a claim of an exit that is due although the exit's call does not pay it.
 * Claims of an exit with `by` count only if the beneficiary signs the call. Undefined if every due
 * claim is paid.
 */
export function unpaidClaim(
  contract: TypedContract,
  exit: TypedExit,
  { state, call }: Concrete,
): string | undefined {
  const intent = contract.intents.find(({ name }) => name === exit.via.intent);
  if (intent === undefined) return undefined;
  for (const keys of keysOf(exit, [state])) {
    const sentence = unpaidFor(contract, exit, { intent, keys, state, call });
    if (sentence !== undefined) return sentence;
  }
  return undefined;
}

function unpaidFor(
  contract: TypedContract,
  exit: TypedExit,
  of: {
    readonly intent: TypedIntent;
    readonly keys: readonly FieldValue[];
    readonly state: WholeState;
    readonly call: ContractCall;
  },
): string | undefined {
  const { intent, keys, state, call } = of;
  const shown = keys.length === 0 ? "" : ` for ${keys.map(String).join(", ")}`;
  try {
    const { holds, amount, after, beneficiary } = claimAt(contract, exit, keys, state);
    const isDue = after === undefined || call.now > after;
    if (!holds || !isDue || (exit.who === "by" && !call.signers.has(beneficiary))) return undefined;
    if (beneficiary === none) return `\`${exit.name}\` is due${shown}, and is owed to nobody.`;
    const args = argumentsOf(contract, exit, { intent, keys, state });
    const result = runCall(contract, intent, { ...call, arguments: args });
    if (result.type !== "applied") {
      return `\`${exit.name}\` is due${shown}, and its call stops: ${reasonOf(result)}.`;
    }
    const paid = riseOf(result.changes, beneficiary, exit.keeping?.asset ?? "");
    if (paid >= amount) return undefined;
    return `\`${exit.name}\` is due${shown}: ${amount} is owed, and its call pays ${paid}.`;
  } catch (error) {
    if (!(error instanceof DivisionByZero) && !(error instanceof Fault)) throw error;
    return `\`${exit.name}\` has no value${shown}: ${error.message}.`;
  }
}

function reasonOf(result: Exclude<CallResult, { type: "applied" }>): string {
  if (result.type === "fault") return result.message;
  if (result.type === "out-of-units") return "it takes too many units";
  return `the guard at line ${result.span.start.line} is false`;
}

function argumentsOf(
  contract: TypedContract,
  exit: TypedExit,
  of: {
    readonly intent: TypedIntent;
    readonly keys: readonly FieldValue[];
    readonly state: WholeState;
  },
): ReadonlyMap<string, FieldValue> {
  const { intent, keys, state } = of;
  const world = { contract, before: state, now: state };
  return new Map(
    intent.parameters.flatMap(({ name }, at): [string, FieldValue][] => {
      const argument = exit.via.args[at];
      const value =
        argument === undefined ? undefined : evaluateWhole(argument, world, localsOf(exit, keys));
      return value === undefined || typeof value === "object" ? [] : [[name, value]];
    }),
  );
}

function riseOf(changes: ContractChanges, account: string, asset: string): bigint {
  return changes.holdings
    .filter((one) => one.account === account && (one.asset?.name ?? "") === asset)
    .reduce((sum, one) => sum + one.after - one.before, 0n);
}

/** Call of an intent that was executed, with the state before and after it. */
export interface RunOfIntent {
  readonly intent: TypedIntent;
  readonly call: ContractCall;
  readonly changes: ContractChanges;
  readonly before: WholeState;
  readonly after: WholeState;
}

/**
 * Amount by which a call lowered or raised one claim, that is, what an exit owes for one list of
 * keys.
 */
interface Moved {
  readonly exit: TypedExit;
  readonly asset: string;
  readonly owner: string;
  readonly amount: bigint;
  /**
   * Time in seconds after which the claim is due: before the call for a lowered claim, after the
   * call for a raised one. Undefined if it is due at once.
   */
  readonly due: bigint | undefined;
}

/**
 * Returns a sentence about a claim that a call lowered, removed or made due too late, against the
 * rules of its exit. Undefined if there is none.
 */
export function brokenClaim(contract: TypedContract, run: RunOfIntent): string | undefined {
  try {
    return findBrokenClaim(contract, run);
  } catch (error) {
    // That an exit has a value is an obligation of its own.
    if (error instanceof DivisionByZero || error instanceof Fault) return undefined;
    throw error;
  }
}

function findBrokenClaim(contract: TypedContract, run: RunOfIntent): string | undefined {
  const losses: Moved[] = [];
  const rises: Moved[] = [];
  for (const exit of contract.exits) {
    for (const keys of keysOf(exit, [run.before, run.after])) {
      const old = claimAt(contract, exit, keys, run.before);
      const now = claimAt(contract, exit, keys, run.after);
      const late = putOff(exit, { old, now, at: run.call.now });
      if (late !== undefined) return late;
      const taken = takenAway(contract, exit, { keys, old, now, run });
      if (typeof taken === "string") return taken;
      const asset = exit.keeping?.asset;
      if (asset === undefined) continue;
      if (taken > 0n) {
        losses.push({ exit, asset, owner: old.beneficiary, amount: taken, due: old.after });
      }
      const had = old.holds && old.beneficiary === now.beneficiary ? clamp(old.amount) : 0n;
      const rise = (now.holds ? clamp(now.amount) : 0n) - had;
      if (rise > 0n && isSeparate(contract, exit)) {
        rises.push({ exit, asset, owner: now.beneficiary, amount: rise, due: now.after });
      }
    }
  }
  return unpaidLoss(run, losses, rises);
}

/**
 * Returns a sentence about an owner whose claims were lowered by more than the owner was paid and
 * one other claim of the owner was raised. Undefined if there is none.
 */
function unpaidLoss(
  run: RunOfIntent,
  losses: readonly Moved[],
  rises: readonly Moved[],
): string | undefined {
  for (const { asset, owner } of losses) {
    if (owner === none) continue;
    const own = losses.filter((one) => one.asset === asset && one.owner === owner);
    const lost = own.reduce((sum, one) => sum + one.amount, 0n);
    const paid = riseOf(run.changes, owner, asset);
    const replaced = rises
      .filter((rise) => rise.asset === asset && rise.owner === owner)
      .filter((rise) => own.every((loss) => replaces(rise, loss)))
      .reduce((most, rise) => (rise.amount > most ? rise.amount : most), 0n);
    if (lost > paid + replaced) {
      return `A claim loses ${lost}, and its owner, who did not sign, is paid ${paid}.`;
    }
  }
  return undefined;
}

/**
 * Tells whether claims of an exit can be paid in full in addition to all other claims of the same
 * asset. This is so if the exit's call needs no signature (`to`), and no exit of the asset names
 * the called intent after `unless`. Then the call cannot lower another claim.
 */
function isSeparate({ exits }: TypedContract, { who, via, keeping }: TypedExit): boolean {
  const others = exits.filter((one) => one.keeping?.asset === keeping?.asset);
  return who === "to" && !others.some(({ unless }) => unless.includes(via.intent));
}

/**
 * Tells whether a raised claim may replace a lowered one. It must be due no later, and the intents
 * after its `unless` must also be named by the exit of the lowered claim.
 */
function replaces(rise: Moved, loss: Moved): boolean {
  const isInTime = rise.due === undefined || (loss.due !== undefined && rise.due <= loss.due);
  return isInTime && rise.exit.unless.every((name) => loss.exit.unless.includes(name));
}

function clamp(value: bigint): bigint {
  return value < 0n ? 0n : value;
}

function putOff(
  exit: TypedExit,
  { old, now, at }: { readonly old: Claim; readonly now: Claim; readonly at: bigint },
): string | undefined {
  if (exit.within === undefined || !now.holds || now.after === undefined) return undefined;
  const isNew =
    !old.holds ||
    old.beneficiary !== now.beneficiary ||
    (old.after ?? 0n) < now.after ||
    old.amount < now.amount;
  if (!isNew || now.after <= at + (now.within ?? 0n)) return undefined;
  return `\`${exit.name}\` is due only ${now.after - at} seconds after the call.`;
}

/**
 * Returns the amount that a call takes from a claim without the owner's agreement. For an exit
 * without `keeping`, which has no amount, returns 0 if the claim is intact or was called, and
 * otherwise a sentence.
 */
function takenAway(
  contract: TypedContract,
  exit: TypedExit,
  of: {
    readonly keys: readonly FieldValue[];
    readonly old: Claim;
    readonly now: Claim;
    readonly run: RunOfIntent;
  },
): bigint | string {
  const { keys, old, now, run } = of;
  const isEarly = old.after !== undefined && run.call.now <= old.after;
  const isExempt = exit.unless.includes(run.intent.name) && isEarly;
  if (!old.holds || isExempt || isSignedFor(contract, run, { account: old.beneficiary, keys }))
    return 0n;
  const isLater = old.after !== undefined && now.after !== undefined && now.after > old.after;
  const stands = now.holds && now.beneficiary === old.beneficiary && !isLater;
  if (exit.keeping !== undefined) {
    return stands ? clamp(old.amount - clamp(now.amount)) : clamp(old.amount);
  }
  if (stands || isOwnCall(contract, exit, { keys, run, isEarly })) return 0n;
  return `\`${exit.name}\` does not stand after the call, and its owner did not sign.`;
}

function isOwnCall(
  contract: TypedContract,
  exit: TypedExit,
  {
    keys,
    run,
    isEarly,
  }: { readonly keys: readonly FieldValue[]; readonly run: RunOfIntent; readonly isEarly: boolean },
): boolean {
  if (run.intent.name !== exit.via.intent || isEarly) return false;
  const wanted = argumentsOf(contract, exit, { intent: run.intent, keys, state: run.before });
  return [...wanted].every(([name, value]) => run.call.arguments.get(name) === value);
}

/**
 * Tells whether an account signed the call, or a message that a guard requires and whose fields
 * include all the given keys.
 */
function isSignedFor(
  contract: TypedContract,
  { intent, call }: RunOfIntent,
  { account, keys }: { readonly account: string; readonly keys: readonly FieldValue[] },
): boolean {
  if (account !== none && call.signers.has(account)) return true;
  const run = new ContractRun(contract, call);
  for (const { name, value } of intent.lets) run.bind(name, evaluateTyped(value, run.environment));
  const visit = (typed: Typed): boolean => {
    if (typed.type === "binary" && typed.operator === "&&") {
      return visit(typed.left) || visit(typed.right);
    }
    if (typed.type !== "signed-message") return false;
    const record = evaluateTyped(typed.record, run.environment);
    if (typeof record !== "object" || textOf(typed.account, run.environment) !== account)
      return false;
    return keys.every((key) => record.includes(key));
  };
  for (const clause of intent.guard) {
    if (clause.type === "let") run.bind(clause.name, evaluateTyped(clause.value, run.environment));
    else if (visit(clause.condition)) return true;
  }
  return false;
}
