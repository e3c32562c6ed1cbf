import { floatLiteral, floatOfBits } from "./exact-float.ts";
import type { RandomSource } from "./random-source.ts";
import type { Script } from "./script.ts";
import { readSexps, type Sexp } from "./sexp.ts";
import { blends, type Production, productionsOf, type TheoryName } from "./theories.ts";

/** A generated claim, and values of its constants for which its truth can be asked. */
export interface GeneratedScript {
  readonly theories: readonly TheoryName[];
  readonly script: Script;
  /** Equations that give constants random values. */
  readonly pins: readonly Sexp[];
}

interface Variable {
  readonly name: string;
  readonly sort: string;
}

/** Sorts of the productions, as a script writes them. */
const sorts: Readonly<Record<string, string>> = {
  BV4: "(_ BitVec 4)",
  BV8: "(_ BitVec 8)",
  F35: "(_ FloatingPoint 3 5)",
  F44: "(_ FloatingPoint 4 4)",
  Mode: "RoundingMode",
  AInt: "(Array Int Int)",
  ABits: "(Array (_ BitVec 4) (_ BitVec 4))",
  Pair: "(Both Int Bool)",
};

const preambles: Partial<Record<TheoryName, string>> = {
  datatypes: `(declare-datatypes ((List 0)) (((nil) (cons (head Int) (tail List)))))
    (declare-datatypes ((Both 2)) ((par (A B) ((both (first A) (second B))))))`,
  functions: `(declare-sort U 0)(declare-fun f (Int) Int)(declare-fun g (Int Int) Int)
    (declare-fun p (U) Bool)(declare-fun h (U) U)`,
};

/**
 * A script of a random blend of theories, of those with `theory` where it is given, small enough to
 * be settled in milliseconds.
 */
export function generateScript(random: RandomSource, theory?: TheoryName): GeneratedScript {
  const fitting = theory === undefined ? blends : blends.filter((names) => names.includes(theory));
  const theories = random.pick(fitting);
  const table = Map.groupBy(productionsOf(theories), ({ sort }) => sort);
  const constants = declareConstants(table, random);
  const depth = 2 + random.below(3);
  const assertions = Array.from({ length: 1 + random.below(4) }, () =>
    readTerm(generate("Bool", depth, { random, table, scope: constants })),
  );
  const declared = constants.map(({ name, sort }) => `(declare-const ${name} ${sortText(sort)})`);
  const preamble = theories.map((name) => preambles[name] ?? "").join("");
  const pins = constants
    .filter(({ sort }) => sort !== "U")
    .map(({ name, sort }): Sexp => ["=", name, readTerm(literal(sort, random))]);
  return {
    theories,
    script: { declarations: readSexps(preamble + declared.join("")), assertions },
    pins,
  };
}

/** A further assertion over the constants that a generated script has. */
export function generateAssertion(generated: GeneratedScript, random: RandomSource): Sexp {
  const table = Map.groupBy(productionsOf(generated.theories), ({ sort }) => sort);
  const names = Object.entries(sorts);
  const scope = generated.script.declarations.flatMap((command): readonly Variable[] => {
    const [kind, name, sort] = command;
    if (kind !== "declare-const" || typeof name !== "string" || sort === undefined) return [];
    const text = typeof sort === "string" ? sort : undefined;
    const known = names.find(([, written]) => readTerm(written).toString() === sort.toString());
    const tag = text ?? known?.[0];
    return tag === undefined ? [] : [{ name, sort: tag === "RoundingMode" ? "Mode" : tag }];
  });
  return readTerm(generate("Bool", 3, { random, table, scope }));
}

type Table = ReadonlyMap<string, readonly Production[]>;

function declareConstants(table: Table, random: RandomSource): readonly Variable[] {
  const wanted = [...table.keys()].filter((sort) => sort !== "RegLan");
  if ([...table.values()].flat().some(({ template }) => template.includes("{Mode}"))) {
    wanted.push("Mode");
  }
  return wanted.flatMap((sort) =>
    Array.from({ length: sort === "Mode" ? 1 : 1 + random.below(2) }, (_, at) => ({
      name: `${sort.toLowerCase()}_${"xyz"[at]}`,
      sort,
    })),
  );
}

interface Context {
  readonly random: RandomSource;
  readonly table: Table;
  readonly scope: readonly Variable[];
}

function generate(sort: string, depth: number, context: Context): string {
  const { random, table } = context;
  const candidates = table.get(sort) ?? [];
  if (depth <= 0 || candidates.length === 0 || random.chance(12)) return leaf(sort, context);
  const { template } = weighted(candidates, random);
  return template.replaceAll(/\{(\w+)(!?)(?:\|(\w+):(\w+))?\}/g, (_, ...groups) => {
    const [inner = "", fixed, name, bound] = groups as readonly string[];
    if (fixed === "!") return literal(inner, random);
    const scope =
      name === undefined || bound === undefined
        ? context.scope
        : [...context.scope, { name, sort: bound }, { name, sort: bound }];
    return generate(inner, depth - 1, { ...context, scope });
  });
}

function weighted(candidates: readonly Production[], random: RandomSource): Production {
  let left = random.below(candidates.reduce((total, { weight }) => total + weight, 0));
  for (const candidate of candidates) {
    left -= candidate.weight;
    if (left < 0) return candidate;
  }
  throw new Error("weighted: weights do not add up");
}

function leaf(sort: string, { random, scope }: Context): string {
  const fitting = scope.filter((variable) => variable.sort === sort);
  return fitting.length > 0 && (random.chance(75) || sort === "U")
    ? random.pick(fitting).name
    : literal(sort, random);
}

/** A literal: small, or one of the values at which solvers were wrong. */
export function literal(sort: string, random: RandomSource): string {
  const bits = (width: number): string =>
    `#b${random
      .below(2 ** width)
      .toString(2)
      .padStart(width, "0")}`;
  switch (sort) {
    case "Bool":
      return random.pick(["true", "false"]);
    case "Int":
      return random.pick(integers);
    case "Real":
      return random.pick(["0.0", "1.0", "(- 1.0)", "2.0", "0.5", "(- 2.5)", "(/ 1.0 3.0)", "7.25"]);
    case "BV4":
      return random.chance(40) ? random.pick(["#x0", "#x1", "#x8", "#xf"]) : bits(4);
    case "BV8":
      return random.chance(40) ? random.pick(["#x00", "#x01", "#x80", "#xff"]) : bits(8);
    case "String":
      return `"${random.pick(texts)}"`;
    case "Char":
      return `"${random.pick(["a", "b", "c", "0", "9", "", "ab"])}"`;
    case "RegLan":
      return `(str.to_re "${random.pick(texts)}")`;
    case "F35":
      return floatText(3, 5, random);
    case "F44":
      return floatText(4, 4, random);
    case "Mode":
      return random.pick(["RNE", "RNA", "RTP", "RTN", "RTZ"]);
    case "AInt":
      return `((as const (Array Int Int)) ${random.pick(integers)})`;
    case "ABits":
      return `((as const ${sorts["ABits"]}) ${bits(4)})`;
    case "List":
      return random.pick(["nil", "(cons 0 nil)", "(cons (- 1) (cons 2 nil))"]);
    case "Pair":
      return random.pick(["(both 0 true)", "(both (- 3) false)"]);
    default:
      throw new RangeError(`no literal of ${sort}`);
  }
}

const integers = [
  ..."0 1 2 3 5 7".split(" "),
  ..."1 2 3 4".split(" ").map((digits) => `(- ${digits})`),
  "48",
  "97",
  "18446744073709551616",
];
const texts = ["", "a", "b", "ab", "ba", "aa", "aba", "0", "7", "01", "-1", "a0"];

function floatText(exponentBits: number, significandBits: number, random: RandomSource): string {
  const format = { exponentBits, significandBits };
  const width = exponentBits + significandBits;
  return floatLiteral(floatOfBits(BigInt(random.below(2 ** width)), format), format);
}

function sortText(sort: string): string {
  return sorts[sort] ?? sort;
}

function readTerm(text: string): Sexp {
  const [term] = readSexps(text);
  if (term === undefined) throw new SyntaxError("an empty term");
  return term;
}
