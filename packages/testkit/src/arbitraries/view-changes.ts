import {
  type Digest,
  type NewView,
  type Prepared,
  type QuorumCertificate,
  type Sequence,
  signableProposal,
  signableViewChange,
  toSequence,
  toValidatorIndex,
  toView,
  type ValidatorIndex,
  type View,
  type ViewChange,
  type ViewChangeBody,
} from "@aethel/models";
import fc from "fast-check";
import { TEST_CHAIN, type TestChain } from "../fixtures/test-chain.ts";
import type { ChainOptions } from "./proofs.ts";
import { digests } from "./scalars.ts";
import { certificates, quorums, voters } from "./votes.ts";

/** Returns a ViewChange signed by the validator with index `voter`, with the given certificates. */
export function signViewChange(options: {
  readonly chain: TestChain;
  readonly body: ViewChangeBody;
  readonly voter: ValidatorIndex;
  readonly parentCertificate: QuorumCertificate | undefined;
  readonly prepareCertificate: QuorumCertificate | undefined;
}): ViewChange {
  const { chain, body, voter, parentCertificate, prepareCertificate } = options;
  const signer = chain.signers[voter];
  if (signer === undefined) throw new RangeError(`the chain has no validator ${voter}`);
  const signature = signer.sign(signableViewChange(chain.genesis, body));
  return { body, voter, signature, parentCertificate, prepareCertificate };
}

/**
 * ViewChange messages with the certificates that their bodies refer to. All signatures are real.
 */
export function viewChanges(options: ChainOptions = {}): fc.Arbitrary<ViewChange> {
  const { chain = TEST_CHAIN } = options;
  return places(chain).chain((place) =>
    fc
      .record({ voter: voters(chain.set), prepareCertificate: prepareCertificates(chain, place) })
      .map(({ voter, prepareCertificate }) => {
        const { parentCertificate } = place;
        const body = bodyOf(chain, place, preparedOf(prepareCertificate));
        return signViewChange({ chain, body, voter, parentCertificate, prepareCertificate });
      }),
  );
}

/**
 * NewViews justified by the signed ViewChange votes of a quorum. They propose the block of the
 * prepare certificate, if there is one. Any validator may be their leader, whatever the schedule
 * says.
 */
export function newViews(options: ChainOptions = {}): fc.Arbitrary<NewView> {
  const { chain = TEST_CHAIN } = options;
  return places(chain).chain((place) =>
    fc
      .record({
        signers: quorums(chain.set),
        leader: voters(chain.set),
        fresh: digests,
        prepareCertificate: prepareCertificates(chain, place),
        holder: fc.nat(),
      })
      .map((parts) => newViewOf(chain, place, parts)),
  );
}

interface Place {
  readonly sequence: Sequence;
  readonly newView: View;
  readonly parent: Digest;
  readonly parentCertificate: QuorumCertificate | undefined;
}

function places(chain: TestChain): fc.Arbitrary<Place> {
  return fc
    .record({
      sequence: fc.integer({ min: 1, max: 1_000 }).map(toSequence),
      newView: fc.integer({ min: 1, max: 20 }).map(toView),
      parent: digests,
    })
    .chain(({ sequence, newView, parent }) => {
      const above = toSequence(sequence - 1);
      const certified = certificates({ chain, phase: "commit", sequence: above, digest: parent });
      const attached = sequence === 1 ? fc.constant(undefined) : certified;
      return attached.map((parentCertificate) => ({
        sequence,
        newView,
        parent,
        parentCertificate,
      }));
    });
}

function prepareCertificates(
  chain: TestChain,
  { sequence, newView }: Place,
): fc.Arbitrary<QuorumCertificate | undefined> {
  const earlier = fc
    .nat({ max: newView - 1 })
    .map(toView)
    .chain((view) => certificates({ chain, phase: "prepare", sequence, view }));
  return fc.option(earlier, { nil: undefined });
}

function preparedOf(certificate: QuorumCertificate | undefined): Prepared | undefined {
  if (certificate === undefined) return undefined;
  return { view: certificate.view, digest: certificate.digest };
}

function bodyOf(
  chain: TestChain,
  { sequence, newView, parent }: Place,
  prepared: Prepared | undefined,
): ViewChangeBody {
  return { validators: chain.set.hash, sequence, newView, parent, prepared };
}

function newViewOf(
  chain: TestChain,
  place: Place,
  parts: {
    readonly signers: readonly ValidatorIndex[];
    readonly leader: ValidatorIndex;
    readonly fresh: Digest;
    readonly prepareCertificate: QuorumCertificate | undefined;
    readonly holder: number;
  },
): NewView {
  const { signers, leader, fresh, prepareCertificate, holder } = parts;
  const holding = signers[holder % signers.length] ?? toValidatorIndex(0);
  const prepared = preparedOf(prepareCertificate);
  const votes = signers.map((voter) => {
    const own = voter === holding ? prepared : undefined;
    const body = bodyOf(chain, place, own);
    const { signature } = signViewChange({ chain, body, voter, ...attachments(place) });
    return { voter, prepared: own, signature };
  });
  const { sequence, newView: view, parent, parentCertificate } = place;
  const vote = { sequence, view, digest: prepared?.digest ?? fresh };
  const signature = chain.signers[leader]?.sign(signableProposal(chain.genesis, vote));
  if (signature === undefined) throw new RangeError(`the chain has no validator ${leader}`);
  const proposal = { ...vote, leader, signature };
  return { proposal, parent, votes, parentCertificate, prepareCertificate };
}

function attachments(place: Place): Pick<ViewChange, "parentCertificate" | "prepareCertificate"> {
  return { parentCertificate: place.parentCertificate, prepareCertificate: undefined };
}
