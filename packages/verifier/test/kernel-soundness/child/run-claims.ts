import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { deserialize } from "node:v8";
import { type DeepClaim, deepClaims } from "./deep-claims.ts";

/**
 * A process that proves and certifies: `node FLAGS run-claims.js FOLDER CLAIMS OTHERS DEPTH`.
 *
 * Prints, as JSON, one line for each claim of the file CLAIMS and each deep claim: what prover and
 * kernel said, and the digest of the certificate. OTHERS proofs are made before.
 */
const [folder = "", claims = "", others = "0", depth = "0"] = process.argv.slice(2);
const base = pathToFileURL(`${folder}/`);
const kernel = await import(new URL("kernel/index.js", base).href);
const prover = await import(new URL("prover/index.js", base).href);

const given: readonly DeepClaim[] = deserialize(readFileSync(claims));
for (let count = 0; count < Number(others); count++) {
  answer(given[count % given.length]?.claim, { ...prover.defaultLimits, stepsMax: 5_000 });
}
const deep = Number(depth) > 0 ? deepClaims(Number(depth)) : [];
const lines = [...given, ...deep].map(({ name, claim }) => `${name}: ${answer(claim)}`);
console.log(JSON.stringify(lines));

function answer(
  claim: DeepClaim["claim"] | undefined,
  limits = { ...prover.defaultLimits, stepsMax: 200_000 },
): string {
  const found = prover.findCertificate(claim, limits);
  const bytes = found.type === "found" ? found.certificate : Uint8Array.of(1);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const { type, reason = "", steps } = found;
  return JSON.stringify([type, reason, steps, digest, kernel.certify(claim, bytes)]);
}
