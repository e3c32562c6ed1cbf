import {
  type Block,
  blockDigest,
  type ConsensusMessage,
  completeBlock,
  type FinalizedBlock,
  type NewView,
  outlineOf,
  type PrePrepare,
  type QuorumCertificate,
  sha256,
  toDigest,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
  type ViewChange,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { authenticate, findBlockDefect, findFinalizedDefect } from "../src/authenticate.ts";
import { Cluster } from "./cluster.ts";
import { GENESIS } from "./keys.ts";
import { tapped, without } from "./taps.ts";

type Of<Type extends ConsensusMessage["type"]> = Extract<ConsensusMessage, { type: Type }>;

/** A block that is final, and messages of the sequence after it, with a lock in all that can have one. */
function createExchange() {
  const cluster = new Cluster().startAll();
  cluster.work();
  cluster.run({ forMs: 5_000, until: () => cluster.heights().every((height) => height === 1) });
  const messages = tapped(cluster);
  without(cluster, "commit");
  cluster.work();
  const found = <Type extends ConsensusMessage["type"]>(type: Type): Of<Type> | undefined =>
    messages.find(
      (message): message is Of<Type> =>
        message.type === type &&
        (!("prepareCertificate" in message) || message.prepareCertificate !== undefined),
    );
  cluster.run({ forMs: 60_000, until: () => found("new-view") !== undefined });
  const [proposal, request, newView] = [
    found("pre-prepare"),
    found("view-change"),
    found("new-view"),
  ];
  const finalized = cluster.node(0).app.blocks[0];
  if (proposal?.outline === undefined || request === undefined || newView === undefined) {
    throw new Error("not all was said");
  }
  if (finalized === undefined) throw new Error("no block is final");
  const block = completeBlock(proposal.outline, []);
  if (block === undefined) throw new Error("the block has no items");
  return { cluster, proposal, block, request, newView, finalized };
}

const { cluster, proposal, block, request, newView, finalized } = createExchange();
const { set, verify } = cluster.membership;
const context = { genesis: GENESIS, set, previousSet: set, verify };
const other = toDigest(sha256(GENESIS));
const forged = toSignature(new Uint8Array(64).fill(7));

function certificateIn(holder: {
  readonly parentCertificate: QuorumCertificate | undefined;
}): QuorumCertificate {
  if (holder.parentCertificate === undefined) throw new Error("no certificate");
  return holder.parentCertificate;
}

/** Ways in which a certificate of the right phase proves nothing. */
function broken(certificate: QuorumCertificate): readonly QuorumCertificate[] {
  const [first = false, ...rest] = certificate.signers;
  return [
    { ...certificate, digest: other },
    { ...certificate, view: toView(certificate.view + 1) },
    { ...certificate, sequence: toSequence(certificate.sequence + 1) },
    { ...certificate, signers: [first, ...rest, false] },
    { ...certificate, signers: rest },
    { ...certificate, signers: certificate.signers.map((_, at) => at === 0) },
  ];
}

describe("what a message brings along", () => {
  test("B9: a proposal is checked with its block, or without when none came", () => {
    const signed = (of: Block): PrePrepare =>
      cluster.sign(proposal.proposal.leader, {
        type: "pre-prepare",
        proposal: { ...proposal.proposal, digest: blockDigest(of.header) },
        outline: outlineOf(of),
      }) as Of<"pre-prepare">;
    const message = (changes: Partial<PrePrepare>): ConsensusMessage => ({
      ...proposal,
      ...changes,
    });
    const later = { ...block.header, timestamp: toTimestamp(block.header.timestamp + 1) };
    const parent = certificateIn(block);

    expect(authenticate(proposal, context)).toBeUndefined();
    expect(authenticate(message({ outline: undefined }), context)).toBeUndefined();
    expect(
      authenticate(
        message({ outline: undefined, proposal: { ...proposal.proposal, signature: forged } }),
        context,
      ),
    ).toBe("bad-signature");
    expect(
      authenticate(message({ proposal: { ...proposal.proposal, signature: forged } }), context),
    ).toBe("bad-signature");
    expect(
      authenticate(message({ outline: outlineOf({ ...block, header: later }) }), context),
    ).toBe("digest-mismatch");
    expect(
      authenticate(
        message({ outline: outlineOf({ ...block, parentCertificate: undefined }) }),
        context,
      ),
    ).toBe("body-mismatch");
    expect(
      authenticate({ type: "pre-prepare", ...signed({ ...block, header: later }) }, context),
    ).toBe(undefined);
    expect(parent.phase).toBe("commit");
  });

  test("B9 B12: the parent's certificate in a block is a COMMIT one of the set before", () => {
    const digest = blockDigest(block.header);
    const less = { ...context, previousSet: { ...set, validators: set.validators.slice(1) } };

    expect(findBlockDefect({ block, digest }, context)).toBeUndefined();
    expect(findBlockDefect({ block, digest: other }, context)).toBe("digest-mismatch");
    expect(findBlockDefect({ block, digest }, less)).toBe("signer-bits-length");
    // The set of the sequence itself has no part in it.
    const here = { ...context, set: less.previousSet };
    expect(findBlockDefect({ block, digest }, here)).toBeUndefined();
  });

  test("a final block is what its certificate says, and the certificate is a COMMIT one of its set", () => {
    const given = (changes: Partial<FinalizedBlock>): FinalizedBlock => ({
      ...finalized,
      ...changes,
    });
    const { certificate } = finalized;

    expect(findFinalizedDefect(finalized, context)).toBeUndefined();
    expect(
      findFinalizedDefect(
        given({ certificate: { ...certificate, sequence: toSequence(2) } }),
        context,
      ),
    ).toBe("digest-mismatch");
    expect(
      findFinalizedDefect(given({ certificate: { ...certificate, phase: "prepare" } }), context),
    ).toBe("wrong-phase");
    expect(findFinalizedDefect(given({ block }), context)).toBe("digest-mismatch");
    const extra = { ...finalized.block, parentCertificate: certificate };
    expect(findFinalizedDefect(given({ block: extra }), context)).toBe("body-mismatch");
    const short = { ...certificate, signers: certificate.signers.map((_, at) => at === 0) };
    expect(findFinalizedDefect(given({ certificate: short }), context)).toBe("no-quorum");
    const less = { ...context, set: { ...set, validators: set.validators.slice(1) } };
    expect(findFinalizedDefect(finalized, less)).toBe("signer-bits-length");
  });

  test("B9: each certificate that comes with a request or a NewView is verified, in its phase and by its set", () => {
    for (const genuine of [request, newView]) {
      const resigned = (changes: Partial<ViewChange & NewView>): ConsensusMessage =>
        ({ ...genuine, ...changes }) as ConsensusMessage;
      const parent = certificateIn(genuine);
      const lock = genuine.prepareCertificate;
      if (lock === undefined) throw new Error("no lock");

      expect(authenticate(genuine, context)).toBeUndefined();
      for (const each of broken(parent)) {
        expect(authenticate(resigned({ parentCertificate: each }), context)).toBeDefined();
      }
      for (const each of broken(lock)) {
        expect(authenticate(resigned({ prepareCertificate: each }), context)).toBeDefined();
      }
      expect(authenticate(resigned({ parentCertificate: lock }), context)).toBe("wrong-phase");
      expect(authenticate(resigned({ prepareCertificate: parent }), context)).toBe("wrong-phase");
      expect(authenticate(resigned({ parentCertificate: undefined }), context)).toBeUndefined();
      expect(authenticate(resigned({ prepareCertificate: undefined }), context)).toBeUndefined();
      const less = { ...set, validators: set.validators.slice(1) };
      // By the set of its own sequence each: the parent's by the one before.
      expect(
        authenticate(resigned({ prepareCertificate: undefined }), {
          ...context,
          previousSet: less,
        }),
      ).toBe("signer-bits-length");
      expect(
        authenticate(resigned({ parentCertificate: undefined }), { ...context, previousSet: less }),
      ).toBeUndefined();
    }
  });

  test("B25: every signature in a request or a NewView is verified", () => {
    expect(authenticate({ ...request, signature: forged }, context)).toBe("bad-signature");
    expect(
      authenticate({ ...request, body: { ...request.body, validators: other } }, context),
    ).toBe("wrong-set");
    const signature = forged;
    expect(
      authenticate({ ...newView, proposal: { ...newView.proposal, signature } }, context),
    ).toBe("bad-signature");
    const { votes } = newView;
    for (const at of votes.keys()) {
      const wrong = votes.map((vote, index) => (index === at ? { ...vote, signature } : vote));
      expect(authenticate({ ...newView, votes: wrong }, context)).toBe("bad-signature");
    }
    const [first, second, ...rest] = votes;
    if (first === undefined || second === undefined) throw new Error("no votes");
    for (const wrong of [
      [second, first, ...rest],
      [first, first, second, ...rest],
    ]) {
      expect(authenticate({ ...newView, votes: wrong }, context)).toBe("votes-not-ascending");
    }
    const foreign = { ...first, voter: toValidatorIndex(4) };
    expect(authenticate({ ...newView, votes: [...votes, foreign] }, context)).toBe(
      "index-out-of-bounds",
    );
  });

  test("without another way to verify, signatures are verified for real", () => {
    const { verify: _, ...real } = context;

    expect(authenticate(proposal, real)).toBe("bad-signature");
  });
});
