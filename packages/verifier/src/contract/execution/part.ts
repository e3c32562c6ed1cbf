import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import type { CallRun } from "./call-run.ts";
import type { ValueWidth } from "./value-width.ts";

/** Computation of a value in a run. */
export type Code = (run: CallRun) => ContractValue;

/** Compiled expression. */
export interface Part {
  /**
   * Units that the caller must count before it runs `code`: those of the nodes that are evaluated
   * before the first step that can stop the run or that depends on the state. Counting them
   * together has the same result as counting each before its node.
   */
  readonly lead: number;
  /** Computes the value, and counts all units except `lead`. */
  readonly code: Code;
  /** Most units that `code` counts, without first reads of places. */
  readonly rest: number;
  /** Whether `code` counts nothing, cannot stop, and reads only names, signers and the clock. */
  readonly isPure: boolean;
  readonly width: ValueWidth;
  /**
   * Text that two expressions share only if their values are equal at every time of a run.
   * Undefined if there is no such text.
   */
  readonly sameAs: string | undefined;
}

/** Parts that run one after the other, each with its `lead` counted at the right time. */
export interface Ordered {
  readonly codes: readonly Code[];
  readonly lead: number;
  readonly rest: number;
  readonly isPure: boolean;
}

/** Puts parts in an order of evaluation. `own` units are counted before the first. */
export function inOrder(parts: readonly Part[], own: number): Ordered {
  let [lead, rest, isPure] = [own, 0, true];
  const codes = parts.map((part) => {
    const code = isPure ? part.code : counted(part);
    if (isPure) lead += part.lead;
    else rest += part.lead;
    rest += part.rest;
    isPure &&= part.isPure;
    return code;
  });
  return { codes, lead, rest, isPure };
}

/** Returns code that counts all units of a part. */
export function counted({ lead, code }: Part): Code {
  if (lead === 0) return code;
  return (run) => {
    run.spend(lead);
    return code(run);
  };
}

/** Returns the value of an expression that the checker found to be a number. */
export function numberIn(value: ContractValue): bigint {
  if (typeof value === "bigint") return value;
  throw new Error("a checked operand is a number");
}

/** Returns the value of an expression that the checker found to be a condition. */
export function truthIn(value: ContractValue): boolean {
  if (typeof value === "boolean") return value;
  throw new Error("a checked condition is a truth value");
}

/** Returns the value of an expression that the checker found to be an account or a signature. */
export function textIn(value: ContractValue): string {
  if (typeof value === "string") return value;
  throw new Error("a checked account is a text");
}

/** Returns the value of an expression that the checker found not to be a record. */
export function fieldIn(value: ContractValue): FieldValue {
  if (typeof value !== "object") return value;
  throw new Error("a checked field is no record");
}
