import type { Session } from "./session.ts";
import type { Pointer } from "./solver-exports.ts";
import type { SolverInstance } from "./solver-instance.ts";

/**
 * Whether Z3 took a truth value for a number in a script that `hasUnitConditional`.
 *
 * SMT-LIB has no such thing, but Z3 reads `(< x p)` as `(< x (ite p 1 0))`, and no option turns
 * that off. Such a script is ill-sorted, and must not become a theorem about something else. A
 * conditional with a branch 1 may also be the script's own; then its `probe` is read, the same
 * script with no numeral 1 in it, where such a conditional can only be Z3's.
 */
export function coercesTruth(instance: SolverInstance, probe: string): boolean {
  const session = instance.begin("script");
  const asserted = session.tryParse(probe);
  // What parses once and not with other numerals is nothing that we understand.
  return "type" in asserted || hasUnitConditional(session, asserted);
}

const NUMERAL = 0;
const APPLICATION = 1;
const QUANTIFIER = 3;
const SORT_INT = 2;
const SORT_REAL = 3;
const OPERATOR_ITE = 0x104;

/** Whether a conditional has the numeral 1 as its first branch: only then was Z3's reading wrong. */
export function hasUnitConditional(session: Session, roots: readonly Pointer[]): boolean {
  const { exports, context } = session;
  const seen = new Set<Pointer>(roots);
  const stack = [...roots];
  const push = (term: Pointer): void => {
    if (seen.has(term)) return;
    seen.add(term);
    stack.push(term);
  };
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    const kind = exports.Z3_get_ast_kind(context, term);
    if (kind === QUANTIFIER) push(exports.Z3_get_quantifier_body(context, term));
    if (kind !== APPLICATION) continue;
    const count = exports.Z3_get_app_num_args(context, term);
    for (let at = 0; at < count; at++) push(exports.Z3_get_app_arg(context, term, at));
    if (count !== 3) continue;
    const operator = exports.Z3_get_app_decl(context, term);
    if (exports.Z3_get_decl_kind(context, operator) !== OPERATOR_ITE) continue;
    const branch = exports.Z3_get_app_arg(context, term, 1);
    if (exports.Z3_get_ast_kind(context, branch) !== NUMERAL) continue;
    // Literals of bit vectors are numerals too, but nothing is coerced to those.
    const sort = exports.Z3_get_sort_kind(context, exports.Z3_get_sort(context, branch));
    if (sort !== SORT_INT && sort !== SORT_REAL) continue;
    const digits = session.text(exports.Z3_get_numeral_string(context, branch));
    if (digits === "1") return true;
  }
  return false;
}
