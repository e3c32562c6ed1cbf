import type { Obligation } from "../../obligation.ts";
import type { About } from "../encoder/about.ts";
import type { ContractObligation } from "../encoder/contract-obligation.ts";
import { coverageStatements } from "../encoder/coverage.ts";
import { sumsOf } from "../encoder/sums.ts";
import { checkExitUnits } from "../execution/exit-units.ts";
import { runCall } from "../execution/run-call.ts";
import type { TypedContract, TypedIntent, TypedRule } from "../typed/typed-contract.ts";
import type { FieldValue } from "../typed/value-types.ts";
import { checkInitialState } from "../whole-state/initial-rules.ts";
import { WORK_LIMITS } from "../work.ts";
import type { Concrete } from "./concrete.ts";
import { confirmRun, type RunOfRule } from "./confirm.ts";
import { falseInState } from "./confirm-state.ts";
import { namesOf } from "./names.ts";

/**
 * Kinds of statements that must hold of a contract. Those before `absent-cell` are about a call,
 * `publication` is about nothing but the contract, and the others are about a state.
 */
export const STATEMENT_KINDS = [
  "publication",
  "fault",
  "rule",
  "conservation",
  "authority",
  "claim",
  "condition",
  "exit",
  "payment",
  "absent-cell",
  "sum",
  "coverage",
] as const;

/** Statement that must hold of a contract, by its place in the typed contract. */
export interface Statement {
  readonly kind: (typeof STATEMENT_KINDS)[number];
  /**
   * Index of the rule (invariants, then transitions), of the condition (statements of the effect,
   * then of `verify`), of the exit, of the sum, or among `coverageStatements`. Otherwise 0.
   */
  readonly at: number;
  /** Index of the `for each`; 1 for what a sum counts of an absent cell. Otherwise 0. */
  readonly part: number;
}

/**
 * Returns the statement that an obligation is about. Undefined if a run cannot refute it: it asks
 * for a run.
 */
export function statementOf(one: ContractObligation): Statement | undefined {
  const { obligation, call, rule, exit, about, before } = one;
  const { kind, span } = obligation;
  const { contract } = before;
  if (kind === "satisfiable") return undefined;
  if (exit !== undefined) return found("payment", contract.exits.indexOf(exit));
  if (about !== undefined && about.type !== "exit") return statementAbout(contract, about);
  if (rule !== undefined) return found("rule", rulesOf(contract).indexOf(rule));
  switch (kind) {
    case "range":
    case "defined":
      return found("fault", 0);
    case "conservation":
    case "authority":
    case "claim":
    case "exit":
      return found(kind, 0);
    case "assertion":
    case "postcondition": {
      const { effect = [], verify = [] } = call?.intent ?? {};
      const isIt = (at: { readonly span: Obligation["span"] }): boolean =>
        at.span.start.offset === span.start.offset;
      return found("condition", [...effect, ...verify].findIndex(isIt));
    }
    default:
      return undefined;
  }
}

function statementAbout(
  contract: TypedContract,
  about: Exclude<About, { type: "exit" }>,
): Statement | undefined {
  switch (about.type) {
    case "absent-cell":
      return found("absent-cell", contract.invariants.indexOf(about.rule), about.head);
    case "sum": {
      const at = sumsIn(contract).findIndex((sum) => sum.span === about.sum.span);
      return found("sum", at, about.part === "absent" ? 1 : 0);
    }
    case "coverage":
    case "no-coverage": {
      const isIt = (one: About): boolean => sameCoverage(one, about);
      return found("coverage", coverageStatements(contract).findIndex(isIt));
    }
  }
}

function sameCoverage(one: About, other: About): boolean {
  if (one.type !== "coverage" || other.type !== "coverage") {
    return one.type === "no-coverage" && other.type === one.type && one.asset === other.asset;
  }
  const spans = (about: typeof one): readonly unknown[] => about.parts.map(({ value }) => value);
  const [own, its] = [spans(one), spans(other)];
  return (
    one.asset === other.asset &&
    one.part === other.part &&
    own.length === its.length &&
    own.every((value, at) => value === its[at])
  );
}

function found(kind: Statement["kind"], at: number, part = 0): Statement | undefined {
  return at < 0 ? undefined : { kind, at, part };
}

function rulesOf({ invariants, transitions }: TypedContract): readonly TypedRule[] {
  return [...invariants, ...transitions];
}

function sumsIn(contract: TypedContract): readonly Extract<About, { type: "sum" }>["sum"][] {
  return sumsOf(contract, new Set()).entries.map(({ sum }) => sum);
}

/** Statement that a contract is in order when it is published. */
export const publication: Statement = { kind: "publication", at: 0, part: 0 };

/** State and call in which a statement is looked at. */
export interface RunOfStatement {
  /** Intent that is called. Undefined if the statement is about no call. */
  readonly intent: TypedIntent | undefined;
  readonly concrete: Concrete;
  /** Keys for which the statement is looked at: one list for each map that it binds. */
  readonly keys: readonly (readonly FieldValue[])[];
}

/**
 * Returns a sentence on how a run breaks a statement, without a solver or a proof. Undefined if it
 * does not. `publication` needs no run.
 */
export function brokenStatement(
  contract: TypedContract,
  statement: Statement,
  run: RunOfStatement,
): string | undefined {
  const { kind, at, part } = statement;
  if (kind === "publication") return brokenAtPublication(contract);
  const about = stateStatement(contract, statement);
  if (about?.type === "no-coverage") return "No invariant says what the vault consists of.";
  if (about !== undefined) {
    const { concrete, keys } = run;
    const { state, spend } = concrete;
    const names = namesOf(undefined, { concrete, after: state, keys: keys.flat() });
    return falseInState(contract, about, { state, keys, names, spend });
  }
  const { intent, concrete } = run;
  if (intent === undefined || part !== 0) return undefined;
  const asked = questionOf(contract, { ...statement, intent, concrete });
  if (asked === undefined || (at !== 0 && !asked.isIndexed)) return undefined;
  return confirmRun(contract, intent, asked.obligation, { concrete, ...asked.of })?.sentence;
}

function brokenAtPublication(contract: TypedContract): string | undefined {
  const initial = checkInitialState(contract, WORK_LIMITS.confirmation).find(
    ({ problem, isUndecided }) => problem !== undefined && isUndecided !== true,
  );
  return (
    initial?.problem ??
    checkExitUnits(contract).find(({ problem }) => problem !== undefined)?.problem
  );
}

/** Returns the statement about states alone that a statement names. Undefined for other ones. */
function stateStatement(contract: TypedContract, { kind, at, part }: Statement): About | undefined {
  switch (kind) {
    case "absent-cell": {
      const rule = contract.invariants[at];
      return rule === undefined ? undefined : { type: "absent-cell", rule, head: part };
    }
    case "sum": {
      const sum = sumsIn(contract)[at];
      if (sum === undefined || part > 1) return undefined;
      return { type: "sum", sum, part: part === 1 ? "absent" : "defined" };
    }
    case "coverage":
      return part === 0 ? coverageStatements(contract)[at] : undefined;
    default:
      return undefined;
  }
}

/** Returns the maps whose keys a statement binds, in the order of `RunOfStatement.keys`. */
export function boundMaps(contract: TypedContract, statement: Statement): readonly string[] {
  const about = stateStatement(contract, statement);
  switch (about?.type) {
    case "absent-cell":
      return about.rule.forEach.map(({ map }) => map);
    case "sum":
      return [about.sum.map];
    case "coverage": {
      const [first] = about.part === "together" ? [] : about.parts;
      return first?.value.type === "sum" ? [first.value.map] : [];
    }
    default:
      return [];
  }
}

/** Obligation as `confirmRun` takes it, with the rule or exit that it is about. */
interface Asked {
  readonly obligation: Pick<Obligation, "kind" | "label" | "span">;
  readonly of: Omit<RunOfRule, "concrete">;
  readonly isIndexed: boolean;
}

function questionOf(
  contract: TypedContract,
  of: Statement & { readonly intent: TypedIntent; readonly concrete: Concrete },
): Asked | undefined {
  const { kind, at, intent, concrete } = of;
  const asked = (own: Obligation["kind"], span = intent.span): Asked => ({
    obligation: { kind: own, label: "", span },
    of: { rule: undefined },
    isIndexed: false,
  });
  switch (kind) {
    case "fault": {
      const result = runCall(contract, intent, concrete.call);
      if (result.type !== "fault") return undefined;
      return asked(result.code === "range" ? "range" : "defined", result.span);
    }
    case "conservation":
    case "authority":
    case "claim":
    case "exit":
      return asked(kind);
    case "rule": {
      const rule = rulesOf(contract)[at];
      const own = at < contract.invariants.length ? "invariant" : "transition";
      return rule === undefined ? undefined : { ...asked(own), of: { rule }, isIndexed: true };
    }
    case "condition": {
      const { effect, verify } = intent;
      const one = [...effect, ...verify][at];
      const own = at < effect.length ? "assertion" : "postcondition";
      return one === undefined ? undefined : { ...asked(own, one.span), isIndexed: true };
    }
    case "payment": {
      const exit = contract.exits[at];
      if (exit === undefined) return undefined;
      return { ...asked("exit"), of: { rule: undefined, exit }, isIndexed: true };
    }
    default:
      return undefined;
  }
}
