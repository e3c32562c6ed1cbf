import { LANGUAGE_LIMITS } from "../../language/syntax/limits.ts";
import type { Span } from "../../obligation.ts";
import type { TypedContract } from "../typed/typed-contract.ts";
import { callUnitsBound } from "./run-call.ts";

/** Result of comparing the units of an exit's call with those that a transaction has. */
export interface ExitUnitsCheck {
  /** Exit that the check is about, as a report names it. */
  readonly subject: string;
  readonly label: string;
  readonly span: Span;
  /** Sentence on why the call may not fit. Undefined if it always fits. */
  readonly problem: string | undefined;
}

/**
 * Checks that the call of each exit of a contract takes at most `limit` units in any state, so that
 * it fits into a transaction.
 */
export function checkExitUnits(
  contract: TypedContract,
  limit: number = LANGUAGE_LIMITS.exitUnits,
): readonly ExitUnitsCheck[] {
  return contract.exits.flatMap(({ name, via, span }) => {
    const intent = contract.intents.find((one) => one.name === via.intent);
    if (intent === undefined) return [];
    const most = callUnitsBound(contract, intent);
    const subject = `exit ${name}`;
    const label = `the call of \`${name}\` fits into a transaction`;
    if (most <= limit) return { subject, label, span, problem: undefined };
    const problem = `\`${via.intent}\` can take ${most} execution units; the call of an exit may take ${limit}`;
    return { subject, label, span, problem };
  });
}
