/** Address in the solver's memory. 0 is a null pointer. */
export type Pointer = number;

/**
 * Synchronous C functions of Z3 that the Judge calls. The WebAssembly instance exports them.
 *
 * The wrappers of z3-solver are not used: its asynchronous functions pass stack addresses to
 * another thread and sometimes corrupt their input (measured: 1 of 600 scripts).
 */
export interface SolverExports {
  readonly malloc: (size: number) => Pointer;
  readonly free: (at: Pointer) => void;
  readonly emscripten_stack_get_base: () => Pointer;
  readonly emscripten_stack_get_current: () => Pointer;
  readonly _emscripten_stack_restore: (to: Pointer) => void;
  readonly set_noop_error_handler: (context: Pointer) => void;

  readonly Z3_mk_config: () => Pointer;
  readonly Z3_del_config: (config: Pointer) => void;
  readonly Z3_mk_context: (config: Pointer) => Pointer;
  readonly Z3_del_context: (context: Pointer) => void;
  readonly Z3_get_error_code: (context: Pointer) => number;
  readonly Z3_get_error_msg: (context: Pointer, code: number) => Pointer;

  readonly Z3_mk_string_symbol: (context: Pointer, text: Pointer) => Pointer;
  readonly Z3_mk_params: (context: Pointer) => Pointer;
  readonly Z3_params_inc_ref: (context: Pointer, params: Pointer) => void;
  readonly Z3_params_dec_ref: (context: Pointer, params: Pointer) => void;
  readonly Z3_params_set_uint: (c: Pointer, params: Pointer, key: Pointer, value: number) => void;
  readonly Z3_mk_simple_solver: (context: Pointer) => Pointer;
  readonly Z3_mk_solver: (context: Pointer) => Pointer;
  readonly Z3_solver_inc_ref: (context: Pointer, solver: Pointer) => void;
  readonly Z3_solver_set_params: (context: Pointer, solver: Pointer, params: Pointer) => void;
  readonly Z3_solver_push: (context: Pointer, solver: Pointer) => void;
  readonly Z3_solver_pop: (context: Pointer, solver: Pointer, scopes: number) => void;
  readonly Z3_solver_assert: (context: Pointer, solver: Pointer, formula: Pointer) => void;
  readonly Z3_solver_check: (context: Pointer, solver: Pointer) => number;
  readonly Z3_solver_get_model: (context: Pointer, solver: Pointer) => Pointer;
  readonly Z3_solver_get_reason_unknown: (context: Pointer, solver: Pointer) => Pointer;
  readonly Z3_solver_get_statistics: (context: Pointer, solver: Pointer) => Pointer;
  readonly Z3_stats_inc_ref: (context: Pointer, stats: Pointer) => void;
  readonly Z3_stats_dec_ref: (context: Pointer, stats: Pointer) => void;
  readonly Z3_stats_size: (context: Pointer, stats: Pointer) => number;
  readonly Z3_stats_get_key: (context: Pointer, stats: Pointer, index: number) => Pointer;
  readonly Z3_stats_is_uint: (context: Pointer, stats: Pointer, index: number) => number;
  readonly Z3_stats_get_uint_value: (context: Pointer, stats: Pointer, index: number) => number;
  readonly Z3_stats_get_double_value: (context: Pointer, stats: Pointer, index: number) => number;

  readonly Z3_model_inc_ref: (context: Pointer, model: Pointer) => void;
  readonly Z3_model_dec_ref: (context: Pointer, model: Pointer) => void;
  readonly Z3_model_eval: (
    context: Pointer,
    model: Pointer,
    term: Pointer,
    completion: number,
    out: Pointer,
  ) => number;
  readonly Z3_model_get_num_consts: (context: Pointer, model: Pointer) => number;
  readonly Z3_model_get_const_decl: (context: Pointer, model: Pointer, index: number) => Pointer;
  readonly Z3_model_get_const_interp: (context: Pointer, model: Pointer, decl: Pointer) => Pointer;
  readonly Z3_get_decl_name: (context: Pointer, decl: Pointer) => Pointer;
  readonly Z3_get_symbol_string: (context: Pointer, symbol: Pointer) => Pointer;
  readonly Z3_get_bool_value: (context: Pointer, term: Pointer) => number;
  readonly Z3_is_numeral_ast: (context: Pointer, term: Pointer) => number;
  readonly Z3_get_numeral_string: (context: Pointer, term: Pointer) => Pointer;
  readonly Z3_ast_to_string: (context: Pointer, term: Pointer) => Pointer;

  readonly Z3_parse_smtlib2_string: (
    context: Pointer,
    text: Pointer,
    sortCount: number,
    sortNames: Pointer,
    sorts: Pointer,
    declCount: number,
    declNames: Pointer,
    decls: Pointer,
  ) => Pointer;
  readonly Z3_ast_vector_inc_ref: (context: Pointer, vector: Pointer) => void;
  readonly Z3_ast_vector_size: (context: Pointer, vector: Pointer) => number;
  readonly Z3_ast_vector_get: (context: Pointer, vector: Pointer, index: number) => Pointer;

  readonly Z3_get_ast_kind: (context: Pointer, term: Pointer) => number;
  readonly Z3_get_sort: (context: Pointer, term: Pointer) => Pointer;
  readonly Z3_get_sort_kind: (context: Pointer, sort: Pointer) => number;
  readonly Z3_get_app_decl: (context: Pointer, term: Pointer) => Pointer;
  readonly Z3_get_app_num_args: (context: Pointer, term: Pointer) => number;
  readonly Z3_get_app_arg: (context: Pointer, term: Pointer, index: number) => Pointer;
  readonly Z3_get_decl_kind: (context: Pointer, decl: Pointer) => number;
  readonly Z3_get_quantifier_body: (context: Pointer, term: Pointer) => Pointer;

  readonly Z3_mk_int_sort: (context: Pointer) => Pointer;
  readonly Z3_mk_bool_sort: (context: Pointer) => Pointer;
  readonly Z3_mk_array_sort: (context: Pointer, domain: Pointer, range: Pointer) => Pointer;
  readonly Z3_mk_const: (context: Pointer, name: Pointer, sort: Pointer) => Pointer;
  readonly Z3_mk_numeral: (context: Pointer, digits: Pointer, sort: Pointer) => Pointer;
  readonly Z3_mk_true: (context: Pointer) => Pointer;
  readonly Z3_mk_false: (context: Pointer) => Pointer;
  readonly Z3_mk_eq: (context: Pointer, left: Pointer, right: Pointer) => Pointer;
  readonly Z3_mk_not: (context: Pointer, operand: Pointer) => Pointer;
  readonly Z3_mk_implies: (context: Pointer, left: Pointer, right: Pointer) => Pointer;
  readonly Z3_mk_ite: (context: Pointer, test: Pointer, yes: Pointer, no: Pointer) => Pointer;
  readonly Z3_mk_lt: (context: Pointer, left: Pointer, right: Pointer) => Pointer;
  readonly Z3_mk_le: (context: Pointer, left: Pointer, right: Pointer) => Pointer;
  readonly Z3_mk_and: (context: Pointer, count: number, operands: Pointer) => Pointer;
  readonly Z3_mk_or: (context: Pointer, count: number, operands: Pointer) => Pointer;
  readonly Z3_mk_add: (context: Pointer, count: number, operands: Pointer) => Pointer;
  readonly Z3_mk_mul: (context: Pointer, count: number, operands: Pointer) => Pointer;
  readonly Z3_mk_sub: (context: Pointer, count: number, operands: Pointer) => Pointer;
  readonly Z3_mk_div: (context: Pointer, left: Pointer, right: Pointer) => Pointer;
  readonly Z3_mk_mod: (context: Pointer, left: Pointer, right: Pointer) => Pointer;
  readonly Z3_mk_select: (context: Pointer, array: Pointer, index: Pointer) => Pointer;
  readonly Z3_mk_store: (c: Pointer, array: Pointer, index: Pointer, value: Pointer) => Pointer;
  readonly Z3_mk_func_decl: (
    context: Pointer,
    name: Pointer,
    size: number,
    domain: Pointer,
    range: Pointer,
  ) => Pointer;
  readonly Z3_mk_app: (context: Pointer, decl: Pointer, count: number, args: Pointer) => Pointer;
}
