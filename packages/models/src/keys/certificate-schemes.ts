import { ed25519Scheme } from "./ed25519-scheme.ts";

/**
 * All certificate schemes, by their tags in `Seal`. The order is wire format, so schemes may only
 * be appended.
 */
export const CERTIFICATE_SCHEMES = { ed25519: ed25519Scheme } as const;

/** Name of a certificate scheme. */
export type CertificateSchemeName = keyof typeof CERTIFICATE_SCHEMES;

/** Scheme of a validator set that names none. */
export const DEFAULT_SCHEME: CertificateSchemeName = "ed25519";
