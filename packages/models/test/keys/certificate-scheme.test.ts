import { describe, expect, test, vi } from "vitest";
import {
  Block,
  type CertificateSchemeName,
  ConsensusMessage,
  createCertificate,
  createSigner,
  createValidatorSet,
  decodeValidatorSet,
  encodeValidatorSet,
  FinalizedBlock,
  findCertificateDefect,
  ModelsError,
  parentCertificateRoot,
  QuorumCertificate,
  sha256,
  signableVote,
  signersOfCertificate,
  toAccountId,
  toAmount,
  toHex,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
  type ValidatorSet,
} from "../../src/index.ts";
import type * as schemes from "../../src/keys/certificate-schemes.ts";
import { exampleOf } from "../schema-text.ts";
import { blsShare, registerBlsKey } from "./aggregated-scheme.ts";

// All that adding a scheme takes: one more entry in this one file.
vi.mock("../../src/keys/certificate-schemes.ts", async (original) => {
  const module = await original<typeof schemes>();
  const { blsScheme } = await import("./aggregated-scheme.ts");
  return {
    ...module,
    CERTIFICATE_SCHEMES: { ...module.CERTIFICATE_SCHEMES, "bls12-381": blsScheme },
  };
});

const BLS = "bls12-381" as CertificateSchemeName;
const genesis = sha256(new Uint8Array([1]));
const vote = { sequence: toSequence(7), view: toView(1), digest: sha256(genesis) };
const secrets = [1, 2, 3, 4].map((seed) => new Uint8Array(32).fill(seed));
const secretOf = new Map<string, Uint8Array>();
const members = secrets.map((secret) => {
  const key = createSigner(secret).publicKey;
  const id = toAccountId(key);
  registerBlsKey(id, secret);
  secretOf.set(toHex(id), secret);
  return { id, key, power: toAmount(1n) };
});
const set = createValidatorSet(members, { scheme: BLS });
const plainSet = createValidatorSet(members);

describe("a second certificate scheme, aggregated", () => {
  const certificate = certify(set, [0, 2, 3]);

  test("is made, checked and read by callers that do not know it", () => {
    expect(certificate.seal.type).toBe(BLS);
    expect(findCertificateDefect({ certificate, set, genesis })).toBeUndefined();
    expect(signersOfCertificate(certificate)).toEqual([0, 2, 3]);
    expect(findCertificateDefect({ certificate: certify(set, [0, 1]), set, genesis })).toBe(
      "no-quorum",
    );
  });

  test("travels in every type that carries a certificate", () => {
    const block = {
      ...(exampleOf(Block.schema, 1) as Block),
      parentCertificate: certificate,
    };
    const body = exampleOf(ConsensusMessage.schema, 3) as object;
    const message = { ...body, parentCertificate: certificate } as ConsensusMessage;
    const finalized: FinalizedBlock = { block, certificate };

    expect(QuorumCertificate.decode(QuorumCertificate.encode(certificate))).toEqual(certificate);
    expect(Block.decode(Block.encode(block))).toEqual(block);
    expect(FinalizedBlock.decode(FinalizedBlock.encode(finalized))).toEqual(finalized);
    expect(ConsensusMessage.decode(ConsensusMessage.encode(message))).toEqual(message);
    expect(QuorumCertificate.fromJson(QuorumCertificate.toJson(certificate))).toEqual(certificate);
    expect(parentCertificateRoot(certificate)).toEqual(QuorumCertificate.digest(certificate));
  });

  test("has one size, whatever the number of signers", () => {
    const sizes = [
      [0, 1, 2],
      [0, 1, 2, 3],
    ].map((voters) => QuorumCertificate.encode(certify(set, voters)).length);

    expect(sizes[0]).toBe(sizes[1]);
  });

  test("B9: is bound to chain, phase, sequence, view, digest and signers", () => {
    const others: readonly Partial<QuorumCertificate>[] = [
      { phase: "prepare" },
      { sequence: toSequence(8) },
      { view: toView(2) },
      { digest: genesis },
      { signers: [true, true, true, false] },
      { signers: [true, true, true, true] },
    ];

    for (const change of others)
      expect(defectOf({ ...certificate, ...change })).toBe("bad-signature");
    expect(findCertificateDefect({ certificate, set, genesis: vote.digest })).toBe("bad-signature");
    expect(defectOf({ ...certificate, signers: [true, false, true] })).toBe("signer-bits-length");
  });

  test("is refused by a set that certifies otherwise, and the other way round", () => {
    const plain = certify(plainSet, [0, 1, 2]);

    expect(findCertificateDefect({ certificate: plain, set: plainSet, genesis })).toBeUndefined();
    expect(findCertificateDefect({ certificate: plain, set, genesis })).toBe("wrong-scheme");
    expect(findCertificateDefect({ certificate, set: plainSet, genesis })).toBe("wrong-scheme");
  });

  function defectOf(changed: QuorumCertificate): string | undefined {
    return findCertificateDefect({ certificate: changed, set, genesis });
  }
});

describe("the scheme of a validator set", () => {
  test("is part of its bytes and of its hash", () => {
    expect(decodeValidatorSet(encodeValidatorSet(set))).toEqual(set);
    expect(decodeValidatorSet(encodeValidatorSet(plainSet))).toEqual(plainSet);
    expect(toHex(set.hash)).not.toBe(toHex(plainSet.hash));
    expect(toHex(set.hash)).toBe(toHex(sha256(encodeValidatorSet(set))));
  });

  test("has one form: the default scheme is never spelled out", () => {
    const bytes = encodeValidatorSet(set);
    const spelled = bytes.with(0, 0);

    expect(() => decodeValidatorSet(spelled)).toThrow(ModelsError);
    expect(createValidatorSet(members, { scheme: "ed25519" })).toEqual(plainSet);
  });
});

function certify(by: ValidatorSet, voters: readonly number[]): QuorumCertificate {
  const object = signableVote("commit", genesis, vote);
  const votes = voters.map((index) => {
    const id = by.validators[index]?.id ?? new Uint8Array();
    const secret = secretOf.get(toHex(id)) ?? new Uint8Array(32);
    const signature =
      by.scheme === BLS ? blsShare(secret, object) : createSigner(secret).sign(object);
    return { voter: toValidatorIndex(index), signature: toSignature(signature) };
  });
  return createCertificate({ phase: "commit", vote, set: by, votes });
}
