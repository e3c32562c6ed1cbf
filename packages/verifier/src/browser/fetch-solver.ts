import { type Digest, fromHex, sha256, toDigest, toHex } from "@aethel/models/primitives";
import { VerifierError } from "../errors.ts";
import type { JudgeIdentity } from "../judge/identity.ts";
import { KERNEL_VERSION } from "../kernel/index.ts";
import { JUDGE_VERSION } from "../limits.ts";
import { PROVER_VERSION } from "../prover/index.ts";
import { addFuel } from "../z3/fuel/instrument.ts";
import { findSites } from "../z3/fuel/sites.ts";
import { type WasmModule, webAssembly } from "../z3/wasm/web-assembly.ts";

/**
 * SHA-256 of the `z3-built.wasm` of z3-solver 5.2.0. A page downloads the solver and accepts only
 * this file. Node instead computes the hash of the installed file.
 */
const SOLVER_HASH: Digest = toDigest(
  fromHex("2765f5443a5a3a41aace71a82dd954e3b8c885a7d621b50122b1aede0dc8348a"),
);

/**
 * Returns the versions of the Judge's parts and the hash of the solver. `fetchSolver` refuses a
 * solver file with another hash.
 */
export function judgeIdentity(): JudgeIdentity {
  return {
    version: JUDGE_VERSION,
    wasmHash: SOLVER_HASH,
    kernelVersion: KERNEL_VERSION,
    proverVersion: PROVER_VERSION,
  };
}

/**
 * Address of the solver's file: the one at which a bundler puts it; without a bundler, the one next
 * to this module.
 */
export const SOLVER_URL: URL = new URL("z3-solver/build/z3-built.wasm", import.meta.url);

/**
 * Fetches the solver, checks its hash, adds fuel (see `addFuel`) and compiles it.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` if the file cannot be fetched or has another hash.
 */
export async function fetchSolver(url: string): Promise<WasmModule> {
  const bytes = await fetchBytes(url);
  const found = toHex(await digestOf(bytes));
  if (found !== toHex(SOLVER_HASH))
    throw unusable(`${url} is another file: its SHA-256 is ${found}`);
  return await webAssembly.compile(addFuel(bytes, findSites(bytes)));
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw unusable(`${url} cannot be fetched`, cause);
  }
  if (!response.ok) throw unusable(`${url} answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * Computes SHA-256 with WebCrypto. A page without HTTPS has no WebCrypto; there the hash is
 * computed in JavaScript, which takes 1 s.
 */
async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto;
  if (subtle === undefined) return sha256(bytes);
  return new Uint8Array(await subtle.digest("SHA-256", bytes));
}

function unusable(reason: string, cause?: unknown): VerifierError {
  return new VerifierError(
    { code: "SOLVER_UNUSABLE", reason },
    cause === undefined ? {} : { cause },
  );
}
