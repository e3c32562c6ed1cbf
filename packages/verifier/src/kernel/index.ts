/**
 * The kernel: a checker that tells whether a certificate shows that an obligation holds.
 *
 * It reads only terms and bytes. It has no access to sources, solvers, clocks or Node built-ins. It
 * accepts a certificate that shows a contradiction between `assumptions` and `not goal`. Whether
 * that is the right obligation depends on the encoder (for an intent) or the screen (for a
 * theorem). Rules and format: docs/kernel.md.
 *
 * @packageDocumentation
 */

// Certify
export { certify, KERNEL_VERSION } from "./certify.ts";
export type { Certification } from "./certify.ts";
export type { Claim } from "./clausify.ts";

// Limits
export { kernelLimits } from "./limits.ts";
export type { Limits } from "./limits.ts";
