import type { Obligation } from "../../obligation.ts";
import { holdingKey } from "../encoder/symbolic-state.ts";
import type { ContractRun } from "../execution/contract-run.ts";
import type { ContractChanges } from "../execution/contract-state.ts";
import { type CallResult, runCall } from "../execution/run-call.ts";
import type { TypedContract, TypedExit, TypedIntent, TypedRule } from "../typed/typed-contract.ts";
import type { FieldValue } from "../typed/value-types.ts";
import { none } from "../typed/values.ts";
import { brokenInvariants, brokenRule, type WholeWorld } from "../whole-state/evaluate-rules.ts";
import { applyChanges, cellOf, type WholeState } from "../whole-state/whole-state.ts";
import type { Concrete } from "./concrete.ts";
import { brokenClaim, isOwed, unpaidClaim } from "./confirm-exit.ts";
import { isFalseAt } from "./false-condition.ts";

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
  readonly keys?: ReadonlyMap<string, FieldValue>;
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
  const { concrete, rule, exit } = of;
  const { state } = concrete;
  if (!isPossible(contract, concrete) || brokenInvariants(contract, state).length > 0) {
    return undefined;
  }
  if (exit !== undefined) return confirmExit(contract, obligation, { concrete, exit });
  const result = runCall(contract, intent, concrete.call);
  const after = result.type === "applied" ? applyChanges(contract, state, result.changes) : state;
  const found =
    result.type === "applied"
      ? failureAfter(
          contract,
          { intent, concrete, after, rule, changes: result.changes },
          obligation,
        )
      : { sentence: failureOfStop(result, obligation, rule) };
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
}

/** Sentence on how a run fails, with the keys of the rule that is broken. */
interface Failure {
  readonly sentence: string | undefined;
  readonly keys?: ReadonlyMap<string, FieldValue>;
}

function confirmExit(
  contract: TypedContract,
  { kind }: Pick<Obligation, "kind">,
  { concrete, exit }: { readonly concrete: Concrete; readonly exit: TypedExit },
): ConfirmedRun | undefined {
  const { state } = concrete;
  const owed = isOwed(contract, exit, state) ? "It is owed here." : undefined;
  const sentence = kind === "satisfiable" ? owed : unpaidClaim(contract, exit, concrete);
  if (sentence === undefined) return undefined;
  const result: CallResult = { type: "guard-false", span: exit.span, units: 0 };
  return { concrete, result, after: state, sentence };
}

function failureOfStop(
  result: Exclude<CallResult, { type: "applied" }>,
  obligation: Pick<Obligation, "kind" | "span">,
  rule: TypedRule | undefined,
): string | undefined {
  const { kind } = obligation;
  if (kind === "range" || (kind === "defined" && rule === undefined)) {
    return faultSentence(result, obligation);
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
    readonly changes: ContractChanges;
  },
  { kind, span }: Pick<Obligation, "kind" | "span">,
): Failure {
  const { intent, concrete, after, rule, changes } = run;
  const { state, call } = concrete;
  switch (kind) {
    case "satisfiable":
      return { sentence: "The guards hold here." };
    case "invariant":
    case "transition":
    case "defined": {
      if (rule === undefined) return { sentence: undefined };
      const world = { contract, before: state, now: after, call: callOf(concrete, changes) };
      const broken = brokenRule(rule, world);
      if (broken === undefined) return { sentence: undefined };
      return { sentence: brokenSentence(rule, broken.fault), keys: broken.keys };
    }
    case "conservation":
      return { sentence: imbalance(contract, changes) };
    case "authority":
      return { sentence: theft(changes, call.signers) };
    case "claim":
      return { sentence: brokenPromise(contract, intent, { concrete, changes, after }) };
    case "postcondition":
    case "assertion": {
      const callAt = (at: ContractRun): NonNullable<WholeWorld["call"]> =>
        callOf(concrete, at.changes());
      const isFalse = isFalseAt(contract, intent, { concrete, span, callOf: callAt });
      return { sentence: isFalse ? "The condition is false there." : undefined };
    }
    case "exit":
      return { sentence: brokenClaim(contract, { intent, call, changes, before: state, after }) };
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
  result: CallResult,
  { kind, span }: Pick<Obligation, "kind" | "span">,
): string | undefined {
  if (result.type !== "fault" || result.code === "arguments" || result.code === "state") {
    return undefined;
  }
  const isRange = result.code === "range";
  if (isRange !== (kind === "range") || result.span.start.offset !== span.start.offset) {
    return undefined;
  }
  return `${result.message.charAt(0).toUpperCase()}${result.message.slice(1)}.`;
}

function brokenSentence(rule: TypedRule, fault: string | undefined): string {
  return fault === undefined
    ? `\`${rule.name}\` does not hold after the call.`
    : `\`${rule.name}\` has no value after the call: ${fault}.`;
}

function imbalance(contract: TypedContract, changes: ContractChanges): string | undefined {
  for (const name of ["", ...contract.assets.map((asset) => asset.name)]) {
    const own = [...changes.holdings, ...changes.vaults].filter(
      ({ asset }) => (asset?.name ?? "") === name,
    );
    const change = own.reduce((sum, one) => sum + one.after - one.before, 0n);
    const issued = changes.supplies
      .filter(({ asset }) => asset.name === name)
      .reduce((sum, one) => sum + one.after - one.before, 0n);
    if (change === issued) continue;
    const what = name === "" ? "all holdings" : `all holdings of \`${name}\``;
    return `The sum of ${what} changes by ${change}, not by ${issued}.`;
  }
  return undefined;
}

function theft(changes: ContractChanges, signers: ReadonlySet<string>): string | undefined {
  const loser = changes.holdings.find(
    ({ account, before, after }) => after < before && !signers.has(account),
  );
  if (loser === undefined) return undefined;
  return `An account that did not sign goes from ${loser.before} to ${loser.after}.`;
}

function brokenPromise(
  contract: TypedContract,
  intent: TypedIntent,
  run: {
    readonly concrete: Concrete;
    readonly changes: ContractChanges;
    readonly after: WholeState;
  },
): string | undefined {
  const { concrete, changes, after } = run;
  const maps = contract.maps.filter(
    ({ promise }) => promise !== undefined && !promise.unless.includes(intent.name),
  );
  const accounts = new Set(
    changes.cells.flatMap(({ map, keys }) =>
      maps.some(({ name }) => name === map) && typeof keys[0] === "string" ? [keys[0]] : [],
    ),
  );
  for (const account of accounts) {
    if (account === none || concrete.call.signers.has(account)) continue;
    const change = (map: string): bigint => {
      const place = { map, keys: [account] };
      const [old, now] = [cellOf(contract, concrete.state, place), cellOf(contract, after, place)];
      return typeof old === "bigint" && typeof now === "bigint" ? now - old : 0n;
    };
    for (const { name, promise } of maps) {
      const by = change(name);
      const isDebt = promise?.kind === "debt";
      if (isDebt && by > 0n)
        return `A cell of \`${name}\` rises by ${by}, and its account did not sign.`;
      const isShare = promise?.kind === "claim" && promise.asset === undefined;
      if (isShare && by < 0n)
        return `A cell of \`${name}\` falls by ${-by}, and its account did not sign.`;
    }
    const assets = new Set(maps.flatMap(({ promise }) => promise?.asset ?? []));
    for (const asset of assets) {
      const lost = maps
        .filter(({ promise }) => promise?.kind === "claim" && promise.asset === asset)
        .reduce((sum, { name }) => sum - change(name), 0n);
      const paid = changes.holdings
        .filter((one) => one.account === account && (one.asset?.name ?? "") === asset)
        .reduce((sum, one) => sum + one.after - one.before, 0n);
      if (lost > paid)
        return `Claims of an account that did not sign fall by ${lost}, and it is paid ${paid}.`;
    }
  }
  return undefined;
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
