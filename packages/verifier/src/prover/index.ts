/**
 * The prover: an untrusted search for certificates that the kernel accepts. What it says is worth
 * nothing until `certify` has checked it, and it never makes a verdict wrong, only `uncertified`.
 *
 * @packageDocumentation
 */

// Search
export { findCertificate, PROVER_VERSION } from "./find-certificate.ts";
export type { Search } from "./find-certificate.ts";

// Limits
export { defaultLimits } from "./budget/budget.ts";
export type { LimitName, ProverLimits } from "./budget/budget.ts";
