import { equalBytes, fromHex } from "@aethel/models";
import {
  certificateDigest,
  checkIntentCertificate,
  compileSource,
  KERNEL_VERSION,
} from "@aethel/verifier/certificate";

/** Published program with its certificate, as they are in the state. */
export interface StoredClaim {
  readonly kind: "intent" | "contract";
  /** Digest of the program's text, from the state key, in hexadecimal digits. */
  readonly digest: string;
  /** Canonical text. */
  readonly text: Uint8Array;
  /** Whether the program is on the genesis list, whose intents may write stake. */
  readonly isPrivileged: boolean;
  /** Certificate; undefined if the state has none. */
  readonly certificate: Uint8Array | undefined;
  /** Facts about the certificate in the record of the program; undefined if it has none. */
  readonly certification:
    | { readonly kernelVersion: number; readonly certificateHash: Uint8Array }
    | undefined;
}

/**
 * Returns the reason for which a stored certificate does not prove its program. Undefined if the
 * kernel accepts it. Uses no solver.
 */
export function findUncertified(claim: StoredClaim): string | undefined {
  const { kind, digest, text, isPrivileged, certificate, certification } = claim;
  if (certificate === undefined || certification === undefined) return "it has no certificate";
  if (certification.kernelVersion > KERNEL_VERSION) {
    return `kernel ${certification.kernelVersion} accepted it, this one is ${KERNEL_VERSION}`;
  }
  if (!equalBytes(certificateDigest(certificate), certification.certificateHash)) {
    return "the certificate is not the one that its record names";
  }
  const options = { privileged: isPrivileged };
  const answer = checkIntentCertificate(text, certificate, options);
  if (answer.type === "failed") return answer.reason;
  if (answer.type === "rejected") {
    return `its text does not compile: ${answer.diagnostics[0]?.message ?? "no reason"}`;
  }
  if (kind === "contract") return undefined;
  const compiled = compileSource(text, options);
  const digests = compiled.ok ? [...compiled.intents, ...compiled.batches] : [];
  return digests.some((one) => equalBytes(one.digest, fromHex(digest)))
    ? undefined
    : "its text is that of another program";
}
