declare module "z3-solver/build/z3-built.js" {
  /** What Emscripten generated; a CommonJS module, so a bundler has to load it. */
  const createSolver: (options: object) => Promise<unknown>;
  export = createSolver;
}
