import { ed25519Scheme } from "./ed25519-scheme.ts";

/** All schemes, by their tags in `Seal`. The order is wire format: only append. */
export const CERTIFICATE_SCHEMES = { ed25519: ed25519Scheme } as const;

/** Name of a scheme. */
export type CertificateSchemeName = keyof typeof CERTIFICATE_SCHEMES;

/** Scheme of a set that names no other. */
export const DEFAULT_SCHEME: CertificateSchemeName = "ed25519";
