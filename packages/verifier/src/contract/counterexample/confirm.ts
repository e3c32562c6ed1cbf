import type { Obligation } from "../../obligation.ts";
import type { About } from "../encoder/about.ts";
import { holdingKey } from "../encoder/symbolic-state.ts";
import type { ContractRun } from "../execution/contract-run.ts";
import type { ContractChanges } from "../execution/contract-state.ts";
import { type CallResult, runCall } from "../execution/run-call.ts";
import { printStoredPart } from "../typed/print-place.ts";
import type { TypedContract, TypedExit, TypedIntent, TypedRule } from "../typed/typed-contract.ts";
import type { FieldValue, ScalarType } from "../typed/value-types.ts";
import { none } from "../typed/values.ts";
import {
  brokenInvariants,
  brokenRule,
  evaluateWhole,
  type WholeWorld,
} from "../whole-state/evaluate-rules.ts";
import { applyChanges, type WholeState } from "../whole-state/whole-state.ts";
import { brokenClaim } from "./broken-claim.ts";
import { brokenPromise, imbalance, theft } from "./broken-holdings.ts";
import type { Concrete } from "./concrete.ts";
import { spending } from "./exit-claim.ts";
import { falseAt, falseComparison } from "./false-condition.ts";
import { keyText, type Names, namesOf, showField } from "./names.ts";
import { isOwed, unpaidClaim } from "./unpaid-claim.ts";

/** Run that shows that an obligation fails, or, for `satisfiable`, that a call can run. */
export interface ConfirmedRun {
  readonly concrete: Concrete;
  readonly result: CallResult;
  /** State after the call. If the call stopped, the state before it. */
  readonly after: WholeState;
  readonly sentence: string;
  /**
   * Values of the names of a rule's `for each` for which the rule is broken. Absent if the
   * obligation is about no rule.
   */
  readonly keys?: BrokenKeys;
}

/**
 * Runs a call on a state, and describes how the run fails an obligation. Uses nothing of the
 * encoder. Undefined if the state breaks an invariant or a rule of the ledger, or if the obligation
 * does not fail in the run.
 */
export function confirmRun(
  contract: TypedContract,
  intent: TypedIntent,
  obligation: Pick<Obligation, "kind" | "label" | "span">,
  of: RunOfRule,
): ConfirmedRun | undefined {
  const { concrete, rule, exit, about } = of;
  const { state, spend } = concrete;
  if (!isPossible(contract, concrete) || brokenInvariants(contract, state, spend).length > 0) {
    return undefined;
  }
  if (exit !== undefined) return confirmExit(contract, intent, obligation, { concrete, exit });
  const result = runCall(contract, intent, concrete.call);
  spend?.(result.units);
  const after = result.type === "applied" ? applyChanges(contract, state, result.changes) : state;
  const found =
    result.type === "applied"
      ? failureAfter(
          contract,
          { intent, concrete, after, rule, about, changes: result.changes },
          obligation,
        )
      : { sentence: failureOfStop(contract, intent, { result, obligation, rule }) };
  const { sentence, keys } = found;
  if (sentence === undefined) return undefined;
  const run = { concrete, result, after, sentence };
  return keys === undefined ? run : { ...run, keys };
}

/** State and call to be run, and what the obligation is about. */
export interface RunOfRule {
  readonly concrete: Concrete;
  readonly rule: TypedRule | undefined;
  /** Exit, for an obligation that the exit's own call pays. Undefined for other obligations. */
  readonly exit?: TypedExit | undefined;
  /** Rule of exits in question. Undefined: an obligation of kind `exit` is about all of them. */
  readonly about?: About | undefined;
}

/** Sentence on how a run fails, with the keys of the rule that is broken. */
interface Failure {
  readonly sentence: string | undefined;
  readonly keys?: BrokenKeys;
}

/** Keys for which a rule is broken, by name, with their types. */
type BrokenKeys = ReadonlyMap<string, { readonly value: FieldValue; readonly type: ScalarType }>;

function typedKeys(rule: TypedRule, keys: ReadonlyMap<string, FieldValue>): BrokenKeys {
  return new Map(
    rule.forEach.flatMap(({ binders }) =>
      binders.flatMap(({ name, type }): [string, { value: FieldValue; type: ScalarType }][] => {
        const value = keys.get(name);
        return value === undefined ? [] : [[name, { value, type }]];
      }),
    ),
  );
}

function confirmExit(
  contract: TypedContract,
  intent: TypedIntent,
  { kind }: Pick<Obligation, "kind">,
  { concrete, exit }: { readonly concrete: Concrete; readonly exit: TypedExit },
): ConfirmedRun | undefined {
  const { state, spend } = concrete;
  const nothing: CallResult = { type: "guard-false", span: exit.span, units: 0 };
  const same = { concrete, result: nothing, after: state };
  if (kind === "satisfiable") {
    return isOwed(contract, exit, { state, spend })
      ? { ...same, sentence: "It is owed here." }
      : undefined;
  }
  const names = namesOf(intent, same);
  const found = unpaidClaim(contract, exit, { concrete, names });
  if (found === undefined) return undefined;
  const { sentence, run } = found;
  if (run === undefined) return { ...same, sentence };
  const { arguments: args, result } = run;
  const after = result.type === "applied" ? applyChanges(contract, state, result.changes) : state;
  const call = { ...concrete.call, arguments: args };
  return { concrete: { ...concrete, call }, result, after, sentence };
}

function failureOfStop(
  contract: TypedContract,
  intent: TypedIntent,
  of: {
    readonly result: Exclude<CallResult, { type: "applied" }>;
    readonly obligation: Pick<Obligation, "kind" | "span">;
    readonly rule: TypedRule | undefined;
  },
): string | undefined {
  const { result, obligation, rule } = of;
  const { kind } = obligation;
  if (kind === "range" || (kind === "defined" && rule === undefined)) {
    return faultSentence(contract, intent, { result, obligation });
  }
  // The guards hold and the effects stop: the guards alone were to be shown.
  const isFault = result.type === "fault" && result.code !== "arguments";
  return kind === "satisfiable" && isFault ? "The guards hold here." : undefined;
}

function failureAfter(
  contract: TypedContract,
  run: {
    readonly intent: TypedIntent;
    readonly concrete: Concrete;
    readonly after: WholeState;
    readonly rule: TypedRule | undefined;
    readonly about: About | undefined;
    readonly changes: ContractChanges;
  },
  { kind, span }: Pick<Obligation, "kind" | "span">,
): Failure {
  const { intent, concrete, after, rule, about, changes } = run;
  const { state, call, spend } = concrete;
  const names = (): Names => namesOf(intent, { concrete, after });
  switch (kind) {
    case "satisfiable":
      return { sentence: "The guards hold here." };
    case "invariant":
    case "transition":
    case "defined": {
      if (rule === undefined) return { sentence: undefined };
      const at = { before: state, now: after, call: callOf(concrete, changes) };
      const world = { contract, ...at, ...spending(spend) };
      const broken = brokenRule(rule, world);
      if (broken === undefined) return { sentence: undefined };
      const keys = typedKeys(rule, broken.keys);
      const shown = [...keys].map(([name, { value, type }]) =>
        keyText(name, showField(value, type, names())),
      );
      const where = shown.length === 0 ? "" : ` for ${shown.join(", ")}`;
      const why =
        broken.fault === undefined
          ? falseComparison(rule.condition, (typed) => evaluateWhole(typed, world, broken.keys))
          : broken.fault;
      return { sentence: brokenSentence(rule, { where, why, fault: broken.fault }), keys };
    }
    case "conservation":
      return { sentence: imbalance(contract, changes) };
    case "authority":
      return { sentence: theft(changes, call.signers, names()) };
    case "claim":
      return {
        sentence: brokenPromise(contract, intent, { concrete, changes, after, names: names() }),
      };
    case "postcondition":
    case "assertion": {
      const callAt = (at: ContractRun): NonNullable<WholeWorld["call"]> =>
        callOf(concrete, at.changes());
      const found = falseAt(contract, intent, { concrete, span, callOf: callAt });
      if (found === undefined) return { sentence: undefined };
      const why = found.comparison === undefined ? "" : `: ${found.comparison}`;
      return { sentence: `The condition does not hold there${why}.` };
    }
    case "exit": {
      const own = { intent, call, changes, before: state, after, names: names(), spend };
      const rule = about?.type === "exit" ? about : undefined;
      return { sentence: brokenClaim(contract, own, rule) };
    }
    default:
      return { sentence: undefined };
  }
}

/** Tells whether the holdings of each asset add up to at most its supply. */
function isPossible(contract: TypedContract, { state, holdings, supplies }: Concrete): boolean {
  const most = (1n << 64n) - 1n;
  return (
    ["", ...contract.assets.map((asset) => asset.name)].every((asset) => {
      const keys = asset === "" ? ["balance", "stake"] : [holdingKey("balance", asset)];
      let sum = state.vaults.get(asset) ?? 0n;
      if (sum < 0n || sum > most) return false;
      for (const fields of holdings.values()) {
        for (const key of keys) {
          const amount = fields.get(key) ?? 0n;
          if (amount < 0n || amount > most) return false;
          sum += amount;
        }
      }
      const supply = asset === "" ? most : (state.supplies.get(asset) ?? supplies.get(asset) ?? 0n);
      return supply <= most && sum <= supply;
    }) && holdsNothing(holdings.get(none))
  );
}

/** Tells whether all amounts that an account holds are 0, as they must be for `none`. */
function holdsNothing(fields: ReadonlyMap<string, bigint> = new Map()): boolean {
  return [...fields.values()].every((amount) => amount === 0n);
}

function faultSentence(
  contract: TypedContract,
  intent: TypedIntent,
  of: {
    readonly result: CallResult;
    readonly obligation: Pick<Obligation, "kind" | "span">;
  },
): string | undefined {
  const { result, obligation } = of;
  const { kind, span } = obligation;
  if (result.type !== "fault" || result.code === "arguments" || result.code === "state") {
    return undefined;
  }
  const isRange = result.code === "range";
  if (isRange !== (kind === "range") || result.span.start.offset !== span.start.offset) {
    return undefined;
  }
  const store = intent.effect.find(
    (one) => one.type === "store" && one.span.start.offset === span.start.offset,
  );
  const isPlace = isRange && store?.type === "store" && store.value.type !== "record";
  const place = isPlace ? `: \`${printStoredPart(store.target, contract, 0)}\`` : "";
  return `${result.message.charAt(0).toUpperCase()}${result.message.slice(1)}${place}.`;
}

function brokenSentence(
  { name }: TypedRule,
  of: {
    readonly where: string;
    readonly why: string | undefined;
    readonly fault: string | undefined;
  },
): string {
  const what = of.fault === undefined ? "does not hold" : "has no value";
  const why = of.why === undefined ? "" : `: ${of.why}`;
  return `\`${name}\` ${what} after the call${of.where}${why}.`;
}

function callOf(
  { call, holdings, supplies }: Concrete,
  changes: ContractChanges,
): NonNullable<WholeWorld["call"]> {
  return {
    sequence: () => call.sequence,
    now: () => call.now,
    isSigned: (account) => call.signers.has(account),
    isSignature: call.isSignature,
    holding: ({ account, field, asset }, isOld) => {
      const changed = changes.holdings.find(
        (one) =>
          one.account === account && (one.asset?.name ?? "") === asset && field === "balance",
      );
      const before = holdings.get(account)?.get(holdingKey(field, asset)) ?? 0n;
      return isOld ? before : (changed?.after ?? before);
    },
    supply: (asset) => supplies.get(asset) ?? 0n,
  };
}
