import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concatBytes,
  createSigner,
  defaultBackend,
  fromHex,
  isAcceptableKey,
  nobleBackend,
  type Signature,
  sha256,
  signingRoot,
  toPublicKey,
  toSignature,
  verifySignature,
} from "../src/index.ts";

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const message = new Uint8Array([1, 2, 3]);

/** The same answer from both back ends, or a failure that shows which differs. */
function bothVerify(key: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean {
  const [pk, sig] = [toPublicKey(key), toSignature(signature)];
  const answers = [defaultBackend(), nobleBackend].map((backend) =>
    verifySignature(pk, text, sig, backend),
  );
  expect(answers[0]).toBe(answers[1]);
  return answers[0] === true;
}

describe("Ed25519 (RFC 8032)", () => {
  test("Node's crypto is the default here, so the two back ends are really compared", () => {
    expect(defaultBackend().name).toBe("node");
  });

  // RFC 8032 §7.1, tests 1 to 3.
  test.each([
    [
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ])("the RFC's vector with key %s", (secret, key, text, signature) => {
    const bytes = fromHex(text);

    expect(createSigner(fromHex(secret)).publicKey).toEqual(fromHex(key));
    expect(defaultBackend().sign(fromHex(secret), bytes)).toEqual(fromHex(signature));
    expect(nobleBackend.sign(fromHex(secret), bytes)).toEqual(fromHex(signature));
    expect(bothVerify(fromHex(key), bytes, fromHex(signature))).toBe(true);
  });

  test("keys of small order and their non-canonical encodings are refused", () => {
    const torsion = ED25519_TORSION_SUBGROUP.map((hex) => fromHex(hex));
    const p = Point.Fp.ORDER;
    const nonCanonical = [p, p + 1n, (1n << 255n) - 1n].map((y) => encodeY(y));

    for (const key of [...torsion, ...nonCanonical]) expect(isAcceptableKey(key)).toBe(false);
  });

  test("a key with a torsion component is refused, although its signatures satisfy cofactored rules", () => {
    for (const hex of ED25519_TORSION_SUBGROUP) {
      const torsion = Point.fromHex(hex);
      if (torsion.equals(Point.ZERO)) continue;
      const mixed = Point.BASE.multiply(77n).add(torsion).toBytes();
      expect(isAcceptableKey(mixed)).toBe(false);
    }
  });

  test("R with a torsion component is refused by both back ends", () => {
    for (const hex of ED25519_TORSION_SUBGROUP) {
      const torsion = Point.fromHex(hex);
      for (const scalar of [5n, 99n, ORDER - 2n]) {
        const { key, signature } = forge({ secret: 42n, nonce: scalar, torsion });
        expect(bothVerify(key, message, signature)).toBe(torsion.equals(Point.ZERO));
      }
    }
  });

  test("S at or above the group order is refused", () => {
    const { key, signature } = forge({ secret: 42n, nonce: 7n, torsion: Point.ZERO });
    const s = littleEndian(signature.subarray(32));
    const raised = concatBytes(signature.subarray(0, 32), encodeScalar(s + ORDER));

    expect(bothVerify(key, message, signature)).toBe(true);
    expect(bothVerify(key, message, raised)).toBe(false);
  });

  test("P30: on random mutations both back ends agree, and only the original passes", () => {
    const signer = createSigner(new Uint8Array(32).fill(7));
    const object = { tag: "proof", genesis: sha256(message), bytes: message } as const;
    const signature: Signature = signer.sign(object);
    const digest = signingRoot(object);

    fc.assert(
      fc.property(fc.nat({ max: 127 }), fc.nat({ max: 7 }), (position, bit) => {
        const all = concatBytes(signer.publicKey, signature, digest);
        const flipped = all.with(position, (all[position] ?? 0) ^ (1 << bit));
        const [key, sig, text] = [
          flipped.slice(0, 32),
          flipped.slice(32, 96),
          flipped.slice(96, 128),
        ];
        expect(bothVerify(key, text, sig)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
    expect(bothVerify(signer.publicKey, digest, signature)).toBe(true);
  });

  test("signatures and keys of a wrong length are refused without a throw", () => {
    const short = new Uint8Array(5) as never;

    expect(verifySignature(short, message, new Uint8Array(64) as never)).toBe(false);
    expect(verifySignature(new Uint8Array(32) as never, message, short)).toBe(false);
  });
});

interface Forgery {
  readonly secret: bigint;
  readonly nonce: bigint;
  readonly torsion: typeof Point.ZERO;
}

/** A signature whose R carries `torsion`, with S computed for the R that is sent. */
function forge({ secret, nonce, torsion }: Forgery): { key: Uint8Array; signature: Uint8Array } {
  const key = Point.BASE.multiply(secret).toBytes();
  const r = Point.BASE.multiply(nonce).add(torsion).toBytes();
  const k = littleEndian(sha512(concatBytes(r, key, message))) % ORDER;
  const s = (nonce + k * secret) % ORDER;
  return { key, signature: concatBytes(r, encodeScalar(s)) };
}

function encodeScalar(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, "0")).toReversed();
}

function encodeY(y: bigint): Uint8Array {
  return encodeScalar(y);
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
