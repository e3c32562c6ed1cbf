import {
  annexOf,
  annexRoot,
  type BlockHeader,
  blockDigest,
  claimedEntries,
  compareBytes,
  type Digest,
  type DoubleVote,
  type Evidence,
  FalseClaim,
  type HiddenLock,
  hashProof,
  Proof,
  payloadRoot,
  proofItem,
  proveListItem,
  readAnnex,
  type Signature,
  signableProposal,
  signableViewChange,
  signableVote,
  toValidatorIndex,
  toView,
  type ValidatorIndex,
} from "@aethel/models";
import fc from "fast-check";
import { TEST_CHAIN, type TestChain } from "../fixtures/test-chain.ts";
import { headers } from "./headers.ts";
import { type ChainOptions, proofs } from "./proofs.ts";
import { digests, sequences, views } from "./scalars.ts";
import { verificationResults } from "./verification-results.ts";
import { phases, voters } from "./votes.ts";

/**
 * Evidence of every kind (or of `kind`) against a validator of the chain. `findEvidenceDefect`
 * accepts it. The counterexample in evidence of an invalid verification is random bytes, which
 * refute no intent.
 */
export function evidences(
  options: ChainOptions & { readonly kind?: Evidence["type"] } = {},
): fc.Arbitrary<Evidence> {
  const { chain = TEST_CHAIN, kind } = options;
  const makers: Readonly<Record<Evidence["type"], () => fc.Arbitrary<Evidence>>> = {
    "double-vote": () => doubleVotes(chain),
    "double-proposal": () => doubleProposals(chain),
    "hidden-lock": () => hiddenLocks(chain),
    "false-header": () => falseHeaders(chain),
  };
  if (kind !== undefined) return makers[kind]();
  return fc.oneof(...Object.values(makers).map((make) => make()));
}

function doubleVotes(chain: TestChain): fc.Arbitrary<Evidence> {
  return fc
    .record({ ...places(chain), phase: phases })
    .map(({ voter, phase, sequence, view, pair }) => {
      const sign = (digest: Digest): Signature =>
        signerOf(chain, voter).sign(signableVote(phase, chain.genesis, { sequence, view, digest }));
      const halves = signedPair(pair, sign);
      return {
        type: "double-vote",
        ...accused(chain, voter),
        phase,
        sequence,
        view,
        ...halves,
      };
    });
}

function doubleProposals(chain: TestChain): fc.Arbitrary<Evidence> {
  return fc.record(places(chain)).map(({ voter, sequence, view, pair }) => {
    const sign = (digest: Digest): Signature =>
      signerOf(chain, voter).sign(signableProposal(chain.genesis, { sequence, view, digest }));
    const halves = signedPair(pair, sign);
    return {
      type: "double-proposal",
      ...accused(chain, voter),
      sequence,
      view,
      ...halves,
    };
  });
}

function hiddenLocks(chain: TestChain): fc.Arbitrary<Evidence> {
  return fc
    .record({
      ...places(chain),
      locked: fc.nat({ max: 10 }).map(toView),
      later: fc.integer({ min: 1, max: 10 }),
      parent: digests,
      admitted: fc.boolean(),
    })
    .map(({ voter, sequence, pair, locked, later, parent, admitted }) => {
      const signer = signerOf(chain, voter);
      const [digest, other] = pair;
      const vote = { sequence, view: locked, digest };
      const body: HiddenLock["body"] = {
        validators: chain.set.hash,
        sequence,
        newView: toView(locked + later),
        parent,
        prepared: admitted ? { view: locked, digest: other } : undefined,
      };
      return {
        type: "hidden-lock",
        ...accused(chain, voter),
        view: locked,
        commit: { digest, signature: signer.sign(signableVote("commit", chain.genesis, vote)) },
        body,
        signature: signer.sign(signableViewChange(chain.genesis, body)),
      };
    });
}

function falseHeaders(chain: TestChain): fc.Arbitrary<Evidence> {
  return fc
    .record({
      ...places(chain),
      phase: phases,
      header: headers({ chain }),
      items: fc.array(fc.tuple(proofs({ chain }), verificationResults({ verdict: "valid" })), {
        minLength: 1,
        maxLength: 4,
      }),
      at: fc.nat(),
      counterexample: fc.uint8Array({ maxLength: 60 }),
    })
    .map(({ voter, phase, view, header: base, items, at, counterexample }) => {
      const listed = items.map(([proof]) => proof);
      const results = items.map(([proof, result]) => ({ ...result, proofHash: hashProof(proof) }));
      const index = at % items.length;
      const proof = listed[index];
      const annex = annexOf(listed, results);
      const lie = readAnnex(annex)(index);
      if (proof === undefined || lie === undefined) throw new RangeError("no such lie");
      const header: BlockHeader = {
        ...base,
        payloadRoot: payloadRoot(listed.map(proofItem)),
        annexRoot: annexRoot(annex),
      };
      const vote = { sequence: header.sequence, view, digest: blockDigest(header) };
      return {
        type: "false-header",
        ...accused(chain, voter),
        phase,
        view,
        header,
        signature: signerOf(chain, voter).sign(signableVote(phase, chain.genesis, vote)),
        claim: FalseClaim.encode({
          proof,
          proofPath: proveListItem(
            listed.map((each) => Proof.encode(each)),
            index,
          ),
          entries: claimedEntries(annex, lie),
          counterexample,
        }),
      };
    });
}

interface Places {
  readonly voter: fc.Arbitrary<ValidatorIndex>;
  readonly sequence: typeof sequences;
  readonly view: typeof views;
  readonly pair: fc.Arbitrary<readonly [Digest, Digest]>;
}

function places(chain: TestChain): Places {
  const pair = fc
    .tuple(digests, digests)
    .filter(([left, right]) => compareBytes(left, right) !== 0);
  return { voter: voters(chain.set), sequence: sequences, view: views, pair };
}

function signerOf(chain: TestChain, voter: ValidatorIndex): TestChain["signers"][number] {
  const signer = chain.signers[voter];
  if (signer === undefined) throw new RangeError(`the chain has no validator ${voter}`);
  return signer;
}

function accused(chain: TestChain, voter: ValidatorIndex): Pick<DoubleVote, "validator" | "key"> {
  const member = chain.set.validators[toValidatorIndex(voter)];
  if (member === undefined) throw new RangeError(`the chain has no validator ${voter}`);
  return { validator: member.id, key: member.key };
}

function signedPair(
  pair: readonly [Digest, Digest],
  sign: (digest: Digest) => Signature,
): Pick<DoubleVote, "first" | "second"> {
  const [left, right] = pair;
  const [first, second] = compareBytes(left, right) < 0 ? [left, right] : [right, left];
  return {
    first: { digest: first, signature: sign(first) },
    second: { digest: second, signature: sign(second) },
  };
}
