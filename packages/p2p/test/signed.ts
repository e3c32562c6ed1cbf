import {
  blockDigest,
  type ConsensusMessage,
  createCertificate,
  type Digest,
  indexOfValidator,
  outlineOf,
  type QuorumCertificate,
  signableProposal,
  signableViewChange,
  signableVote,
  toDigest,
  toSequence,
  toSignature,
  toTimestamp,
  toView,
  type ValidatorIndex,
  type ValidatorSet,
  ZERO_DIGEST,
} from "@aethel/models";
import { createGenesisHead, createPlainBlock } from "@aethel/pbft";
import { genesis, type Identity } from "./localnet.ts";

/** Place of a message, and the number that its digest is made of. */
export interface Place {
  readonly sequence?: number;
  readonly view?: number;
  readonly serial?: number;
}

const bodyAt = ({ sequence = 1, view = 0, serial = 9 }: Place) => ({
  sequence: toSequence(sequence),
  view: toView(view),
  digest: digestOf(serial),
});

function digestOf(serial: number): Digest {
  const bytes = new Uint8Array(32).fill(1);
  new DataView(bytes.buffer).setUint32(0, serial);
  return toDigest(bytes);
}

function indexIn(set: ValidatorSet, who: Identity): ValidatorIndex {
  const index = indexOfValidator(set, who.id);
  if (index === undefined) throw new Error("not in the set");
  return index;
}

/** A vote as its voter signs it. */
export function vote(who: Identity, set: ValidatorSet, place: Place = {}): ConsensusMessage {
  const body = bodyAt(place);
  const signature = who.signer.sign(signableVote("commit", genesis, body));
  return { type: "commit", ...body, voter: indexIn(set, who), signature };
}

/** A vote in the name of `who`, with a signature by `by`. */
export function forgedVote(
  { who, by }: { readonly who: Identity; readonly by: Identity },
  set: ValidatorSet,
  place: Place = {},
): ConsensusMessage {
  const body = bodyAt(place);
  const signature = by.signer.sign(signableVote("commit", genesis, body));
  return { type: "commit", ...body, voter: indexIn(set, who), signature };
}

/** A proposal without an outline, as its leader signs it. */
export function bareProposal(
  who: Identity,
  set: ValidatorSet,
  place: Place = {},
): ConsensusMessage {
  const proposal = { ...bodyAt(place), leader: indexIn(set, who) };
  const signature = who.signer.sign(signableProposal(genesis, proposal));
  return { type: "pre-prepare", proposal: { ...proposal, signature }, outline: undefined };
}

/** A proposal of the first block as its leader signs it: alone, with its outline, or with another. */
export function proposal(
  who: Identity,
  set: ValidatorSet,
  outline: "none" | "own" | { readonly bytes: number; readonly serial: number },
): ConsensusMessage {
  const head = createGenesisHead({ genesis, validators: set, application: Uint8Array.of(0) });
  const block = createPlainBlock({
    head,
    request: {
      sequence: toSequence(1),
      timestamp: toTimestamp(1_000_000),
      proposer: who.id,
      parentCertificate: undefined,
      evidence: [],
    },
    items: [],
    application: Uint8Array.of(1),
  });
  const own = outlineOf(block);
  const body = { ...bodyAt({}), digest: blockDigest(own.header), leader: indexIn(set, who) };
  const signature = who.signer.sign(signableProposal(genesis, body));
  const signed = { type: "pre-prepare", proposal: { ...body, signature } } as const;
  if (outline === "none") return { ...signed, outline: undefined };
  if (outline === "own") return { ...signed, outline: own };
  const entry = new Uint8Array(250).fill(outline.serial % 256);
  const annex = Array.from({ length: Math.ceil(outline.bytes / 250) }, () => entry);
  return { ...signed, outline: { ...own, annex } };
}

/**
 * A request for view 1 with a PREPARE certificate of view 0 by `signers`. Its author signs what the
 * certificate is about, and not the certificate: anybody on the way can exchange that.
 */
export function request(
  options: {
    readonly who: Identity;
    readonly signers: readonly Identity[];
    /** Voters of a COMMIT certificate of the parent, and their set. Default: there is none. */
    readonly parent?: { readonly signers: readonly Identity[]; readonly set: ValidatorSet };
  },
  set: ValidatorSet,
  place: Place = {},
): ConsensusMessage {
  const { who, signers, parent } = options;
  const { sequence, digest } = bodyAt(place);
  const prepared = { view: toView(0), digest };
  const newView = toView(1);
  const body = { validators: set.hash, sequence, newView, parent: ZERO_DIGEST, prepared };
  const parentVote = { ...prepared, sequence: toSequence(sequence - 1), digest: ZERO_DIGEST };
  return {
    type: "view-change",
    body,
    voter: indexIn(set, who),
    signature: who.signer.sign(signableViewChange(genesis, body)),
    parentCertificate: parent && certificate("commit", parentVote, parent),
    prepareCertificate: certificate("prepare", { sequence, ...prepared }, { set, signers }),
  };
}

/**
 * A NewView of view 1 by its leader for the prepared block of the requests, by `voters` each with the
 * same prepared block. The leader signs the proposal alone.
 */
export function newView(
  options: { readonly who: Identity; readonly voters: readonly Identity[] },
  set: ValidatorSet,
  place: Place = {},
): Extract<ConsensusMessage, { type: "new-view" }> {
  const { who, voters } = options;
  const requests = voters.map((each) => request({ who: each, signers: voters }, set, place));
  const [first] = requests;
  if (first?.type !== "view-change") throw new Error("a voter is needed");
  const votes = requests.flatMap((each) =>
    each.type === "view-change"
      ? [{ voter: each.voter, prepared: each.body.prepared, signature: each.signature }]
      : [],
  );
  const proposal = { ...bodyAt({ ...place, view: 1 }), leader: indexIn(set, who) };
  const signature = who.signer.sign(signableProposal(genesis, proposal));
  return {
    type: "new-view",
    proposal: { ...proposal, signature },
    parent: first.body.parent,
    votes: votes.toSorted((left, right) => left.voter - right.voter),
    parentCertificate: undefined,
    prepareCertificate: first.prepareCertificate,
  };
}

/** The same NewView with votes by `voters` that name no prepared block, and without a certificate. */
export function asFresh(
  message: ReturnType<typeof newView>,
  voters: readonly Identity[],
  set: ValidatorSet,
): ConsensusMessage {
  const { proposal, parent } = message;
  const { sequence, view } = proposal;
  const body = { validators: set.hash, sequence, newView: view, parent, prepared: undefined };
  const votes = voters.map((who) => ({
    voter: indexIn(set, who),
    prepared: undefined,
    signature: who.signer.sign(signableViewChange(genesis, body)),
  }));
  const ascending = votes.toSorted((left, right) => left.voter - right.voter);
  return { ...message, votes: ascending, prepareCertificate: undefined };
}

function certificate(
  phase: "prepare" | "commit",
  body: Parameters<typeof signableVote>[2],
  { set, signers }: { readonly set: ValidatorSet; readonly signers: readonly Identity[] },
): QuorumCertificate {
  const object = signableVote(phase, genesis, body);
  const votes = signers.map((who) => ({
    voter: indexIn(set, who),
    signature: who.signer.sign(object),
  }));
  return createCertificate({ phase, vote: body, set, votes });
}

/** The request with a certificate whose signatures are made up. */
export function withMadeUpCertificate(message: ConsensusMessage, serial: number): ConsensusMessage {
  if (message.type !== "view-change" || message.prepareCertificate === undefined) {
    throw new Error("a request with a certificate is needed");
  }
  const { prepareCertificate } = message;
  const { seal } = prepareCertificate;
  const signatures = seal.signatures.map((signature) =>
    toSignature(signature.with(0, serial % 256).with(1, (signature[1] ?? 0) ^ 1)),
  );
  return {
    ...message,
    prepareCertificate: { ...prepareCertificate, seal: { ...seal, signatures } },
  };
}
