import { describe, expect, test } from "vitest";
import {
  BlockHeader,
  blockDigest,
  createSigner,
  type Digest,
  type Evidence,
  findEvidenceDefect,
  type InvalidVerification,
  type ListProof,
  listRoot,
  Proof,
  proveListItem,
  sha256,
  signableProposal,
  signableViewChange,
  signableVote,
  toAccountId,
  toSequence,
  toView,
  VerificationResult,
  type ViewChangeBody,
} from "../../src/index.ts";
import { exampleOf } from "../schema-text.ts";

const genesis = sha256(new Uint8Array([1]));
const signer = createSigner(new Uint8Array(32).fill(9));
const [low, high] = [sha256(new Uint8Array([3])), sha256(new Uint8Array([4]))].toSorted(
  (a, b) => (a[0] ?? 0) - (b[0] ?? 0),
) as [Digest, Digest];
const at = { sequence: toSequence(5), view: toView(2) };
const accused = { validator: toAccountId(signer.publicKey), key: signer.publicKey };

function half(digest: Digest): { digest: Digest; signature: ReturnType<typeof signer.sign> } {
  return { digest, signature: signer.sign(signableVote("commit", genesis, { ...at, digest })) };
}

describe("evidence", () => {
  const doubleVote: Evidence = {
    type: "double-vote",
    ...accused,
    phase: "commit",
    ...at,
    first: half(low),
    second: half(high),
  };

  test("two votes for different blocks in one view convict", () => {
    expect(findEvidenceDefect(genesis, doubleVote)).toBeUndefined();
  });

  test("B20: votes by another key than the one named convict nobody", () => {
    const other = createSigner(new Uint8Array(32).fill(8)).publicKey;

    expect(findEvidenceDefect(genesis, { ...doubleVote, key: other })).toBe("bad-signature");
  });

  test("the same vote twice, or in the wrong order, convicts nobody", () => {
    const same = { ...doubleVote, second: doubleVote.first };
    const swapped = { ...doubleVote, first: doubleVote.second, second: doubleVote.first };

    expect(findEvidenceDefect(genesis, same)).toBe("same-digest");
    expect(findEvidenceDefect(genesis, swapped)).toBe("unordered");
  });

  test("a vote in another view, phase or chain is another vote", () => {
    expect(findEvidenceDefect(genesis, { ...doubleVote, view: toView(3) })).toBe("bad-signature");
    expect(findEvidenceDefect(genesis, { ...doubleVote, phase: "prepare" })).toBe("bad-signature");
    expect(findEvidenceDefect(low, doubleVote)).toBe("bad-signature");
  });

  test("two proposals in one view convict their leader", () => {
    const proposal = (digest: Digest): Extract<Evidence, { type: "double-proposal" }>["first"] => ({
      digest,
      signature: signer.sign(signableProposal(genesis, { ...at, digest })),
    });
    const evidence: Evidence = {
      type: "double-proposal",
      ...accused,
      ...at,
      first: proposal(low),
      second: proposal(high),
    };

    expect(findEvidenceDefect(genesis, evidence)).toBeUndefined();
  });

  describe("hidden lock", () => {
    const hidden = (change: Partial<ViewChangeBody>): Evidence => {
      const body: ViewChangeBody = {
        validators: genesis,
        sequence: at.sequence,
        newView: toView(4),
        parent: genesis,
        prepared: undefined,
        ...change,
      };
      const signature = signer.sign(signableViewChange(genesis, body));
      return { type: "hidden-lock", ...accused, view: at.view, commit: half(low), body, signature };
    };

    test("a view change that hides a committed block convicts", () => {
      const older = { view: toView(1), digest: low };
      const other = { view: at.view, digest: high };

      expect(findEvidenceDefect(genesis, hidden({}))).toBeUndefined();
      expect(findEvidenceDefect(genesis, hidden({ prepared: older }))).toBeUndefined();
      expect(findEvidenceDefect(genesis, hidden({ prepared: other }))).toBeUndefined();
    });

    test("an honest view change never convicts", () => {
      const same = { view: at.view, digest: low };
      const later = { view: toView(3), digest: high };

      for (const prepared of [same, later]) {
        expect(findEvidenceDefect(genesis, hidden({ prepared }))).toBe("lock-not-hidden");
      }
      expect(findEvidenceDefect(genesis, hidden({ newView: at.view }))).toBe("lock-not-hidden");
    });
  });

  describe("invalid verification", () => {
    const proofs = [1, 2, 3].map((salt) => exampleOf(Proof.schema, salt) as Proof);
    const [first, second] = proofs as [Proof, Proof];

    /** A block in which the result at index 1 says `claim`, and evidence about it. */
    const accuse = (
      claim: Partial<VerificationResult>,
      change: (good: InvalidVerification, paths: readonly ListProof[]) => InvalidVerification = (
        good,
      ) => good,
    ): Evidence => {
      const results = proofs.map((proof, index): VerificationResult => {
        const example = exampleOf(VerificationResult.schema, index) as VerificationResult;
        const honest = { ...example, verdict: "valid" as const, proofHash: Proof.digest(proof) };
        return index === 1 ? { ...honest, ...claim } : honest;
      });
      const encoded = {
        proofs: proofs.map((proof) => Proof.encode(proof)),
        results: results.map((result) => VerificationResult.encode(result)),
      };
      const header: BlockHeader = {
        ...(exampleOf(BlockHeader.schema, 1) as BlockHeader),
        sequence: at.sequence,
        proofsRoot: listRoot(encoded.proofs),
        verificationRoot: listRoot(encoded.results),
      };
      const vote = { ...at, digest: blockDigest(header) };
      const good: InvalidVerification = {
        ...accused,
        phase: "prepare",
        view: at.view,
        header,
        signature: signer.sign(signableVote("prepare", genesis, vote)),
        proof: second,
        proofPath: proveListItem(encoded.proofs, 1),
        result: results[1] as VerificationResult,
        resultPath: proveListItem(encoded.results, 1),
        counterexample: new Uint8Array(),
      };
      const paths = encoded.proofs.map((_, index) => proveListItem(encoded.proofs, index));
      return { type: "invalid-verification", ...change(good, paths) };
    };

    test("a vote for a block that calls a claim valid can be shown to others", () => {
      expect(findEvidenceDefect(genesis, accuse({}))).toBeUndefined();
    });

    test("a claim of `valid` can be shown whatever trust the liar gave it", () => {
      for (const trust of ["certified", "solver", "none"] as const) {
        expect(findEvidenceDefect(genesis, accuse({ trust }))).toBeUndefined();
      }
    });

    test("a verdict other than valid convicts nobody", () => {
      for (const verdict of ["refuted", "unknown"] as const) {
        expect(findEvidenceDefect(genesis, accuse({ verdict }))).toBe("result-not-valid");
      }
    });

    test("a result of another proof convicts nobody, by its hash or by its place", () => {
      const ofFirst = { proofHash: Proof.digest(first) };
      const elsewhere = accuse(ofFirst, (good, [path]) => ({
        ...good,
        proof: first,
        proofPath: path ?? good.proofPath,
      }));

      expect(findEvidenceDefect(genesis, accuse(ofFirst))).toBe("not-in-block");
      expect(findEvidenceDefect(genesis, elsewhere)).toBe("not-in-block");
    });

    test("a proof or result that the header does not hold convicts nobody", () => {
      const foreign = exampleOf(Proof.schema, 9) as Proof;
      const changes: ((good: InvalidVerification) => InvalidVerification)[] = [
        (good) => ({
          ...good,
          proof: foreign,
          result: { ...good.result, proofHash: Proof.digest(foreign) },
        }),
        (good) => ({ ...good, result: { ...good.result, errorCode: good.result.errorCode ^ 1 } }),
        (good) => ({ ...good, resultPath: good.proofPath }),
        (good) => ({
          ...good,
          header: { ...good.header, proofsRoot: good.header.verificationRoot },
        }),
      ];

      for (const change of changes) {
        expect(findEvidenceDefect(genesis, accuse({}, change))).toBe("not-in-block");
      }
      const otherPhase = accuse({}, (good) => ({ ...good, phase: "commit" }));
      expect(findEvidenceDefect(genesis, otherPhase)).toBe("bad-signature");
    });
  });
});
