import type { RandomSource } from "./random-source.ts";
import { mapSubterms, pairsOf, printSexp, type Scope, type Sexp } from "./sexp.ts";

/** Rewrites of a term that keep its value, whatever its free names mean. */

const commutative = new Set(
  (
    "and or xor = distinct + * bvadd bvmul bvand bvor bvxor bvxnor bvnand bvnor fp.eq " +
    "re.union re.inter bvcomp"
  ).split(" "),
);

/** Operations with a rounding mode before the operands that commute. */
const commutativeBehindMode = new Set(["fp.add", "fp.mul"]);

/** Swaps operands of commutative operations everywhere, each by chance. */
export function commute(term: Sexp, random: RandomSource): Sexp {
  return everywhere(term, (node) => {
    const [head, ...operands] = node;
    if (typeof head !== "string" || operands.length < 2 || !random.chance(60)) return node;
    if (commutative.has(head)) return [head, ...random.shuffled(operands)];
    if (!commutativeBehindMode.has(head)) return node;
    const [mode, ...rest] = operands;
    return mode === undefined ? node : [head, mode, ...random.shuffled(rest)];
  });
}

/** Writes relations and connectives by others that mean the same, each by chance. */
export function paraphrase(term: Sexp, random: RandomSource): Sexp {
  return everywhere(term, (node) => {
    const [head, first, second, third] = node;
    if (first === undefined || !random.chance(40)) return node;
    const binary = second !== undefined && third === undefined;
    switch (head) {
      case "not":
        return ["=", first, "false"];
      case "forall":
      case "exists": {
        const dual = head === "forall" ? "exists" : "forall";
        if (second === undefined || isAnnotated(second)) return node;
        return ["not", [dual, first, ["not", second]]];
      }
      default:
        return binary ? (paraphraseBinary(head, first, second, random) ?? node) : node;
    }
  });
}

function paraphraseBinary(
  head: Sexp | undefined,
  first: Sexp,
  second: Sexp,
  random: RandomSource,
): Sexp | undefined {
  const other = random.chance(50);
  switch (head) {
    case "=":
      return ["not", ["distinct", first, second]];
    case "distinct":
      return ["not", ["=", first, second]];
    case "=>":
      return other ? ["or", ["not", first], second] : ["ite", first, second, "true"];
    case "and":
      return other
        ? ["not", ["or", ["not", first], ["not", second]]]
        : ["ite", first, second, "false"];
    case "or":
      return other ? ["=>", ["not", first], second] : ["ite", first, "true", second];
    case "xor":
      return ["distinct", first, second];
    case "<":
      return other ? [">", second, first] : ["not", ["<=", second, first]];
    case "<=":
      return other ? [">=", second, first] : ["not", ["<", second, first]];
    case ">":
      return other ? ["<", second, first] : ["not", ["<=", first, second]];
    case ">=":
      return other ? ["<=", second, first] : ["not", ["<", first, second]];
    case "bvult":
      return ["not", ["bvule", second, first]];
    case "bvsle":
      return ["not", ["bvslt", second, first]];
    case "bvsub":
      return ["bvadd", first, ["bvneg", second]];
    default:
      return undefined;
  }
}

/** Replaces each `let` by its body with the values put in. */
export function inlineLets(term: Sexp): Sexp {
  return inline(term, new Map());
}

function inline(term: Sexp, values: ReadonlyMap<string, Sexp>): Sexp {
  if (typeof term === "string") return values.get(term) ?? term;
  const [head, second, body] = term;
  if (head === "let" && body !== undefined) {
    const inner = new Map(values);
    for (const [name, value] of pairsOf(second)) {
      if (typeof name === "string") inner.set(name, inline(value, values));
    }
    return inline(body, inner);
  }
  // Names bound here hide what they stood for outside; binders are distinct after renaming, so
  // that no value that is put in is caught.
  return mapSubterms(term, new Set(), (subterm, bound) => inline(subterm, without(values, bound)));
}

function without(values: ReadonlyMap<string, Sexp>, bound: Scope): ReadonlyMap<string, Sexp> {
  if (bound.size === 0) return values;
  return new Map([...values].filter(([name]) => !bound.has(name)));
}

/** Gives every variable that the term binds a name of its own, by `fresh`. */
export function renameBound(term: Sexp, fresh: () => string): Sexp {
  return rename(term, new Map(), fresh);
}

function rename(term: Sexp, names: ReadonlyMap<string, string>, fresh: () => string): Sexp {
  if (typeof term === "string") return names.get(term) ?? term;
  const [head, second, ...rest] = term;
  switch (head) {
    case "let": {
      const inner = new Map(names);
      const bindings = pairsOf(second).map(([name, value]): Sexp => {
        const renamed = fresh();
        if (typeof name === "string") inner.set(name, renamed);
        return [renamed, rename(value, names, fresh)];
      });
      return [head, bindings, ...rest.map((body) => rename(body, inner, fresh))];
    }
    case "forall":
    case "exists": {
      const inner = new Map(names);
      const variables = pairsOf(second).map(([name, sort]): Sexp => {
        const renamed = fresh();
        if (typeof name === "string") inner.set(name, renamed);
        return [renamed, sort];
      });
      return [head, variables, ...rest.map((body) => rename(body, inner, fresh))];
    }
    case "!":
      // Patterns are terms too, and name what is bound outside.
      return [head, ...term.slice(1).map((part) => renameAttribute(part, names, fresh))];
    default: {
      // A head may be a declared function, never a bound name.
      const changed = mapSubterms(term, new Set(), (subterm, bound) => {
        const visible = new Map([...names].filter(([name]) => !bound.has(name)));
        return rename(subterm, visible, fresh);
      });
      return changed;
    }
  }
}

function renameAttribute(
  part: Sexp,
  names: ReadonlyMap<string, string>,
  fresh: () => string,
): Sexp {
  if (typeof part === "string" && part.startsWith(":")) return part;
  const isPattern = typeof part !== "string" && part.every((item) => typeof item !== "string");
  return isPattern && typeof part !== "string"
    ? part.map((item) => rename(item, names, fresh))
    : rename(part, names, fresh);
}

/** Applies `change` to every application, from the inside out. */
export function everywhere(term: Sexp, change: (node: readonly Sexp[]) => Sexp): Sexp {
  const inner = mapSubterms(term, new Set(), (subterm) => everywhere(subterm, change));
  if (typeof inner === "string" || inner[0] === "_" || inner[0] === "as") return inner;
  return change(inner);
}

/** Subterms that name nothing that is bound, in no order; without truth about their sorts. */
export function closedSubterms(term: Sexp): readonly Sexp[] {
  const found = new Map<string, Sexp>();
  const visit = (subterm: Sexp, scope: Scope): Sexp => {
    if (typeof subterm !== "string" && !mentions(subterm, scope)) {
      found.set(printSexp(subterm), subterm);
    }
    mapSubterms(subterm, scope, visit);
    return subterm;
  };
  visit(term, new Set());
  return [...found.values()].filter((subterm) => subterm[0] !== "_" && subterm[0] !== "as");
}

/** Replaces the subterm wherever it stands. */
export function replaceSubterm(term: Sexp, old: string, by: Sexp): Sexp {
  if (typeof term !== "string" && printSexp(term) === old) return by;
  return mapSubterms(term, new Set(), (subterm) => replaceSubterm(subterm, old, by));
}

function mentions(term: Sexp, scope: Scope): boolean {
  if (scope.size === 0) return false;
  if (typeof term === "string") return scope.has(term);
  return term.some((part) => mentions(part, scope));
}

function isAnnotated(term: Sexp): boolean {
  return typeof term !== "string" && term[0] === "!";
}
