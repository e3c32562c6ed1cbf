import { ScreenError } from "../s-expression.ts";
import { describeSort } from "../sorts/describe-sort.ts";
import type { Typed } from "./machine.ts";

/** Requires a term of sort Bool: a body, an assertion. */
export function requireTruth(what: string, { term, at }: Typed): void {
  if (term.sort.type === "Bool") return;
  throw new ScreenError("sort", `\`${what}\` expects Bool, found ${describeSort(term.sort)}`, at);
}
