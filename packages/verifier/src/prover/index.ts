/**
 * The prover: an untrusted search for certificates. A certificate counts only if `certify` of the
 * kernel accepts it. So a defect of the prover can make an intent `uncertified`, but cannot make a
 * verdict wrong.
 *
 * @packageDocumentation
 */

// Search
export { findCertificate, PROVER_VERSION } from "./find-certificate.ts";
export type { Search } from "./find-certificate.ts";

// Limits
export { defaultLimits } from "./budget/budget.ts";
export type { LimitName, ProverLimits } from "./budget/budget.ts";
