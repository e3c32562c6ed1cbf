import {
  type Argument,
  type ProofBody,
  toAccountId,
  toAmount,
  toDigest,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costOf, intrinsicUnits, programUnits, recordUnits } from "../../src/metering/units.ts";

/** Numbers of "Units of execution" in docs/fees-and-supply.md, copied by hand. */
const PAGE = {
  read: 40n,
  write: 110n,
  proof: 150n,
  invoke: 150n,
  argument: 35n,
  signature: 1_900n,
  newKey: 16_000n,
  proofBytes16: 1n,
  sourceByte: 9n,
  programByte: 9n,
  certificateBytes16: 12n,
  storedBytes64: 2n,
  newKeyInState: 40n,
};

/** Pieces of some bytes, the last of which need not be full. */
function pieces(bytes: number, size: number): bigint {
  let count = 0n;
  for (let left = bytes; left > 0; left -= size) count += 1n;
  return count;
}

const id = (at: number) => toAccountId(new Uint8Array(32).fill(at + 1));
const argumentOf = (isAccount: boolean, at: number): Argument =>
  isAccount ? { type: "account", value: id(at) } : { type: "amount", value: toAmount(BigInt(at)) };

/** Nonce 0, which says that a key has never signed, is as frequent as all others. */
const nonce = fc.constantFrom(0, 0, 1, 7);
const about = fc.record({
  type: fc.constantFrom("invoke", "publish", "theorem"),
  nonce,
  cosigners: fc.array(nonce, { maxLength: 4 }),
  given: fc.array(fc.boolean(), { maxLength: 6 }),
  text: fc.nat({ max: 400 }),
  run: fc.nat({ max: 90_000 }),
});
type About = typeof about extends fc.Arbitrary<infer T> ? T : never;

function bodyOf(of: About): ProofBody {
  const shared = {
    author: id(0),
    nonce: toNonce(of.nonce),
    resourceLimit: toResource(of.run),
    feeLimit: toAmount(1n),
    expiry: toSequence(9),
  };
  const text = new Uint8Array(of.text);
  if (of.type === "publish") return { ...shared, type: "publish", source: text };
  if (of.type === "theorem") return { ...shared, type: "theorem", script: text };
  const cosigners = of.cosigners.map((one, at) => ({ account: id(at + 1), nonce: toNonce(one) }));
  const intent = toDigest(new Uint8Array(32));
  const calls = [{ intent, arguments: of.given.map(argumentOf) }];
  return { ...shared, type: "invoke", calls, cosigners };
}

/** Units of a proof before it runs, line by line as the page adds them up. */
function formByPage(of: About, bytes: number): bigint {
  const signers = of.type === "invoke" ? [of.nonce, ...of.cosigners] : [of.nonce];
  let units = PAGE.proof + pieces(bytes, 16) * PAGE.proofBytes16;
  for (const one of signers) {
    units += PAGE.signature + PAGE.read + PAGE.write;
    if (one === 0) units += PAGE.newKey;
  }
  if (of.type === "invoke") return units + PAGE.invoke + BigInt(of.given.length) * PAGE.argument;
  if (of.type === "publish") return units + BigInt(of.text) * PAGE.sourceByte;
  return units + PAGE.newKeyInState + PAGE.write;
}

const loadByPage = (bytes: number): bigint => PAGE.read + BigInt(bytes) * PAGE.programByte;

describe("units by the table of the page", () => {
  test("of a proof before it runs, and with its whole limit and its program loaded", () => {
    fc.assert(
      fc.property(
        about,
        fc.nat({ max: 3_000 }),
        fc.nat({ max: 500 }),
        (of, bytes, programBytes) => {
          const proof = { body: bodyOf(of), bytes };
          const form = formByPage(of, bytes);
          const run = of.type === "invoke" ? BigInt(of.run) : 0n;
          const loaded = programBytes === 0 ? 0n : loadByPage(programBytes);

          expect(BigInt(intrinsicUnits(proof))).toBe(form);
          expect(BigInt(costOf(proof))).toBe(form + run);
          expect(BigInt(costOf(proof, { programBytes }))).toBe(form + run + loaded);
          expect(BigInt(programUnits(programBytes))).toBe(loadByPage(programBytes));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("of a claim that is recorded: texts compiled, bytes stored, certificates and keys", () => {
    const size = fc.nat({ max: 700 });
    fc.assert(
      fc.property(size, size, size, fc.nat({ max: 9 }), (canonical, certificates, values, keys) => {
        const units =
          BigInt(canonical) * PAGE.programByte +
          pieces(canonical + certificates + values, 64) * PAGE.storedBytes64 +
          pieces(certificates, 16) * PAGE.certificateBytes16 +
          BigInt(keys) * (PAGE.newKeyInState + PAGE.write);
        expect(BigInt(recordUnits({ canonical, certificates, values, keys }))).toBe(units);
      }),
      { numRuns: 300 },
    );
  });
});
