import { describe, expect, test } from "vitest";
import {
  BlockHeader,
  blockDigest,
  createSigner,
  type Digest,
  type Evidence,
  findEvidenceDefect,
  sha256,
  signableProposal,
  signableViewChange,
  signableVote,
  toAccountId,
  toSequence,
  toView,
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

  test("a vote for a header convicts by its signature; the claim is the application's to check", () => {
    const header: BlockHeader = {
      ...(exampleOf(BlockHeader.schema, 1) as BlockHeader),
      sequence: at.sequence,
    };
    const vote = { ...at, digest: blockDigest(header) };
    const evidence: Evidence = {
      type: "false-header",
      ...accused,
      phase: "prepare",
      view: at.view,
      header,
      signature: signer.sign(signableVote("prepare", genesis, vote)),
      claim: Uint8Array.of(1, 2, 3),
    };

    expect(findEvidenceDefect(genesis, evidence)).toBeUndefined();
    expect(findEvidenceDefect(genesis, { ...evidence, claim: new Uint8Array() })).toBeUndefined();
    expect(findEvidenceDefect(genesis, { ...evidence, phase: "commit" })).toBe("bad-signature");
    const other = { ...header, sequence: toSequence(6) };
    expect(findEvidenceDefect(genesis, { ...evidence, header: other })).toBe("bad-signature");
  });
});
