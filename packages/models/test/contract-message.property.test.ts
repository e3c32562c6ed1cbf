import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ContractMessage,
  contractMessage,
  createSigner,
  equalBytes,
  toDigest,
  verifySigned,
} from "../src/index.ts";

const digests = fc.constantFrom(1, 2).map((byte) => toDigest(new Uint8Array(32).fill(byte)));

// Few values of each part, so that two messages often differ in one of them only.
const messages: fc.Arbitrary<ContractMessage> = fc.record({
  genesis: digests,
  contract: digests,
  record: fc.constantFrom("Receipt", "Receip", ""),
  bytes: fc.constantFrom("", "t", "to", "Receipt").map((text) => new TextEncoder().encode(text)),
});

describe("messages of contracts", () => {
  test("B18: a signature is valid for one chain, contract, record and value alone", () => {
    const signer = createSigner(new Uint8Array(32).fill(3));
    fc.assert(
      fc.property(messages, messages, (signed, claimed) => {
        const signature = signer.sign(contractMessage(signed));
        const isSame =
          equalBytes(signed.genesis, claimed.genesis) &&
          equalBytes(signed.contract, claimed.contract) &&
          signed.record === claimed.record &&
          equalBytes(signed.bytes, claimed.bytes);
        expect(verifySigned(signer.publicKey, contractMessage(claimed), signature)).toBe(isSame);
      }),
    );
  });
});
