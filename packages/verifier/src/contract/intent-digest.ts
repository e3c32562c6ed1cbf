import { type Digest, taggedHash } from "@aethel/models/primitives";

/**
 * Derives the digest by which a call names an intent of a contract: `sha256(sha256(
 * "aethel/contract-intent") | digest of the contract | name of the intent in UTF-8)`.
 */
export function contractIntentDigest(contract: Digest, intent: string): Digest {
  return taggedHash("contract-intent", contract, new TextEncoder().encode(intent));
}
