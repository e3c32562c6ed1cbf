import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concatBytes,
  createSigner,
  defaultBackend,
  fromHex,
  isAcceptableKey,
  nobleBackend,
  toPublicKey,
  toSignature,
  verifySignature,
} from "../../src/index.ts";
import {
  bothVerify,
  encode32,
  FIELD,
  forge,
  littleEndian,
  ORDER,
  Point,
  seal,
  smallOrderEncodings,
  TORSION,
  times,
} from "./forge.ts";

const message = new Uint8Array([1, 2, 3]);
const twisted = TORSION.filter((point) => !point.equals(Point.ZERO));

describe("Ed25519 (RFC 8032)", () => {
  test("Node's crypto is the default here, so the two back ends are really compared", () => {
    expect(defaultBackend().name).toBe("node");
    expect(nobleBackend.name).toBe("noble");
  });

  // RFC 8032 §7.1, tests 1 to 3 and SHA(abc).
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
    [
      "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ],
  ])("the RFC's vector with key %s", (secret, key, text, signature) => {
    const bytes = fromHex(text);

    for (const backend of [defaultBackend(), nobleBackend]) {
      expect(createSigner(fromHex(secret), backend).publicKey).toEqual(fromHex(key));
      expect(backend.sign(fromHex(secret), bytes)).toEqual(fromHex(signature));
    }
    expect(bothVerify(fromHex(key), bytes, fromHex(signature))).toBe(true);
  });

  test("both back ends derive the keys and make the signatures of noble's own module", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array(),
        (secret, text) => {
          for (const backend of [defaultBackend(), nobleBackend]) {
            expect(backend.publicKeyOf(secret)).toEqual(ed25519.getPublicKey(secret));
            expect(backend.sign(secret, text)).toEqual(ed25519.sign(text, secret));
          }
          expect(bothVerify(ed25519.getPublicKey(secret), text, ed25519.sign(text, secret))).toBe(
            true,
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("keys", () => {
  test("points of small order are refused in all their encodings, the identity among them", () => {
    const encodings = smallOrderEncodings();

    expect(encodings).toHaveLength(14);
    for (const key of encodings) expect(isAcceptableKey(key)).toBe(false);
  });

  test("a torsion component is refused, whatever the point beside it", () => {
    for (const secret of [1n, 2n, 77n, ORDER - 1n]) {
      expect(isAcceptableKey(times(secret).toBytes())).toBe(true);
      for (const torsion of twisted) {
        expect(isAcceptableKey(times(secret).add(torsion).toBytes())).toBe(false);
      }
    }
  });

  test("encodings of no point, and those with y >= p, are refused", () => {
    for (let y = FIELD; y < 1n << 255n; y++) {
      expect(isAcceptableKey(encode32(y))).toBe(false);
      expect(isAcceptableKey(encode32(y + (1n << 255n)))).toBe(false);
    }
    // y = 2 and y = 7 belong to no point: (y^2 - 1) / (d y^2 + 1) has no root.
    for (const y of [2n, 7n]) expect(isAcceptableKey(encode32(y))).toBe(false);
    expect(isAcceptableKey(new Uint8Array(31))).toBe(false);
  });

  test("a verdict is the same the second time, when it comes from the cache", () => {
    const [good, bad] = [
      times(5n).toBytes(),
      times(5n)
        .add(twisted[0] ?? Point.ZERO)
        .toBytes(),
    ];

    expect([good, bad, good, bad].map((key) => isAcceptableKey(key))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe("signatures", () => {
  const good = { secret: 42n, nonce: 7n, message };

  test("the forger's own signature without torsion passes: what follows fails for its reason alone", () => {
    const { key, signature } = forge(good);

    expect(bothVerify(key, message, signature)).toBe(true);
  });

  test("R with a torsion component is refused by both back ends", () => {
    for (const nonce of [5n, 99n, ORDER - 2n]) {
      for (const nonceTorsion of TORSION) {
        const { key, signature } = forge({ ...good, nonce, nonceTorsion });
        expect(bothVerify(key, message, signature)).toBe(nonceTorsion.equals(Point.ZERO));
      }
    }
  });

  test("A with a torsion component is refused, alone and with one in R that makes up for it", () => {
    for (const keyTorsion of twisted) {
      for (const nonceTorsion of TORSION) {
        const { key, signature } = forge({ ...good, keyTorsion, nonceTorsion });
        expect(bothVerify(key, message, signature)).toBe(false);
      }
    }
  });

  test("S at or above the group order is refused in each of its forms", () => {
    const { key, signature } = forge(good);
    const [r, s] = [signature.subarray(0, 32), littleEndian(signature.subarray(32))];

    for (let raised = s + ORDER; raised < 1n << 256n; raised += ORDER) {
      expect(bothVerify(key, message, concatBytes(r, encode32(raised)))).toBe(false);
    }
    for (const edge of [ORDER, ORDER - 1n, ORDER + 1n, (1n << 256n) - 1n, 1n << 255n]) {
      expect(bothVerify(key, message, concatBytes(r, encode32(edge)))).toBe(false);
    }
  });

  test("S of zero passes exactly when it is the solution", () => {
    // R = -[k]A needs k before R: only the identity's multiple has it, so A is refused anyway.
    const { key } = forge(good);
    const zero = concatBytes(times(7n).toBytes(), new Uint8Array(32));

    expect(bothVerify(key, message, zero)).toBe(false);
  });

  test("R of small order is refused in all its encodings, with S computed for those bytes", () => {
    const key = times(good.secret).toBytes();

    for (const r of smallOrderEncodings()) {
      expect(bothVerify(key, message, seal({ ...good, nonce: 0n, key, r }))).toBe(false);
    }
  });

  test("the identity as R solves the equation: only its own rule refuses it, and OpenSSL's", () => {
    const key = toPublicKey(times(good.secret).toBytes());
    const identity = toSignature(seal({ ...good, nonce: 0n, key, r: encode32(1n) }));

    expect(nobleBackend.equationHolds(key, message, identity)).toBe(true);
    expect(bothVerify(key, message, identity)).toBe(false);
  });

  test("every pair of small-order encodings of A and R with S = 0 is refused", () => {
    const encodings = smallOrderEncodings();

    for (const key of encodings) {
      for (const r of encodings) {
        expect(bothVerify(key, message, concatBytes(r, new Uint8Array(32)))).toBe(false);
      }
    }
  });

  test("signatures and keys of a wrong length are refused without a throw", () => {
    const short = new Uint8Array(5) as never;

    expect(verifySignature(short, message, new Uint8Array(64) as never)).toBe(false);
    expect(verifySignature(new Uint8Array(32) as never, message, short)).toBe(false);
  });

  // Chalkias, Garillot, Nikolaenko, "Taming the Many EdDSAs" (2020), table 6: message, A, signature.
  // Libraries disagree on these; each has A outside the prime-order subgroup, or S >= L.
  test.each([
    [
      0,
      "A and R small, S = 0",
      "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000",
    ],
    [
      1,
      "A small, R mixed",
      "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
    ],
    [
      2,
      "A mixed, R small",
      "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
    ],
    [
      3,
      "A and R mixed",
      "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
      "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
      "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
    ],
    [
      4,
      "A and R mixed, cofactored only",
      "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
      "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
      "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
    ],
    [
      5,
      "A mixed, cofactored only",
      "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
      "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
      "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
    ],
    [
      6,
      "S > L",
      "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
      "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
      "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
    ],
    [
      7,
      "S >> L",
      "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
      "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
      "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
    ],
    [
      8,
      "R not canonical",
      "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f",
    ],
    [
      9,
      "R not canonical, hashed as it is",
      "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908",
    ],
    [
      10,
      "A not canonical",
      "e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
    ],
    [
      11,
      "A not canonical, hashed as it is",
      "39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
    ],
  ])("published edge case %i (%s) is refused by both back ends", (at, _, text, key, signature) => {
    const sig = fromHex(signature);
    const keyIsGood = at === 6 || at === 7;

    expect(bothVerify(fromHex(key), fromHex(text), sig)).toBe(false);
    expect(isAcceptableKey(fromHex(key))).toBe(keyIsGood);
    // Where the key is good, S is what is wrong, and nothing else.
    if (keyIsGood) expect(littleEndian(sig.subarray(32))).toBeGreaterThanOrEqual(ORDER);
  });
});
