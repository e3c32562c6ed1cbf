/**
 * Symbolic expressions of SMT-LIB scripts, for tests that rewrite scripts. Own reader: it shares
 * nothing with the screen, whose mistakes it must not repeat.
 */
export type Sexp = string | readonly Sexp[];

/** Expressions of a text; comments are dropped, atoms stay as they are written. */
export function readSexps(text: string): readonly Sexp[] {
  const token = /\s+|;[^\n]*|[()]|\|[^|]*\||"(?:[^"]|"")*"|[^\s()|";]+/gy;
  const open: Sexp[][] = [[]];
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [piece] = match;
    if (piece === "(") open.push([]);
    else if (piece === ")") {
      const done = open.pop();
      const outer = open.at(-1);
      if (done === undefined || outer === undefined) throw new SyntaxError("a ) too many");
      outer.push(done);
    } else if (!/^[\s;]/.test(piece)) open.at(-1)?.push(piece);
    if (token.lastIndex === text.length) break;
  }
  const [all = []] = open;
  if (open.length !== 1) throw new SyntaxError("a ) is missing");
  return all;
}

/** Text of an expression. */
export function printSexp(sexp: Sexp): string {
  return typeof sexp === "string" ? sexp : `(${sexp.map(printSexp).join(" ")})`;
}

/** Depth of nesting, measured without recursion. */
export function depthOf(sexp: Sexp): number {
  let depth = 0;
  let level: readonly Sexp[] = [sexp];
  while (level.length > 0) {
    depth++;
    level = level.flatMap((item) => (typeof item === "string" ? [] : item));
  }
  return depth;
}

/** Bound names and their values at a place. */
export type Scope = ReadonlySet<string>;

/**
 * Rebuilds a term from what `change` makes of its direct subterms; heads, sorts, indices, patterns
 * and attributes stay. `scope` grows by the names that the term binds.
 */
export function mapSubterms(
  term: Sexp,
  scope: Scope,
  change: (subterm: Sexp, scope: Scope) => Sexp,
): Sexp {
  if (typeof term === "string") return term;
  const [head, second, ...rest] = term;
  const changeHere = (subterm: Sexp): Sexp => change(subterm, scope);
  switch (head) {
    case "_":
    case "as":
      return term;
    case "!":
      return second === undefined ? term : [head, changeHere(second), ...rest];
    case "let": {
      const bindings = pairsOf(second).map(([name, value]): Sexp => [name, changeHere(value)]);
      const inner = extend(
        scope,
        pairsOf(second).map(([name]) => name),
      );
      return [head, bindings, ...rest.map((body) => change(body, inner))];
    }
    case "forall":
    case "exists": {
      const inner = extend(
        scope,
        pairsOf(second).map(([name]) => name),
      );
      return [head, second ?? [], ...rest.map((body) => change(body, inner))];
    }
    case "match": {
      const cases = pairsOf(rest[0]).map(([pattern, body]): Sexp => {
        const names = typeof pattern === "string" ? [pattern] : pattern.slice(1);
        return [pattern, change(body, extend(scope, names))];
      });
      return second === undefined ? term : [head, changeHere(second), cases];
    }
    default:
      return head === undefined ? term : [head, ...term.slice(1).map(changeHere)];
  }
}

/** Pairs of a list of bindings or cases. */
export function pairsOf(list: Sexp | undefined): readonly (readonly [Sexp, Sexp])[] {
  if (list === undefined || typeof list === "string") return [];
  return list.flatMap((pair): readonly (readonly [Sexp, Sexp])[] => {
    if (typeof pair === "string") return [];
    const [left, right] = pair;
    return left === undefined || right === undefined ? [] : [[left, right]];
  });
}

function extend(scope: Scope, names: readonly Sexp[]): Scope {
  const inner = new Set(scope);
  for (const name of names) if (typeof name === "string") inner.add(name);
  return inner;
}
