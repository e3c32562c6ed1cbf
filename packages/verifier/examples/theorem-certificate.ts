import { createJudge } from "@aethel/verifier";
import {
  checkTheoremCertificate,
  decodeCertificate,
  decodeEntry,
} from "@aethel/verifier/certificate";

/** Bytes, since what binds a theorem is their SHA-256. */
const script = new TextEncoder().encode(
  "(declare-const x Int)(assert (and (> x 3) (< x 2)))(check-sat)",
);

await using judge = await createJudge({ workers: 1 });
const judgement = await judge.check({ type: "theorem", script });
if (judgement.type !== "judged" || judgement.certificate === undefined) {
  throw new Error("not certified");
}
const { certificate } = judgement;

export const answer = checkTheoremCertificate(script, certificate);
console.log(answer); // { type: 'certified', work: ... }

/** One proof taken out of the container: the bytes that `certify` of the kernel takes. */
const [[first] = []] = decodeCertificate(certificate) ?? [];
const entry = first === undefined ? undefined : decodeEntry(first);
export const proof = entry?.type === "proof" ? entry.proof : undefined;
console.log(proof); // Uint8Array(12) [ 1, 5, 2, ... ]
