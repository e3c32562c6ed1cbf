declare module "z3-solver/build/z3-built.js" {
  /** Loader that Emscripten generated. It is a CommonJS module, so a bundler has to load it. */
  const createSolver: (options: object) => Promise<{ readonly HEAPU8: Uint8Array }>;
  export = createSolver;
}
