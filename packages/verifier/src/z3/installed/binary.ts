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

/** Where `pnpm build` puts the images, beside the compiled code: there are none beside sources. */
export const IMAGES_FILE = new URL("../../judge-images.bin", import.meta.url);

/** Where it puts the solver's code with fuel. */
export const CODE_FILE = new URL("../../judge-solver.wasm", import.meta.url);

const require = createRequire(import.meta.url);

let knownHash: Digest | undefined;
let compiled: Promise<WasmModule> | undefined;
let images: StoredImages | undefined | "not read" = "not read";
/** Stored code that was compiled: of the right solver only if its end says so. */
let compiledCode: Uint8Array | undefined;
/** What was compiled and is not hashed yet, so that it need not be read twice. */
let unhashed: Uint8Array<ArrayBuffer> | undefined;

/**
 * SHA-256 of the installed solver's WebAssembly file.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` when the file cannot be read, or when the code that was
 * compiled is not made from it.
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

/** The solver's code, compiled once per process; a module may be shared with worker threads. */
export async function compileSolver(): Promise<WasmModule> {
  compiled ??= compile();
  return await compiled;
}

/** The images that were stored for this Judge and this solver; `undefined` when there are none. */
export function readStoredImages(): StoredImages | undefined {
  if (images === "not read") images = tryReadImages();
  return images;
}

/** All that decides the images: the solver, its loader, and the Judge's version and warm-up. */
export function imagesKey(): Uint8Array {
  const loader = digestOf(readFileSync(require.resolve(LOADER)));
  const warmUp = JSON.stringify(
    [JUDGE_VERSION, FUEL_VERSION, warmUpScripts, warmUpTerm],
    (_, value: unknown) => (typeof value === "bigint" ? String(value) : value),
  );
  return digestOf(concatBytes(solverHash(), loader, new TextEncoder().encode(warmUp)));
}

/** The loader that Emscripten generated beside the WebAssembly file. */
export function loadEmscriptenFactory(): EmscriptenFactory {
  return require(LOADER);
}

const LOADER = "z3-solver/build/z3-built.js";

/**
 * Validation of a function waits for its first call: 25 instead of 90 ms for all of Z3 (measured),
 * of which one proof calls a twentieth. The flag holds for what is compiled meanwhile, no longer.
 */
async function compile(): Promise<WasmModule> {
  const code = readCode();
  // An engine that was not measured may not know the flag, and would say so on the terminal.
  if (process.versions.v8.startsWith("13.")) setFlagsFromString("--wasm-lazy-validation");
  try {
    return await webAssembly.compile(code);
  } finally {
    if (process.versions.v8.startsWith("13.")) setFlagsFromString("--no-wasm-lazy-validation");
  }
}

/** The solver with fuel: as the build stored it, else made now. */
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
    // They save time only: every thread can make its own.
    return undefined;
  }
  return decodeImages(file, imagesKey());
}

/**
 * The solver as z3-solver has it.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` when the file cannot be read.
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
