import type { RandomSource } from "./random-source.ts";
import {
  closedSubterms,
  commute,
  everywhere,
  inlineLets,
  paraphrase,
  renameBound,
  replaceSubterm,
} from "./rewrite-terms.ts";
import { constantsOf, extended, freshName, type Script } from "./script.ts";
import { printSexp, type Sexp } from "./sexp.ts";

/** A change of a script; `undefined` where it does not apply. */
export interface ScriptRewrite {
  readonly name: string;
  readonly apply: (script: Script, random: RandomSource) => Script | undefined;
}

/** Rewrites after which a script is satisfiable if and only if it was before. */
export const equivalences: readonly ScriptRewrite[] = [
  { name: "rename bound names", apply: renameVariables },
  { name: "rename constants", apply: renameConstants },
  {
    name: "reorder assertions",
    apply: (script, random) => ({ ...script, assertions: random.shuffled(script.assertions) }),
  },
  { name: "reorder declarations", apply: reorderDeclarations },
  { name: "inline lets", apply: (script) => mapAssertions(distinctBinders(script), inlineLets) },
  { name: "introduce a let", apply: introduceLet },
  { name: "split conjunctions", apply: splitConjunctions },
  { name: "join assertions", apply: joinAssertions },
  {
    name: "negate twice",
    apply: (script) => mapAssertions(script, (term) => ["not", ["not", term]]),
  },
  { name: "choose between equals", apply: chooseBetweenEquals },
  {
    name: "commute",
    apply: (script, random) => mapAssertions(script, (term) => commute(term, random)),
  },
  {
    name: "paraphrase",
    apply: (script, random) => mapAssertions(script, (term) => paraphrase(term, random)),
  },
  { name: "define an assertion", apply: defineAssertion },
  { name: "abstract a constant", apply: abstractConstant },
  { name: "alias a constant", apply: aliasConstant },
  {
    name: "assert a tautology",
    apply: (script) => {
      const name = freshName(script, "q");
      const declarations = [["declare-const", name, "Bool"]];
      return extended(script, { declarations, assertions: [["or", name, ["not", name]]] });
    },
  },
];

/** Rewrites after which a satisfiable script stays satisfiable. */
export const weakenings: readonly ScriptRewrite[] = [
  {
    name: "drop an assertion",
    apply: (script, random) => {
      if (script.assertions.length < 2) return undefined;
      const dropped = random.below(script.assertions.length);
      return { ...script, assertions: script.assertions.filter((_, at) => at !== dropped) };
    },
  },
  {
    name: "add an alternative",
    apply: (script, random) => {
      const name = freshName(script, "q");
      const chosen = random.below(script.assertions.length);
      const assertions = script.assertions.map(
        (term, at): Sexp => (at === chosen ? ["or", term, name] : term),
      );
      return {
        declarations: [...script.declarations, ["declare-const", name, "Bool"]],
        assertions,
      };
    },
  },
];

/** Rewrites after which an unsatisfiable script stays unsatisfiable. */
export const strengthenings: readonly ScriptRewrite[] = [
  {
    name: "assert an equation of constants",
    apply: (script, random) => {
      const constants = constantsOf(script);
      if (constants.length === 0) return undefined;
      const { name, sort } = random.pick(constants);
      const other = random.pick(
        constants.filter((constant) => printSexp(constant.sort) === printSexp(sort)),
      );
      const equation = ["=", name, other.name];
      return extended(script, { assertions: [random.chance(50) ? equation : ["not", equation]] });
    },
  },
  {
    name: "assert a part of an assertion again",
    apply: (script, random) => {
      const conjuncts = script.assertions.flatMap((term) =>
        typeof term !== "string" && (term[0] === "and" || term[0] === "or") ? term.slice(1) : [],
      );
      if (conjuncts.length === 0) return undefined;
      const chosen = random.pick(conjuncts);
      return extended(script, { assertions: [random.chance(50) ? chosen : ["not", chosen]] });
    },
  },
];

function mapAssertions(script: Script, change: (term: Sexp) => Sexp): Script {
  return { ...script, assertions: script.assertions.map(change) };
}

function counter(script: Script, stem: string): () => string {
  const base = freshName(script, stem);
  let count = 0;
  return () => `${base}_${count++}`;
}

function distinctBinders(script: Script): Script {
  const fresh = counter(script, "v");
  return mapAssertions(script, (term) => renameBound(term, fresh));
}

function renameVariables(script: Script): Script {
  return distinctBinders(script);
}

function renameConstants(script: Script): Script | undefined {
  const constants = constantsOf(script);
  if (constants.length === 0) return undefined;
  const renamed = new Map(constants.map(({ name }, at) => [name, freshName(script, `k${at}_`)]));
  const separate = distinctBinders(script);
  const change = (term: Sexp): Sexp =>
    typeof term === "string" ? (renamed.get(term) ?? term) : term.map(change);
  return {
    declarations: separate.declarations.map((command) => change(command)),
    assertions: separate.assertions.map(change),
  };
}

function reorderDeclarations(script: Script, random: RandomSource): Script {
  const isPlain = (command: Sexp): boolean =>
    command[0] === "declare-const" || command[0] === "declare-fun";
  const plain = random.shuffled(script.declarations.filter(isPlain));
  const first = script.declarations.findIndex(isPlain);
  const isSort = (command: Sexp): boolean => /sort|datatype/.test(String(command[0]));
  if (first === -1) return script;
  const others = script.declarations.filter((command) => !isPlain(command));
  return {
    ...script,
    declarations: [...others.filter(isSort), ...plain, ...others.filter((item) => !isSort(item))],
  };
}

function introduceLet(script: Script, random: RandomSource): Script | undefined {
  const chosen = random.below(script.assertions.length);
  const term = script.assertions[chosen];
  const subterms = term === undefined ? [] : closedSubterms(term);
  if (term === undefined || subterms.length === 0) return undefined;
  const subterm = random.pick(subterms);
  const name = freshName(script, "l");
  const body = replaceSubterm(term, printSexp(subterm), name);
  const bound: Sexp = ["let", [[name, subterm]], body];
  return {
    ...script,
    assertions: script.assertions.map((old, at) => (at === chosen ? bound : old)),
  };
}

function splitConjunctions(script: Script): Script | undefined {
  const assertions = script.assertions.flatMap((term): readonly Sexp[] =>
    typeof term !== "string" && term[0] === "and" && term.length > 1 ? term.slice(1) : [term],
  );
  return assertions.length === script.assertions.length ? undefined : { ...script, assertions };
}

function joinAssertions(script: Script): Script | undefined {
  if (script.assertions.length < 2) return undefined;
  return { ...script, assertions: [["and", ...script.assertions]] };
}

function chooseBetweenEquals(script: Script, random: RandomSource): Script | undefined {
  const name = freshName(script, "c");
  let changed = false;
  const rewritten = mapAssertions(script, (term) =>
    everywhere(term, (node) => {
      if (!random.chance(12) || changed || isPatternPart(node)) return node;
      changed = true;
      return ["ite", name, node, node];
    }),
  );
  if (!changed) return undefined;
  return { ...rewritten, declarations: [...script.declarations, ["declare-const", name, "Bool"]] };
}

/** Regular expressions must stay as they are: not every reader takes a conditional of them. */
function isPatternPart([head]: readonly Sexp[]): boolean {
  const name = typeof head === "string" ? head : String(head?.[1]);
  return /^(re\.|str\.to_re|!)/.test(name);
}

function defineAssertion(script: Script, random: RandomSource): Script | undefined {
  const chosen = random.below(script.assertions.length);
  const term = script.assertions[chosen];
  if (term === undefined) return undefined;
  const name = freshName(script, "m");
  return {
    declarations: [...script.declarations, ["define-fun", name, [], "Bool", term]],
    assertions: script.assertions.map((old, at) => (at === chosen ? name : old)),
  };
}

function abstractConstant(script: Script, random: RandomSource): Script | undefined {
  const constants = constantsOf(script);
  const chosen = random.below(script.assertions.length);
  const term = script.assertions[chosen];
  if (term === undefined || constants.length === 0) return undefined;
  const { name, sort } = random.pick(constants);
  const macro = freshName(script, "m");
  const parameter = freshName(script, "p");
  // A name that is bound inside as well stays as it is: binders are made distinct first.
  const separate = distinctBinders({ ...script, assertions: [term] }).assertions[0] ?? term;
  const body = substitute(separate, name, parameter);
  return {
    declarations: [
      ...script.declarations,
      ["define-fun", macro, [[parameter, sort]], "Bool", body],
    ],
    assertions: script.assertions.map((old, at): Sexp => (at === chosen ? [macro, name] : old)),
  };
}

function aliasConstant(script: Script, random: RandomSource): Script | undefined {
  const constants = constantsOf(script);
  if (constants.length === 0) return undefined;
  const { name, sort } = random.pick(constants);
  const alias = freshName(script, "a");
  const separate = distinctBinders(script);
  const assertions = separate.assertions.map((term) =>
    random.chance(50) ? substitute(term, name, alias) : term,
  );
  return {
    declarations: [...script.declarations, ["declare-const", alias, sort]],
    assertions: random.shuffled([...assertions, ["=", name, alias]]),
  };
}

/** Replaces a name that nothing in the term binds. */
function substitute(term: Sexp, name: string, by: string): Sexp {
  if (typeof term === "string") return term === name ? by : term;
  return term.map((part) => substitute(part, name, by));
}
