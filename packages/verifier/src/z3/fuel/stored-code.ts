import { concatBytes, equalBytes } from "@aethel/models/primitives";
import { addFuel, FUEL_VERSION } from "./instrument.ts";
import { findSites } from "./sites.ts";

const CUSTOM = 0;
const MARK = new TextEncoder().encode("aethel");
const HASH = 32;

/**
 * The solver's code with fuel, as the build stores it: adding it takes 0.3 s, which each process
 * would wait for. At its end stands from which file it was made, in a section that engines skip.
 */
export function encodeCode(binary: Uint8Array, solverHash: Uint8Array): Uint8Array {
  return concatBytes(addFuel(binary, findSites(binary)), tailOf(solverHash));
}

/** Whether stored code was made from the file with that hash, as it is made today. */
export function isCodeOf(code: Uint8Array, solverHash: Uint8Array): boolean {
  const tail = tailOf(solverHash);
  return equalBytes(code.subarray(Math.max(0, code.length - tail.length)), tail);
}

function tailOf(solverHash: Uint8Array): Uint8Array {
  const size = 1 + MARK.length + HASH + 1;
  const head = new Uint8Array([CUSTOM, size, MARK.length]);
  return concatBytes(head, MARK, solverHash, new Uint8Array([FUEL_VERSION]));
}
