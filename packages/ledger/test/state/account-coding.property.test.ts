import { AMOUNT_MAX, toAccountId, toAmount, toNonce } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { totalHeld } from "../../src/history/held-amounts.ts";
import { accountCoding } from "../../src/state/account-coding.ts";
import { Account } from "../../src/state/records.ts";
import { stateKey } from "../../src/state/state-key.ts";

const accounts: fc.Arbitrary<Account> = fc.record({
  balance: fc.bigInt({ min: 0n, max: AMOUNT_MAX }).map(toAmount),
  nonce: fc.maxSafeNat().map(toNonce),
});

/** A byte of the balance or the nonce; at 14 and 15 some that no nonce has, and the last it can. */
const bytes = fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 0x1f, 0x20, 0x21, 0xff));
const places = fc.oneof(fc.nat({ max: 15 }), fc.constantFrom(14, 15));

/** Bytes of an account, one of them replaced, or some too many or too few. */
const nearMisses: fc.Arbitrary<Uint8Array> = fc
  .tuple(accounts, places, bytes, fc.oneof(fc.constant(16), fc.integer({ min: 14, max: 18 })))
  .map(([account, at, value, length]) => {
    const bytes = new Uint8Array(length);
    bytes.set(Account.encode(account).with(at, value).subarray(0, length));
    return bytes;
  });

const key = stateKey.account(toAccountId(new Uint8Array(32)));

describe("the account coding of an overlay, with the codec as oracle", () => {
  test("encodes every account to the codec's bytes, in an array of its own", () => {
    fc.assert(
      fc.property(accounts, accounts, (account, other) => {
        const bytes = accountCoding.encode(account);
        accountCoding.encode(other);
        accountCoding.decode(Account.encode(other));

        expect(bytes).toEqual(Account.encode(account));
        expect(accountCoding.decode(bytes)).toEqual(account);
      }),
      { numRuns: 500 },
    );
  });

  test("refuses what the codec refuses, and conservation reads the same balance on its own", () => {
    fc.assert(
      fc.property(fc.oneof(nearMisses, fc.uint8Array({ maxLength: 20 })), (bytes) => {
        const expected = attempt(() => Account.decode(bytes));

        expect(attempt(() => accountCoding.decode(bytes))).toEqual(expected);
        const held = attempt(() => totalHeld([{ key, value: bytes }]));
        expect(held).toEqual(expected instanceof Error ? expected : expected.balance);
      }),
      { numRuns: 1_000 },
    );
  });

  test("encodes nothing that the codec does not", () => {
    const wrong = [
      { balance: -1n, nonce: 0 },
      { balance: AMOUNT_MAX + 1n, nonce: 0 },
      { balance: 0n, nonce: -1 },
      { balance: 0n, nonce: 0.5 },
      { balance: 0n, nonce: 2 ** 53 },
    ] as unknown as readonly Account[];
    for (const account of wrong) {
      expect(attempt(() => accountCoding.encode(account))).toBeInstanceOf(Error);
      expect(attempt(() => accountCoding.encode(account))).toEqual(
        attempt(() => Account.encode(account)),
      );
    }
  });
});

function attempt<T>(action: () => T): T | Error {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
