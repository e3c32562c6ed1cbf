/**
 * The kernel: a checker that tells whether a certificate shows that an obligation holds.
 *
 * It reads terms and bytes only: no source, no solver, no clock, no Node built-ins. It accepts a
 * contradiction between `assumptions` and `not goal`. Whether that obligation is the right one
 * depends on the encoder or the screen. Rules and format: docs/kernel.md.
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
