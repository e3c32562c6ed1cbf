import { ed25519Scheme } from "./ed25519-scheme.ts";

/** Every scheme there is, by its tag in `Seal`. The order is wire format: only append. */
export const CERTIFICATE_SCHEMES = { ed25519: ed25519Scheme } as const;

/** Name of a scheme. */
export type CertificateSchemeName = keyof typeof CERTIFICATE_SCHEMES;

/** The first one: what a set that names no other certifies by. */
export const DEFAULT_SCHEME: CertificateSchemeName = "ed25519";
