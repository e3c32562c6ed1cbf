import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { concatBytes, type Digest, toDigest } from "@aethel/models/primitives";
import { VerifierError } from "../../errors.ts";
import { JUDGE_VERSION } from "../../limits.ts";
import { addFuel, FUEL_VERSION } from "../fuel/instrument.ts";
import { findSites } from "../fuel/sites.ts";
import { isCodeOf } from "../fuel/stored-code.ts";
import type { EmscriptenFactory } from "../instance/emscripten.ts";
import { warmUpScripts, warmUpTerm } from "../instance/warm-up.ts";
import { decodeImages, type StoredImages } from "../memory/stored-images.ts";
import { type WasmModule, webAssembly } from "../wasm/web-assembly.ts";

/**
 * File of the memory images, which `pnpm build` stores next to the compiled code. There is none
 * next to the sources.
 */
export const IMAGES_FILE = new URL("../../judge-images.bin", import.meta.url);

/** File of the solver's code with fuel, which the build stores. */
export const CODE_FILE = new URL("../../judge-solver.wasm", import.meta.url);

const require = createRequire(import.meta.url);

let knownHash: Digest | undefined;
let compiled: Promise<WasmModule> | undefined;
let images: StoredImages | undefined | "not read" = "not read";
/**
 * Stored code that was compiled. Kept until it is checked against the solver's hash; undefined
 * before and after.
 */
let compiledCode: Uint8Array | undefined;
/**
 * Contents of the solver's file, if it was read for compilation and is not hashed yet. Kept so that
 * it is read only once. Undefined before and after.
 */
let unhashed: Uint8Array<ArrayBuffer> | undefined;

/**
 * Returns the SHA-256 of the installed solver's WebAssembly file.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` if the file cannot be read, or if the stored code that
 * was compiled is not made from it.
 */
export function solverHash(): Digest {
  knownHash ??= digestOf(unhashed ?? readBinary());
  unhashed = undefined;
  if (compiledCode !== undefined && !isCodeOf(compiledCode, knownHash)) {
    const reason = "the code that the build stored is of another z3-built.wasm: build again";
    throw new VerifierError({ code: "SOLVER_UNUSABLE", reason });
  }
  compiledCode = undefined;
  return knownHash;
}

/** Compiles the solver, once in each process. Worker threads can share the module. */
export async function compileSolver(): Promise<WasmModule> {
  compiled ??= compile();
  return await compiled;
}

/**
 * Returns the stored images if they were made by this version of the Judge with this solver;
 * otherwise undefined.
 */
export function readStoredImages(): StoredImages | undefined {
  if (images === "not read") images = tryReadImages();
  return images;
}

/**
 * Returns the hash of everything that decides the images: the solver, its loader, the versions of
 * Judge and fuel, and the warm-up.
 */
export function imagesKey(): Uint8Array {
  const loader = digestOf(readFileSync(require.resolve(LOADER)));
  const warmUp = JSON.stringify(
    [JUDGE_VERSION, FUEL_VERSION, warmUpScripts, warmUpTerm],
    (_, value: unknown) => (typeof value === "bigint" ? String(value) : value),
  );
  return digestOf(concatBytes(solverHash(), loader, new TextEncoder().encode(warmUp)));
}

/** Loads the loader that Emscripten generated for the WebAssembly file. */
export function loadEmscriptenFactory(): EmscriptenFactory {
  return require(LOADER);
}

const LOADER = "z3-solver/build/z3-built.js";

/**
 * Compiles with lazy validation: a function is validated when it is first called. For Z3 this takes
 * 25 instead of 90 ms (measured), because one proof calls only a twentieth of the functions. The
 * flag is set only during compilation.
 */
async function compile(): Promise<WasmModule> {
  const code = readCode();
  // An engine that was not measured may not know the flag, and would print a warning.
  if (process.versions.v8.startsWith("13.")) setFlagsFromString("--wasm-lazy-validation");
  try {
    return await webAssembly.compile(code);
  } finally {
    if (process.versions.v8.startsWith("13.")) setFlagsFromString("--no-wasm-lazy-validation");
  }
}

/** Reads the solver with fuel that the build stored. If there is no such file, adds fuel now. */
function readCode(): Uint8Array {
  try {
    compiledCode = readFileSync(CODE_FILE);
    return compiledCode;
  } catch {
    const binary = readBinary();
    if (knownHash === undefined) unhashed = binary;
    return addFuel(binary, findSites(binary));
  }
}

function digestOf(bytes: Uint8Array): Digest {
  return toDigest(hash("sha256", bytes, "buffer"));
}

function tryReadImages(): StoredImages | undefined {
  let file: Uint8Array;
  try {
    file = readFileSync(IMAGES_FILE);
  } catch {
    // Images only save time: each thread can make its own.
    return undefined;
  }
  return decodeImages(file, imagesKey());
}

/**
 * Reads the original WebAssembly file of z3-solver.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` if the file cannot be read.
 */
export function readBinary(): Uint8Array<ArrayBuffer> {
  try {
    // Neither copied nor kept: it is 35 MB.
    return readFileSync(require.resolve("z3-solver/build/z3-built.wasm"));
  } catch (cause) {
    throw new VerifierError(
      { code: "SOLVER_UNUSABLE", reason: "z3-built.wasm of z3-solver cannot be read" },
      { cause },
    );
  }
}
