import type { RoomPlan } from "../plan.ts";

/**
 * Rooms of `packages/verifier/src/theorem`, from an SMT-LIB script to the forms that Z3 and the
 * kernel read.
 */
const THEOREM: RoomPlan = {
  screen: {
    holds: "the screen: a script is typed and printed again, or refused",
    imports: "commands print environment growth graph limits sorts syntax",
  },
  translation: {
    holds: "a typed script as an obligation for prover and kernel",
    imports: "commands graph limits sorts",
  },
  commands: {
    holds: "declarations, definitions and assertions of a script",
    imports: "elaborate environment sorts syntax",
  },
  elaborate: {
    holds: "terms with their sorts, by the signatures of the standard",
    imports: "environment growth graph signatures sorts syntax",
  },
  print: {
    holds: "the text that Z3 reads",
    imports: "environment graph sorts syntax",
  },
  environment: {
    holds: "names in scope, sorts as they are written, reasons of a refusal",
    imports: "graph signatures sorts syntax",
  },
  growth: {
    holds: "bounds on what Z3 expands a term to",
    imports: "graph sorts syntax",
  },
  graph: {
    holds: "typed terms, each of them once",
    imports: "sorts syntax",
  },
  signatures: {
    holds: "operators of the standard's theories, and those that are refused",
    imports: "limits sorts syntax",
  },
  limits: { holds: "bounds on scripts", imports: "" },
  sorts: { holds: "sorts and datatypes, each of them once", imports: "" },
  syntax: { holds: "S-expressions of a script, and faults with their places", imports: "" },
};

/** Rooms of `packages/verifier/src/prover`: an SMT search (DPLL(T)) that writes certificates. */
const PROVER: RoomPlan = {
  "find-certificate": {
    holds: "the search for a certificate, in rounds",
    imports: "certificate theories state search budget",
  },
  certificate: {
    holds: "what the search found, as steps of the kernel in bytes",
    imports: "theories state search budget",
  },
  theories: {
    holds: "equality, arrays and linear arithmetic over one search",
    imports: "products state search equalities simplex budget",
  },
  products: {
    holds: "nonlinear arithmetic: products of hypotheses, splits of signs",
    imports: "state search simplex budget",
  },
  state: {
    holds: "all that one search has in memory",
    imports: "search equalities simplex budget",
  },
  search: {
    holds: "conflict-driven clause learning",
    imports: "equalities budget",
  },
  equalities: { holds: "classes of equal terms, with reasons", imports: "budget" },
  simplex: { holds: "linear forms and the simplex method, in exact fractions", imports: "budget" },
  budget: { holds: "counted limits, and exact fractions", imports: "" },
};

/** Rooms of `packages/verifier/src/intent`. */
const INTENT: RoomPlan = {
  counterexample: {
    holds: "values of a model as a run of the intent, confirmed without the solver",
    imports: "encoder execution ledger-invariants compiled",
  },
  cuts: {
    holds: "lemmas that divide an obligation for many accounts",
    imports: "encoder ledger-invariants build-term compiled",
  },
  encoder: {
    holds: "an intent as obligations",
    imports: "ledger-invariants build-term compiled",
  },
  execution: {
    holds: "the interpreter: one run of an intent on a state",
    imports: "ledger-invariants compiled",
  },
  "ledger-invariants": {
    holds: "what every obligation assumes of the state and its arguments",
    imports: "build-term",
  },
  "build-term": { holds: "constructors of terms", imports: "" },
  compiled: {
    holds: "a source as checked intents, and what each reads and writes",
    imports: "",
  },
};

/** Rooms of `packages/verifier/src/contract`. */
const CONTRACT: RoomPlan = {
  "compile-contract": { holds: "a source as a checked contract", imports: "check typed" },
  "intent-digest": { holds: "the name of a contract's intent in a call", imports: "" },
  messages: { holds: "records that accounts sign for a contract", imports: "typed" },
  counterexample: {
    holds: "a state with finitely many cells in which an obligation fails, confirmed by running",
    imports: "encoder whole-state execution evaluate typed work",
  },
  encoder: {
    holds: "a contract as obligations",
    imports: "typed work",
  },
  derivation: {
    holds:
      "the second derivation of obligations, without the encoder: what a certificate must prove",
    imports: "typed work",
  },
  "whole-state": {
    holds: "all that a contract stores, and its rules evaluated on it",
    imports: "execution evaluate typed work",
  },
  execution: { holds: "the interpreter: one call on a state", imports: "evaluate typed" },
  check: {
    holds: "names, types, constants and the initial state of a contract",
    imports: "evaluate typed",
  },
  evaluate: { holds: "values of typed expressions", imports: "typed" },
  work: { holds: "work on a contract, counted up to its limits", imports: "" },
  typed: { holds: "contracts with all names and types resolved", imports: "" },
};

/** Rooms of `packages/verifier/src/language`. */
const LANGUAGE: RoomPlan = {
  check: { holds: "types, limits and constants of an intent", imports: "print evaluate syntax" },
  format: { holds: "a source in its one layout, comments kept", imports: "parse syntax" },
  print: { holds: "syntax trees as text", imports: "parse syntax" },
  evaluate: { holds: "values of expressions", imports: "syntax" },
  parse: { holds: "a source as a syntax tree", imports: "syntax" },
  syntax: { holds: "syntax trees, fields, diagnostics and limits", imports: "" },
};

/** Rooms of `packages/verifier/src/z3`, the binding to the solver. */
const Z3: RoomPlan = {
  installed: {
    holds: "the solver that is installed in Node, and what the build stores of it",
    imports: "instance fuel memory wasm",
  },
  questions: {
    holds: "one obligation or one script to the solver, and its answer",
    imports: "instance fuel session",
  },
  instance: {
    holds: "one solver in one thread, without clock, files and environment",
    imports: "fuel memory session wasm",
  },
  fuel: {
    holds: "work that Z3 does not count, counted by its own code",
    imports: "memory session wasm",
  },
  memory: {
    holds: "the solver's memory, put back to one image before each payload",
    imports: "session",
  },
  session: { holds: "Z3's functions, contexts and terms", imports: "" },
  wasm: { holds: "WebAssembly code, read and written", imports: "" },
};

/**
 * Rooms of `packages/verifier`. The kernel imports only the types of terms. It shares no code with
 * the rooms that build claims (`intent`, `theorem`) or with the binding to Z3, and none of these
 * imports the kernel. `certificate` checks certificates without solver, prover and Judge.
 */
export const VERIFIER: RoomPlan = {
  browser: {
    holds: "the Judge in a page, on Web Workers",
    imports: `
      judge threads verdicts certificate judgement intent language prover z3 kernel
      obligation theorem errors limits standard-intents`,
  },
  judge: {
    holds: "the Judge: payloads to threads, with a memory of verdicts; its identity",
    imports: "threads judgement prover z3 kernel errors limits",
  },
  threads: {
    holds: "worker threads that judge, and what they are told and answer",
    imports: "verdicts judgement z3",
  },
  verdicts: {
    holds: "one payload in one thread: its judgement, with certificates",
    imports: `
      certificate judgement contract intent language prover z3 kernel obligation theorem
      limits term`,
  },
  certificate: {
    holds: "certificates of intents and theorems: their bytes and their check",
    imports: "bytes contract intent language kernel obligation theorem term",
  },
  judgement: { holds: "what a judgement says", imports: "intent obligation" },
  contract: {
    holds: "compiling, encoding and running contracts, and deriving what must be proved of them",
    imports: "bytes intent language obligation term-operands term",
    rooms: CONTRACT,
  },
  intent: {
    holds: "compiling, encoding and running intents",
    imports: "language obligation term-operands term",
    rooms: INTENT,
  },
  language: {
    holds: "the language of intents",
    imports: "obligation",
    rooms: LANGUAGE,
  },
  prover: {
    holds: "the untrusted search for certificates",
    imports: "kernel",
    rooms: PROVER,
  },
  z3: {
    holds: "the binding to Z3 in WebAssembly",
    imports: "obligation term-operands errors limits term",
    rooms: Z3,
  },
  bytes: { holds: "numbers and byte strings in one canonical form", imports: "" },
  kernel: { holds: "the checker of certificates", imports: "term" },
  obligation: { holds: "formulas that must hold, and places in a source", imports: "term" },
  "term-operands": { holds: "the parts of a term", imports: "term" },
  theorem: {
    holds: "SMT-LIB scripts: typed, bounded, printed, translated",
    imports: "term",
    rooms: THEOREM,
  },
  errors: { holds: "the error class", imports: "" },
  limits: { holds: "numbers that decide a verdict, and their version", imports: "" },
  "standard-intents": { holds: "the standard library, as sources", imports: "" },
  term: { holds: "formulas as data: types alone", imports: "" },
};
