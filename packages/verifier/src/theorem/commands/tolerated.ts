/**
 * Options that tools write and that affect neither the claim nor the verdict, such as output,
 * statistics and heuristics. They are dropped and never reach Z3, which would keep them for the
 * whole process.
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

/**
 * Prefixes of Z3's options for search heuristics and printing. Such an option is dropped, unless
 * its name matches `refusedInFamilies`.
 */
const harmlessFamilies = ["smt.", "model.", "pp.", "rewriter.", "nlsat.", "fp.xform.", "opt."];

/** Names of options that write files or replace the solver. A script that sets one is refused. */
const refusedInFamilies = /log|file|trace|solver2|external/;

/**
 * Tells whether an option can be dropped without changing the claim. `keyword` includes the colon.
 */
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
 * Commands before `check-sat` that neither assert nor declare: they print a term, or set goals of
 * optimization. They do not change the claim and are not executed.
 */
export const idleCommands: ReadonlySet<string> = new Set([
  "simplify",
  "minimize",
  "maximize",
  "assert-soft",
]);

/**
 * Tells whether the name of a logic follows SMT-LIB's scheme. Z3 never sees the logic, which only
 * decides the sort of numerals (`isRealLogic`): with a declared logic Z3 was seen to answer `sat`
 * to unsatisfiable scripts that do not keep within it.
 */
export function isKnownLogic(name: string): boolean {
  if (name === "ALL" || name === "QF_ALL" || name === "HORN") return true;
  // No alternative is made of others (SLIA is S and LIA), so that matching takes linear time.
  return /^(QF_)?(AX|A|UF|DT|BV|FP|S|LIA|LRA|LIRA|IDL|RDL|NIA|NRA|NIRA)+$/.test(name);
}

/**
 * Tells whether a logic has reals but no integers. In such a logic a numeral is of sort Real, as
 * theory Reals says. Logics with FloatingPoint and no other numbers count too.
 */
export function isRealLogic(name: string): boolean {
  return isKnownLogic(name) && /(LRA|NRA|RDL|FP)$/.test(name) && !/(LI|NI|ID|S)/.test(name);
}
