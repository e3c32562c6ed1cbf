/**
 * Certificates of intents and theorems, with which anybody can check a `valid` verdict without a
 * solver.
 *
 * Works in a browser. Loads the language and the kernel, but neither Z3 nor the prover.
 *
 * @packageDocumentation
 */

// Check
export { type CertificateCheck, checkIntentCertificate } from "./check-intent.ts";
export { checkTheoremCertificate, type TheoremCheck } from "./check-theorem.ts";

// Bytes
export {
  CERTIFICATE_BYTES_MAX,
  CERTIFICATE_VERSION,
  certificateDigest,
  decodeCertificate,
  encodeCertificate,
  PROOF_BYTES_MAX,
} from "./container.ts";
export { type CertificateEntry, decodeEntry, encodeEntry } from "./entry.ts";

// Claim and its bounds
export { compileSource } from "../intent/compiled/compile.ts";
export { LANGUAGE_LIMITS } from "../language/syntax/limits.ts";
export { SCRIPT_BYTES_MAX } from "../theorem/limits.ts";

// Kernel
export { KERNEL_VERSION } from "../kernel/index.ts";
