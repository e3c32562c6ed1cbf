import type { About } from "../encoder/about.ts";
import { evaluateTyped, textOf } from "../evaluate/evaluate-typed.ts";
import { ContractRun } from "../execution/contract-run.ts";
import type { ContractCall, ContractChanges } from "../execution/contract-state.ts";
import type { TypedContract, TypedExit, TypedIntent } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { FieldValue } from "../typed/value-types.ts";
import { none } from "../typed/values.ts";
import type { WholeState } from "../whole-state/whole-state.ts";
import { argumentsOf, claimAt, type ExitClaim, hasNoValue, keysOf, riseOf } from "./exit-claim.ts";
import { forKeys, type Names, nameOf } from "./names.ts";

/** Call of an intent that was executed, with the state before and after it. */
export interface RunOfIntent {
  readonly intent: TypedIntent;
  readonly call: ContractCall;
  readonly changes: ContractChanges;
  readonly before: WholeState;
  readonly after: WholeState;
  readonly names: Names;
  /** Counts units of work before the work is done. May throw. Undefined: counts nothing. */
  readonly spend?: ((units: number) => void) | undefined;
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
  /** Clause on what becomes of a lowered claim: `is put off from 5 to 9`. */
  readonly how: string;
}

/**
 * Returns a sentence about a claim that a call lowered, removed or made due too late, against the
 * rules of its exit. `about` is the exit and the rule in question; undefined for all of them.
 * Undefined if there is no such claim.
 */
export function brokenClaim(
  contract: TypedContract,
  run: RunOfIntent,
  about?: Extract<About, { type: "exit" }>,
): string | undefined {
  try {
    return findBrokenClaim(contract, run, about);
  } catch (error) {
    // That an exit has a value is an obligation of its own.
    if (hasNoValue(error)) return undefined;
    throw error;
  }
}

function findBrokenClaim(
  contract: TypedContract,
  run: RunOfIntent,
  about: Extract<About, { type: "exit" }> | undefined,
): string | undefined {
  const losses: Moved[] = [];
  const rises: Moved[] = [];
  const isAsked = (exit: TypedExit, part: "due" | "stands"): boolean =>
    about === undefined || (about.part === part && about.exit.name === exit.name);
  for (const exit of contract.exits) {
    for (const keys of keysOf(exit, [run.before, run.after])) {
      const old = claimAt(contract, exit, keys, { state: run.before, spend: run.spend });
      const now = claimAt(contract, exit, keys, { state: run.after, spend: run.spend });
      const late = isAsked(exit, "due") ? putOff(exit, { keys, old, now, run }) : undefined;
      if (late !== undefined) return late;
      const taken = takenAway(contract, exit, { keys, old, now, run });
      if (typeof taken === "string") {
        if (isAsked(exit, "stands")) return taken;
        continue;
      }
      const asset = exit.keeping?.asset;
      if (asset === undefined) continue;
      const shown = `\`${exit.name}\`${forKeys(exit.forEach, keys, run.names)}`;
      if (taken > 0n) {
        const how = `${shown} ${changeOf({ old, now, run })}`;
        losses.push({ exit, asset, owner: old.beneficiary, amount: taken, due: old.after, how });
      }
      const had = old.holds && old.beneficiary === now.beneficiary ? clamp(old.amount) : 0n;
      const rise = (now.holds ? clamp(now.amount) : 0n) - had;
      if (rise > 0n && isSeparate(contract, exit)) {
        const how = shown;
        rises.push({ exit, asset, owner: now.beneficiary, amount: rise, due: now.after, how });
      }
    }
  }
  if (about !== undefined && about.part !== "paid" && about.part !== "untouched") return undefined;
  const asset = about?.exit.keeping?.asset;
  const asked = losses.filter((loss) => asset === undefined || loss.asset === asset);
  return unpaidLoss(run, asked, rises);
}

/** Returns a clause on how a claim is less after a call than before it: `falls from 5 to 3`. */
function changeOf({
  old,
  now,
  run,
}: {
  readonly old: ExitClaim;
  readonly now: ExitClaim;
  readonly run: RunOfIntent;
}): string {
  if (!now.holds) return "is owed no more";
  if (now.beneficiary !== old.beneficiary) {
    const [from, to] = [old, now].map((one) => nameOf(one.beneficiary, run.names));
    return `passes from ${from} to ${to}`;
  }
  if (old.after !== undefined && now.after !== undefined && now.after > old.after) {
    return `is put off from ${old.after} to ${now.after}`;
  }
  return `falls from ${old.amount} to ${now.amount}`;
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
    if (lost <= paid + replaced) continue;
    const name = nameOf(owner, run.names);
    const how = own.map((loss) => loss.how).join(", and ");
    const instead = replaced > 0n ? ` and gets a claim of ${replaced}` : "";
    return `${how}: ${name} loses ${lost}, did not sign, and is paid ${paid}${instead}.`;
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
  of: {
    readonly keys: readonly FieldValue[];
    readonly old: ExitClaim;
    readonly now: ExitClaim;
    readonly run: RunOfIntent;
  },
): string | undefined {
  const { keys, old, now, run } = of;
  if (exit.within === undefined || !now.holds || now.after === undefined) return undefined;
  const isNew =
    !old.holds ||
    old.beneficiary !== now.beneficiary ||
    (old.after ?? 0n) < now.after ||
    old.amount < now.amount;
  const [at, within] = [run.call.now, now.within ?? 0n];
  if (!isNew || now.after <= at + within) return undefined;
  const shown = `\`${exit.name}\`${forKeys(exit.forEach, keys, run.names)}`;
  return `${shown} is due only after ${now.after}, ${now.after - at} seconds after the call at ${at}, and \`within\` allows ${within}.`;
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
    readonly old: ExitClaim;
    readonly now: ExitClaim;
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
  const shown = `\`${exit.name}\`${forKeys(exit.forEach, keys, run.names)}`;
  const owner = nameOf(old.beneficiary, run.names);
  return `${shown} ${changeOf({ old, now, run })}, and its owner ${owner} did not sign.`;
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
  const { intent, before: state, spend } = run;
  const wanted = argumentsOf(contract, exit, { intent, keys, state, spend });
  return [...wanted].every(([name, value]) => run.call.arguments.get(name) === value);
}

/**
 * Tells whether an account signed the call, or a message that a guard requires and whose fields
 * include all the given keys.
 */
function isSignedFor(
  contract: TypedContract,
  { intent, call, spend }: RunOfIntent,
  of: { readonly account: string; readonly keys: readonly FieldValue[] },
): boolean {
  if (of.account !== none && call.signers.has(of.account)) return true;
  const run = new ContractRun(contract, call);
  const isNamed = namesClaim(run, intent, of);
  spend?.(run.units);
  return isNamed;
}

function namesClaim(
  run: ContractRun,
  intent: TypedIntent,
  { account, keys }: { readonly account: string; readonly keys: readonly FieldValue[] },
): boolean {
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
