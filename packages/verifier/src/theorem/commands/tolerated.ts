/**
 * Options that real tools emit and that change neither what a script says nor what leaves the
 * solver: output, statistics, heuristics. They are dropped; none ever reaches Z3, since Z3 keeps
 * options for the whole process.
 */
const harmlessOptions: ReadonlySet<string> = new Set([
  "print-success",
  "produce-models",
  "produce-unsat-cores",
  "produce-unsat-assumptions",
  "produce-proofs",
  "produce-assignments",
  "produce-assertions",
  "produce-interpolants",
  "interactive-mode",
  "global-declarations",
  "global-decls",
  "incremental",
  "random-seed",
  "verbosity",
  "verbose",
  "auto-config",
  "type-check",
  "model",
  "model-validate",
  "proof",
  "unsat-core",
  "reproducible-resource-limit",
]);

/** Families of Z3's search heuristics and printing. */
const harmlessFamilies = ["smt.", "model.", "pp.", "rewriter.", "nlsat.", "fp.xform.", "opt."];

/** Of those families, what writes files or answers for the solver. */
const refusedInFamilies = /log|file|trace|solver2|external/;

/** Whether an option (with its colon) can be dropped without changing what the script claims. */
export function isHarmlessOption(keyword: string): boolean {
  const name = keyword.slice(1).toLowerCase().replaceAll("_", "-");
  if (harmlessOptions.has(name)) return true;
  return (
    harmlessFamilies.some((family) => name.startsWith(family)) && !refusedInFamilies.test(name)
  );
}

/** Commands after `check-sat` that only ask about its answer. */
export const trailingCommands: ReadonlySet<string> = new Set([
  "exit",
  "get-model",
  "get-info",
  "get-unsat-core",
  "get-proof",
  "get-assignment",
]);

/**
 * Commands before `check-sat` that neither assert nor declare: printing a term, and what to
 * optimize where there is a model. Without them the script claims the same. Nothing is executed.
 */
export const idleCommands: ReadonlySet<string> = new Set([
  "simplify",
  "minimize",
  "maximize",
  "assert-soft",
]);

/**
 * Whether a logic's name is one of SMT-LIB's scheme. It is checked and then not used: under
 * declared logics Z3 was seen to answer `sat` to unsatisfiable problems outside them.
 */
export function isKnownLogic(name: string): boolean {
  if (name === "ALL" || name === "QF_ALL" || name === "HORN") return true;
  // No alternative is made of others (SLIA is S and LIA), so that matching takes linear time.
  return /^(QF_)?(AX|A|UF|DT|BV|FP|S|LIA|LRA|LIRA|IDL|RDL|NIA|NRA|NIRA)+$/.test(name);
}

/**
 * Whether a logic has reals and no integers. A numeral is then of sort Real: theory Reals says so,
 * and theory FloatingPoint knows no other numbers.
 */
export function isRealLogic(name: string): boolean {
  return isKnownLogic(name) && /(LRA|NRA|RDL|FP)$/.test(name) && !/(LI|NI|ID|S)/.test(name);
}
