import { constantsOf, type Script } from "./script.ts";
import { printSexp, readSexps, type Sexp } from "./sexp.ts";

/** Sorts whose values a script can write as literals, whatever solver printed them. */
const pinnable =
  /^(Bool|Int|Real|String|RoundingMode|Float(16|32|64|128)|\(_ (BitVec|FloatingPoint) .*)$/;

/** Equations of a script's constants with the values of a model, where those are literals. */
export function pinned(
  script: Script,
  values: readonly { readonly name: string; readonly value: string }[],
): readonly Sexp[] {
  const constants = new Map(
    constantsOf(script).map(({ name, sort }) => [unquoted(name), { name, sort: printSexp(sort) }]),
  );
  return values.flatMap(({ name, value }): readonly Sexp[] => {
    const constant = constants.get(unquoted(name));
    if (constant === undefined || !pinnable.test(constant.sort)) return [];
    if (/root-obj|\.\.\./.test(value)) return [];
    const [term] = readSexps(value);
    return term === undefined ? [] : [["=", constant.name, asSort(term, constant.sort)]];
  });
}

function unquoted(name: string): string {
  return name.replaceAll("|", "");
}

/** Z3 prints a whole real number with a decimal point, or without within a quotient. */
function asSort(term: Sexp, sort: string): Sexp {
  if (sort !== "Real") return term;
  if (typeof term === "string") return /^\d+$/.test(term) ? `${term}.0` : term;
  return term.map((part, at) => (at === 0 ? part : asSort(part, sort)));
}
