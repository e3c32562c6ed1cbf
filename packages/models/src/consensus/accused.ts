import { accountId, publicKey } from "../codec/index.ts";

/**
 * First fields of every piece of evidence: a validator, and the key with which it signed at the
 * sequence of the evidence. Nothing here is trusted: a check of evidence looks the pair up in the
 * validator set of that sequence (B20 in docs/known-bugs.md).
 */
export const accused = { validator: accountId, key: publicKey };
