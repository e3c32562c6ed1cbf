/**
 * The kernel: says whether a certificate shows that an obligation holds.
 *
 * It reads terms and bytes and nothing else: no source, no solver, no clock, no Node built-ins.
 * It accepts a contradiction between `assumptions` and `not goal`; that the obligation is
 * the right one rests on who built it. Rules and format: docs/kernel.md.
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
