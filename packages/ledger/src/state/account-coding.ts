import { AMOUNT_MAX } from "@aethel/models";
import { Account } from "./records.ts";
import type { Coding } from "./state-overlay.ts";

const BYTES = 16;

const WORD = 2 ** 32;

/**
 * Exclusive bound on the upper 32 bits of a nonce. Nonces are below 2^53, and 2^53 / 2^32 = 2^21.
 */
const NONCE_UPPER_END = 2 ** 21;

/** Buffer that is reused for every encoding and decoding. */
const view = new DataView(new ArrayBuffer(BYTES));

const memory = new Uint8Array(view.buffer);

/**
 * Coding of accounts, the values that blocks change most. It writes the same bytes as the `Account`
 * codec in a quarter of the time (measured). Illegal values and bytes are passed to the codec,
 * which throws.
 */
export const accountCoding: Coding<Account> = {
  encode: (account) => {
    const { balance, nonce } = account;
    const isPlain = balance >= 0n && balance <= AMOUNT_MAX && Number.isSafeInteger(nonce);
    if (!isPlain || nonce < 0) return Account.encode(account);
    view.setBigUint64(0, balance, true);
    view.setUint32(8, nonce % WORD, true);
    view.setUint32(12, Math.floor(nonce / WORD), true);
    return memory.slice();
  },
  decode: (bytes) => {
    if (bytes.length !== BYTES) return Account.decode(bytes);
    memory.set(bytes);
    const upper = view.getUint32(12, true);
    if (upper >= NONCE_UPPER_END) return Account.decode(bytes);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written from a balance
    const balance = view.getBigUint64(0, true) as Account["balance"];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written from a nonce
    const nonce = (view.getUint32(8, true) + upper * WORD) as Account["nonce"];
    return { balance, nonce };
  },
};
