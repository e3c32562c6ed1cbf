import { findConservationDefect, RESULT_CODES } from "@aethel/ledger";
import {
  annexOf,
  Block,
  ConsensusMessage,
  callResultsOf,
  callResultsRoot,
  Evidence,
  FinalizedBlock,
  findBodyDefect,
  findCertificateDefect,
  findEvidenceDefect,
  findGenesisProblems,
  findProofDefect,
  Genesis,
  itemProof,
  ledgerHeader,
  StateTransition,
  signableProposal,
  signableViewChange,
  signableVote,
  verifySigned,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  certificates,
  consensusMessages,
  evidences,
  finalizedBlocks,
  findNetworkProblems,
  genesisFiles,
  judgedBlocks,
  networkConfigs,
  newViews,
  peerInfos,
  proofBlocks,
  proofs,
  stateTransitions,
  TEST_CHAIN,
  TEST_PARAMETERS,
  testChains,
  verificationResults,
  viewChanges,
  votes,
} from "../../src/index.ts";

const { genesis, set } = TEST_CHAIN;
const keyOf = (index: number) => {
  const member = set.validators[index];
  if (member === undefined) throw new RangeError(`no validator ${index}`);
  return member.key;
};

describe("arbitraries give values that the protocol accepts", () => {
  test("P23: proofs have the signatures of author and cosigners", () => {
    fc.assert(
      fc.property(proofs(), (proof) => {
        expect(findProofDefect(genesis, proof)).toBeUndefined();
      }),
    );
  });

  test("blocks have the real roots of their bodies, and survive the wire", () => {
    fc.assert(
      fc.property(proofBlocks(), (block) => {
        expect(findBodyDefect(block)).toBeUndefined();
        expect(Block.decode(Block.encode(block))).toEqual(block);
      }),
    );
  });

  test("a judged block's header commits to its results: annex and root have each of them once", () => {
    fc.assert(
      fc.property(judgedBlocks(), ({ block, results }) => {
        const proofs = block.items.map(itemProof);
        const ofCalls = callResultsOf(proofs, results);
        expect(callResultsRoot(ofCalls)).toEqual(ledgerHeader(block.header).callResultsRoot);
        expect(block.annex).toEqual(annexOf(proofs, results));
        expect(ofCalls.length + block.annex.length).toBe(results.length);
        expect(results.map((result) => result.proofHash)).toEqual(
          block.items.map(({ hash }) => hash),
        );
      }),
    );
  });

  test("finalized blocks carry a certificate of their digest that a light client accepts", () => {
    fc.assert(
      fc.property(finalizedBlocks(), (finalized) => {
        const { certificate } = finalized;

        expect(findCertificateDefect({ certificate, set, genesis })).toBeUndefined();
        expect(certificate.phase).toBe("commit");
        expect(FinalizedBlock.decode(FinalizedBlock.encode(finalized))).toEqual(finalized);
      }),
    );
  });

  test("P14: conserving transitions conserve, and the others do not", () => {
    fc.assert(
      fc.property(
        stateTransitions({ conserving: true }),
        stateTransitions({ conserving: false }),
        (sound, broken) => {
          expect(findConservationDefect(sound, TEST_PARAMETERS)).toBeUndefined();
          expect(findConservationDefect(broken, TEST_PARAMETERS)).toBeDefined();
          expect(StateTransition.decode(StateTransition.encode(broken))).toEqual(broken);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("votes verify with the key of their voter, on any chain", () => {
    const cases = testChains().chain((chain) => votes({ chain }).map((vote) => ({ chain, vote })));
    fc.assert(
      fc.property(cases, ({ chain, vote }) => {
        const key = chain.set.validators[vote.voter]?.key;
        const object = signableVote(vote.type, chain.genesis, vote);

        expect(key !== undefined && verifySigned(key, object, vote.signature)).toBe(true);
      }),
    );
  });

  test("certificates hold, on any chain", () => {
    const cases = testChains().chain((chain) =>
      certificates({ chain }).map((certificate) => ({ chain, certificate })),
    );
    fc.assert(
      fc.property(cases, ({ chain, certificate }) => {
        const options = { certificate, set: chain.set, genesis: chain.genesis };

        expect(findCertificateDefect(options)).toBeUndefined();
      }),
    );
  });

  test("view changes and new views are signed, and have the certificates they call for", () => {
    fc.assert(
      fc.property(viewChanges(), newViews(), (change, view) => {
        const { body, voter, signature, prepareCertificate, parentCertificate } = change;
        const changeSigned = verifySigned(
          keyOf(voter),
          signableViewChange(genesis, body),
          signature,
        );
        const { proposal } = view;
        const proposed = signableProposal(genesis, proposal);

        expect(changeSigned).toBe(true);
        expect(prepareCertificate === undefined).toBe(body.prepared === undefined);
        expect(parentCertificate === undefined).toBe(body.sequence === 1);
        expect(verifySigned(keyOf(proposal.leader), proposed, proposal.signature)).toBe(true);
        for (const { voter: of, prepared, signature: seal } of view.votes) {
          const { sequence, view: newView } = proposal;
          const { parent } = view;
          const claimed = { validators: set.hash, sequence, newView, parent, prepared };

          expect(verifySigned(keyOf(of), signableViewChange(genesis, claimed), seal)).toBe(true);
        }
      }),
    );
  });

  test("evidence of every kind convicts", () => {
    fc.assert(
      fc.property(evidences(), (evidence) => {
        expect(findEvidenceDefect(genesis, evidence)).toBeUndefined();
        expect(Evidence.decode(Evidence.encode(evidence))).toEqual(evidence);
      }),
    );
  });

  test("messages survive the wire", () => {
    fc.assert(
      fc.property(consensusMessages(), (message) => {
        expect(ConsensusMessage.decode(ConsensusMessage.encode(message))).toEqual(message);
      }),
    );
  });

  test("geneses are sound", () => {
    fc.assert(
      fc.property(genesisFiles(), (file) => {
        expect(findGenesisProblems(file)).toEqual([]);
        expect(Genesis.decode(Genesis.encode(file))).toEqual(file);
      }),
    );
  });

  test("a result's outcome belongs to its verdict", () => {
    fc.assert(
      fc.property(verificationResults(), ({ verdict, outcome, errorCode }) => {
        if (outcome === "applied" || outcome === "recorded") expect(verdict).toBe("valid");
        expect(errorCode === RESULT_CODES.none).toBe(outcome === "applied");
        if (outcome === "recorded") expect(errorCode).toBe(RESULT_CODES.recorded);
      }),
    );
  });

  test("network configurations are sound and keep the Byzantine below a third", () => {
    fc.assert(
      fc.property(networkConfigs({ nodeCount: 10 }), (config) => {
        expect(findNetworkProblems(config, 10)).toEqual([]);
        expect(config.byzantineIds.length).toBeLessThanOrEqual(3);
      }),
    );
  });

  test("peers have addresses with a port", () => {
    fc.assert(
      fc.property(peerInfos(), ({ addresses }) => {
        for (const address of addresses) expect(address).toMatch(/\/tcp\/\d+$/);
      }),
    );
  });
});
