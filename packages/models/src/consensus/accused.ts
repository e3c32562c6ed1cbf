import { accountId, publicKey } from "../codec/index.ts";

/**
 * Fields that every piece of evidence begins with: the key that signed, and the validator that held
 * this key at that sequence. A judge of evidence looks the pair up in the set of the sequence
 * (B20); nothing here is trusted.
 */
export const accused = { validator: accountId, key: publicKey };
