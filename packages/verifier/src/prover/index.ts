/**
 * The prover: an untrusted search for certificates. Only `certify` of the kernel makes a result
 * count; a wrong one can make an intent `uncertified`, but no verdict wrong.
 *
 * @packageDocumentation
 */

// Search
export { findCertificate, PROVER_VERSION } from "./find-certificate.ts";
export type { Search } from "./find-certificate.ts";

// Limits
export { defaultLimits } from "./budget/budget.ts";
export type { LimitName, ProverLimits } from "./budget/budget.ts";
