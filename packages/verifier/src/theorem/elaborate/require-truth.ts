import type { Typed } from "../environment/machine.ts";
import { describeSort } from "../sorts/describe-sort.ts";
import { ScreenError } from "../syntax/s-expression.ts";

/** Requires that a term, such as an assertion or the body of a quantifier, is of sort Bool. */
export function requireTruth(what: string, { term, at }: Typed): void {
  if (term.sort.type === "Bool") return;
  throw new ScreenError("sort", `\`${what}\` expects Bool, found ${describeSort(term.sort)}`, at);
}
