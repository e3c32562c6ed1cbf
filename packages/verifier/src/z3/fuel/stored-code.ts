import { concatBytes, equalBytes } from "@aethel/models/primitives";
import { addFuel, FUEL_VERSION } from "./instrument.ts";
import { findSites } from "./sites.ts";

const CUSTOM = 0;
const MARK = new TextEncoder().encode("aethel");
const HASH = 32;

/**
 * Encodes the solver's code with fuel, for the build to store. Adding fuel takes 0.3 s, for which
 * every process would have to wait. A custom section at the end, which engines ignore, has the hash
 * of the original file and the fuel version.
 */
export function encodeCode(binary: Uint8Array, solverHash: Uint8Array): Uint8Array {
  return concatBytes(addFuel(binary, findSites(binary)), tailOf(solverHash));
}

/** Tells whether stored code was made by this fuel version from the file with this hash. */
export function isCodeOf(code: Uint8Array, solverHash: Uint8Array): boolean {
  const tail = tailOf(solverHash);
  return equalBytes(code.subarray(Math.max(0, code.length - tail.length)), tail);
}

function tailOf(solverHash: Uint8Array): Uint8Array {
  const size = 1 + MARK.length + HASH + 1;
  const head = new Uint8Array([CUSTOM, size, MARK.length]);
  return concatBytes(head, MARK, solverHash, new Uint8Array([FUEL_VERSION]));
}
