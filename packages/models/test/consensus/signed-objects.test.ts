import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createCertificate,
  createSigner,
  createValidatorSet,
  type Digest,
  decodeValidatorSet,
  encodeValidatorSet,
  findCertificateDefect,
  findProofDefect,
  isQuorum,
  isWeakQuorum,
  ModelsError,
  type ProofBody,
  type QuorumCertificate,
  type Signature,
  type Signer,
  type SpendingLimit,
  sha256,
  signableVote,
  signProof,
  toAccountId,
  toAmount,
  toAssetId,
  toDigest,
  toNonce,
  toResource,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
  type ValidatorIndex,
  type ValidatorSet,
  validatorAt,
} from "../../src/index.ts";

const genesis = sha256(new Uint8Array([1]));
const otherChain = sha256(new Uint8Array([2]));
const signers = [1, 2, 3, 4].map((seed) => createSigner(new Uint8Array(32).fill(seed)));
const [alice, bob] = [signerAt(0), signerAt(1)];

describe("proofs", () => {
  const body: ProofBody = {
    type: "theorem",
    author: toAccountId(alice.publicKey),
    nonce: toNonce(3),
    resourceLimit: toResource(1_000),
    feeLimit: toAmount(50n),
    expiry: toSequence(9),
    script: new TextEncoder().encode("(assert false)(check-sat)"),
  };
  const invoke: ProofBody = {
    type: "invoke",
    author: toAccountId(alice.publicKey),
    nonce: toNonce(3),
    resourceLimit: toResource(1_000),
    feeLimit: toAmount(50n),
    expiry: toSequence(9),
    calls: [{ intent: genesis, arguments: [{ type: "amount", value: toAmount(5n) }] }],
    cosigners: [{ account: toAccountId(bob.publicKey), nonce: toNonce(0) }],
  };

  test("a proof signed by author and cosigners has no defect", () => {
    expect(findProofDefect(genesis, signProof(genesis, body, [alice]))).toBeUndefined();
    expect(findProofDefect(genesis, signProof(genesis, invoke, [alice, bob]))).toBeUndefined();
  });

  test("B9: a proof signed for another chain is refused", () => {
    expect(findProofDefect(otherChain, signProof(genesis, body, [alice]))).toBe("bad-signature");
  });

  test("P23: a missing, swapped or foreign signature is refused", () => {
    const signed = signProof(genesis, invoke, [alice, bob]);
    const missing = { ...signed, signatures: signed.signatures.slice(0, 1) };
    const swapped = { ...signed, signatures: signed.signatures.toReversed() };

    expect(findProofDefect(genesis, missing)).toBe("signature-count");
    expect(findProofDefect(genesis, swapped)).toBe("bad-signature");
    expect(findProofDefect(genesis, signProof(genesis, body, [bob]))).toBe("bad-signature");
  });

  test("cosigners out of order, twice, or naming the author are refused", () => {
    const cosigner = { account: toAccountId(bob.publicKey), nonce: toNonce(0) };
    const twice = { ...invoke, cosigners: [cosigner, cosigner] };
    const author = { ...invoke, cosigners: [{ account: invoke.author, nonce: toNonce(0) }] };

    expect(findProofDefect(genesis, signProof(genesis, twice, [alice, bob, bob]))).toBe(
      "cosigners-unordered",
    );
    expect(findProofDefect(genesis, signProof(genesis, author, [alice, alice]))).toBe(
      "author-among-cosigners",
    );
  });

  test("a transaction makes one call at least", () => {
    const none: ProofBody = { ...invoke, calls: [] };
    expect(findProofDefect(genesis, signProof(genesis, none, [alice, bob]))).toBe("no-call");
  });

  test("spending limits are strictly ascending by signer and asset, and each names a signer", () => {
    const limit = (signer: number, asset: number, amount = 7n): SpendingLimit => ({
      signer,
      asset: toAssetId(new Uint8Array(32).fill(asset)),
      amount: toAmount(amount),
    });
    const defectOf = (...spending: readonly SpendingLimit[]) =>
      findProofDefect(genesis, signProof(genesis, { ...invoke, spending }, [alice, bob]));

    expect(defectOf()).toBeUndefined();
    expect(defectOf(limit(0, 0), limit(0, 1), limit(1, 0))).toBeUndefined();
    expect(defectOf(limit(0, 1), limit(0, 0))).toBe("spending-unordered");
    expect(defectOf(limit(0, 1, 1n), limit(0, 1, 2n))).toBe("spending-unordered");
    expect(defectOf(limit(1, 0), limit(0, 1))).toBe("spending-unordered");
    expect(defectOf(limit(0, 0), limit(2, 0))).toBe("spending-signer");
  });

  test("the limits are signed", () => {
    const spending = [{ signer: 0, asset: toAssetId(new Uint8Array(32)), amount: toAmount(7n) }];
    const signed = signProof(genesis, { ...invoke, spending }, [alice, bob]);

    expect(findProofDefect(genesis, { ...signed, body: invoke })).toBe("bad-signature");
  });

  test("B18: zero is never negative: an argument has one form", () => {
    const zero = (negative: boolean): ProofBody => ({
      ...invoke,
      calls: [
        { intent: genesis, arguments: [] },
        { intent: genesis, arguments: [{ type: "integer", negative, magnitude: 0n }] },
      ],
    });

    expect(findProofDefect(genesis, signProof(genesis, zero(true), [alice, bob]))).toBe(
      "negative-zero",
    );
    expect(findProofDefect(genesis, signProof(genesis, zero(false), [alice, bob]))).toBeUndefined();
  });
});

describe("validator sets", () => {
  test("a set is sorted by id, whatever the order of its members", () => {
    const set = setOf([1n, 1n, 1n, 1n]);
    const shuffled = createValidatorSet(set.validators.toReversed());

    expect(shuffled).toEqual(set);
    expect(decodeValidatorSet(encodeValidatorSet(set))).toEqual(set);
  });

  test("empty sets, duplicates, missing power and overflowing power are refused", () => {
    const [first] = setOf([1n, 1n]).validators;
    if (first === undefined) throw new Error("the set has two members");

    expect(() => createValidatorSet([])).toThrow(ModelsError);
    expect(() => createValidatorSet([first, first])).toThrow("names a validator twice");
    const twin = { ...first, id: toAccountId(new Uint8Array(32).fill(9)) };
    expect(() => createValidatorSet([first, twin])).toThrow("holds one key twice");
    expect(() => createValidatorSet([{ ...first, power: toAmount(0n) }])).toThrow(ModelsError);
    expect(() => setOf([(1n << 64n) - 1n, 1n])).toThrow(ModelsError);
  });

  test("B16: an index outside the set names nobody", () => {
    expect(validatorAt(setOf([1n]), toValidatorIndex(1))).toBeUndefined();
  });

  test("P7: two quorums of one set share more than a third of its power", () => {
    const powers = fc.array(fc.bigInt({ min: 1n, max: 1n << 40n }), {
      minLength: 1,
      maxLength: 12,
    });

    fc.assert(
      fc.property(powers, fc.nat(), fc.nat(), (all, leftMask, rightMask) => {
        const totalPower = toAmount(all.reduce((sum, power) => sum + power, 0n));
        const pick = (mask: number): bigint =>
          all.reduce((sum, power, at) => ((mask >> at) & 1 ? sum + power : sum), 0n);
        const [left, right] = [pick(leftMask), pick(rightMask)];
        if (isQuorum(left, { totalPower }) && isQuorum(right, { totalPower })) {
          expect(isWeakQuorum(pick(leftMask & rightMask), { totalPower })).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("exactly two thirds is no quorum, exactly one third no weak quorum", () => {
    const totalPower = toAmount(9n);

    expect(isQuorum(6n, { totalPower })).toBe(false);
    expect(isQuorum(7n, { totalPower })).toBe(true);
    expect(isWeakQuorum(3n, { totalPower })).toBe(false);
    expect(isWeakQuorum(4n, { totalPower })).toBe(true);
  });
});

describe("quorum certificates", () => {
  const set = setOf([1n, 1n, 1n, 1n]);
  const vote = { sequence: toSequence(7), view: toView(1), digest: toDigest(sha256(genesis)) };
  const about = { phase: "commit", vote, set } as const;

  test("three of four equal votes certify, two do not", () => {
    expect(defectOf(certify([0, 1, 2]))).toBeUndefined();
    expect(defectOf(certify([0, 1]))).toBe("no-quorum");
  });

  test("B9: a certificate is bound to chain, phase, sequence, view and digest", () => {
    const good = certify([0, 1, 3]);
    const others: readonly Partial<QuorumCertificate>[] = [
      { phase: "prepare" },
      { sequence: toSequence(8) },
      { view: toView(2) },
      { digest: genesis },
    ];

    for (const change of others) expect(defectOf({ ...good, ...change })).toBe("bad-signature");
    expect(findCertificateDefect({ certificate: good, set, genesis: otherChain })).toBe(
      "bad-signature",
    );
  });

  test("B10: a bad signature beyond the quorum is found too", () => {
    const all = certify([0, 1, 2, 3]);
    const { signatures } = all.seal;
    const forged = signatures.with(
      3,
      signatures[0] ?? alice.sign(signableVote("commit", genesis, vote)),
    );

    expect(defectOf({ ...all, seal: { type: "ed25519", signatures: forged } })).toBe(
      "bad-signature",
    );
  });

  test("B15: bits that do not match the set or the signatures are refused", () => {
    const good = certify([0, 1, 2]);

    expect(defectOf({ ...good, signers: [...good.signers, false] })).toBe("signer-bits-length");
    expect(defectOf({ ...good, signers: [true, true, true, true] })).toBe("signature-count");
  });

  test("a voter counts once, however often it votes, and by its first vote", () => {
    expect(defectOf(certify([0, 0, 0, 1]))).toBe("no-quorum");
    const [first, ...others] = [0, 1, 2].map((index) => voteOf(index));
    const forged = { voter: toValidatorIndex(0), signature: toSignature(new Uint8Array(64)) };
    const votes = [first, ...others].flatMap((one) => one ?? []);

    expect(defectOf(createCertificate({ ...about, votes: [...votes, forged] }))).toBeUndefined();
    expect(defectOf(createCertificate({ ...about, votes: [forged, ...votes] }))).toBe(
      "bad-signature",
    );
  });

  test("B16: a vote of an index outside the set is no part of a certificate", () => {
    const stranger = { ...voteOf(0), voter: toValidatorIndex(4) };
    const votes = [0, 1, 2].map((index) => voteOf(index));

    expect(createCertificate({ ...about, votes: [...votes, stranger] })).toEqual(
      certify([0, 1, 2]),
    );
  });

  test("power is summed exactly, beyond what a number holds", () => {
    const great = (1n << 62n) - 1n;
    // Three members with just a third each, and one whose single unit decides.
    const fine = setOf([great, great, great, 1n]);
    const total = 3n * great + 1n;

    expect(isQuorum(2n * great, fine)).toBe(false);
    expect(isQuorum(2n * great + 1n, fine)).toBe(true);
    expect(fine.totalPower).toBe(total);
  });

  function voteOf(index: number): { voter: ValidatorIndex; signature: Signature } {
    const object = signableVote("commit", genesis, vote);
    return { voter: toValidatorIndex(index), signature: signerOf(set, index).sign(object) };
  }

  function certify(voters: readonly number[]): QuorumCertificate {
    return createCertificate({ ...about, votes: voters.map((index) => voteOf(index)) });
  }

  function defectOf(certificate: QuorumCertificate): string | undefined {
    return findCertificateDefect({ certificate, set, genesis });
  }
});

function signerAt(index: number): Signer {
  const signer = signers[index];
  if (signer === undefined) throw new Error(`no signer ${index}`);
  return signer;
}

function setOf(powers: readonly bigint[]): ValidatorSet {
  return createValidatorSet(
    powers.map((power, at) => ({
      id: toAccountId(signerAt(at).publicKey),
      key: signerAt(at).publicKey,
      power: toAmount(power),
    })),
  );
}

function signerOf(set: ValidatorSet, index: number): Signer {
  const key: Digest | undefined = set.validators[index]?.key as never;
  const signer = signers.find((candidate) => candidate.publicKey.toString() === String(key));
  if (signer === undefined) throw new Error(`no signer for ${index}`);
  return signer;
}
