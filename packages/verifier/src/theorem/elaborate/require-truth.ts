import type { Typed } from "../environment/machine.ts";
import { describeSort } from "../sorts/describe-sort.ts";
import { ScreenError } from "../syntax/s-expression.ts";

/** Requires a term of sort Bool, as the body of a quantifier or an assertion. */
export function requireTruth(what: string, { term, at }: Typed): void {
  if (term.sort.type === "Bool") return;
  throw new ScreenError("sort", `\`${what}\` expects Bool, found ${describeSort(term.sort)}`, at);
}
