import { assetHolding, holdingName } from "../../language/syntax/assets.ts";
import type { HoldingName } from "../../language/syntax/fields.ts";
import type { Obligation, Span } from "../../obligation.ts";
import { assignmentsOf } from "../compiled/touched.ts";
import { conservedAsset, directionLabel } from "../encoder/conservation-goals.ts";
import { signersOf } from "../execution/arguments.ts";
import type { Execution, FieldWrite } from "../execution/execution.ts";
import type { IntentRun } from "../execution/intent-run.ts";
import { attempt, clauseHolds, runEffect, runGuard } from "../execution/interpret.ts";

/**
 * Returns a sentence that says in what way the run fails this obligation. Undefined if it does not
 * fail. For `satisfiable` the sentence says that the guards hold.
 */
export function findFailure(run: IntentRun, obligation: Obligation): string | undefined {
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
    default:
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

/**
 * Evaluates the clauses up to the one at `span`, and returns a sentence if that one is false.
 * Undefined if it is true, or if evaluating an earlier clause stops with a fault.
 */
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

/**
 * Evaluates the clauses in order up to the first false one. Returns a sentence if the evaluation
 * stops with the fault that the obligation rules out, such as a division by zero. Undefined if it
 * does not.
 */
function findUndefinedClause(run: IntentRun, obligation: Obligation): string | undefined {
  const stopped = attempt(run, () => {
    run.intent.intent.verify.every((clause) => clauseHolds(run, clause));
    return undefined;
  });
  return stopped === undefined ? undefined : faultSentence(stopped, obligation);
}

/**
 * Returns a sentence on how a run violates a conservation obligation; undefined if it does not. The
 * obligation is recognised by its label, because several obligations have the span of the whole
 * effect block.
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

/** Returns the name of a written field. */
export function holdingOf(write: FieldWrite): HoldingName {
  return write.asset === undefined ? write.field : assetHolding(write.asset.name);
}

function sameSpan(left: Span, right: Span): boolean {
  return left.start.offset === right.start.offset && left.end.offset === right.end.offset;
}

function capital(sentence: string): string {
  return sentence.replace(/^\w/, (letter) => letter.toUpperCase());
}
