import { Item } from "../src/consensus/item.ts";
import {
  annexRoot,
  type Block,
  BlockHeader,
  blockDigest,
  type Codec,
  Commit,
  type Digest,
  DoubleProposal,
  DoubleVote,
  type Evidence,
  equalBytes,
  evidenceRoot,
  FalseHeader,
  FinalizedBlock,
  findBodyDefect,
  findCertificateDefect,
  findEvidenceDefect,
  findOutlineDefect,
  findProofDefect,
  HiddenLock,
  indexOfValidator,
  NewView,
  outlineOf,
  PrePrepare,
  Prepare,
  Proof,
  type ProofBody,
  Proposal,
  parentCertificateRoot,
  payloadRoot,
  QuorumCertificate,
  type Signable,
  type Signature,
  type Signer,
  sha256,
  signableProposal,
  signableViewChange,
  signableVote,
  signProof,
  toAccountId,
  toAmount,
  toNonce,
  toResource,
  toSequence,
  toValidatorIndex,
  toView,
  ViewChange,
  type ViewChangeBody,
  validatorAt,
  WIRE_VERSION,
} from "../src/index.ts";
import { exampleOf } from "./schema-text.ts";
import {
  accusedBy,
  at,
  certificateFor,
  genesis,
  isCertificate,
  isSignedBy,
  parentVote,
  set,
  sign,
  signers,
  vote,
  voter,
} from "./small-committee.ts";

const [low = genesis, high = genesis] = [
  sha256(new Uint8Array([3])),
  sha256(new Uint8Array([4])),
].toSorted((left, right) => (left[0] ?? 0) - (right[0] ?? 0));

/** A type that carries signatures. */
export interface SignedType {
  readonly name: string;
  readonly codec: Codec<unknown>;
  readonly good: unknown;
  readonly isGood: (value: unknown) => boolean;
}

const signedType = <T>(
  name: string,
  codec: Codec<T>,
  good: T,
  isGood: (value: T) => boolean,
): SignedType =>
  // One table of many types: each row is consistent by this function's own signature.
  ({ name, codec: codec as Codec<unknown>, good, isGood: isGood as (value: unknown) => boolean });

/** Every type that carries signatures, each with one good object. */
export const signedTypes: readonly SignedType[] = [
  ...proofRows(),
  signedType(
    "Proposal",
    Proposal,
    { ...vote, leader: voter, signature: sign(voter, signableProposal(genesis, vote)) },
    (proposal) =>
      isSignedBy(proposal.leader, signableProposal(genesis, proposal), proposal.signature),
  ),
  signedType("Prepare", Prepare, voteOf("prepare"), (message) =>
    isSignedBy(message.voter, signableVote("prepare", genesis, message), message.signature),
  ),
  signedType("Commit", Commit, voteOf("commit"), (message) =>
    isSignedBy(message.voter, signableVote("commit", genesis, message), message.signature),
  ),
  viewChangeRow(),
  signedType(
    "QuorumCertificate",
    QuorumCertificate,
    certificateFor("commit", vote),
    (certificate) => findCertificateDefect({ certificate, set, genesis }) === undefined,
  ),
  newViewRow(),
  ...blockRows(),
  ...evidenceRows(),
];

function proofRows(): readonly SignedType[] {
  const [alice, bob, carol] = signers as [Signer, Signer, Signer];
  const envelope = {
    author: toAccountId(alice.publicKey),
    nonce: toNonce(3),
    resourceLimit: toResource(1_000),
    feeLimit: toAmount(50n),
    expiry: toSequence(9),
  };
  const text = new TextEncoder();
  const byAccount = [bob, carol].toSorted(
    (left, right) => (left.publicKey[0] ?? 0) - (right.publicKey[0] ?? 0),
  );
  const bodies: readonly (readonly [ProofBody, readonly [Signer, ...Signer[]]])[] = [
    [{ type: "publish", ...envelope, source: text.encode("intent a() {}") }, [alice]],
    [{ type: "theorem", ...envelope, script: text.encode("(assert false)(check-sat)") }, [alice]],
    [
      {
        type: "invoke",
        ...envelope,
        calls: [
          {
            intent: genesis,
            arguments: [
              { type: "amount", value: toAmount(5n) },
              { type: "integer", negative: true, magnitude: 3n },
              { type: "boolean", value: true },
              { type: "account", value: envelope.author },
            ],
          },
        ],
        cosigners: byAccount.map(({ publicKey }) => ({
          account: toAccountId(publicKey),
          nonce: toNonce(0),
        })),
      },
      [alice, ...byAccount],
    ],
  ];
  return bodies.map(([body, by]) =>
    signedType(
      `Proof (${body.type})`,
      Proof,
      signProof(genesis, body, by),
      (proof) => findProofDefect(genesis, proof) === undefined,
    ),
  );
}

/**
 * The attachments are not signed, but certificates: a receiver checks them against what is asked
 * for.
 */
function viewChangeRow(): SignedType {
  const prepared = { view: at.view, digest: vote.digest };
  const body: ViewChangeBody = {
    validators: set.hash,
    sequence: at.sequence,
    newView: toView(4),
    parent: parentVote.digest,
    prepared,
  };
  const good: ViewChange = {
    body,
    voter,
    signature: sign(voter, signableViewChange(genesis, body)),
    parentCertificate: certificateFor("commit", parentVote),
    prepareCertificate: certificateFor("prepare", vote),
  };
  return signedType(
    "ViewChange",
    ViewChange,
    good,
    (value) =>
      isSignedBy(value.voter, signableViewChange(genesis, value.body), value.signature) &&
      [value.parentCertificate, value.prepareCertificate].every(isCertificate),
  );
}

function evidenceRows(): readonly SignedType[] {
  const accused = accusedBy(voter);
  const half = (
    digest: Digest,
    object: (digest: Digest) => Signable,
  ): { digest: Digest; signature: Signature } => ({
    digest,
    signature: sign(voter, object(digest)),
  });
  const voted = (digest: Digest): Signable => signableVote("commit", genesis, { ...at, digest });
  const proposed = (digest: Digest): Signable => signableProposal(genesis, { ...at, digest });
  const hiding: ViewChangeBody = {
    validators: set.hash,
    sequence: at.sequence,
    newView: toView(4),
    parent: genesis,
    prepared: { view: toView(1), digest: low },
  };
  // Evidence names a validator and a key: that they belong together is looked up in the set (B20).
  const convicts = (evidence: Evidence): boolean => {
    const index = indexOfValidator(set, evidence.validator);
    const member = index === undefined ? undefined : validatorAt(set, index);
    return (
      member?.key.toString() === evidence.key.toString() &&
      findEvidenceDefect(genesis, evidence) === undefined
    );
  };
  return [
    signedType(
      "DoubleVote",
      DoubleVote,
      {
        ...accused,
        phase: "commit" as const,
        ...at,
        first: half(low, voted),
        second: half(high, voted),
      },
      (value) => convicts({ type: "double-vote", ...value }),
    ),
    signedType(
      "DoubleProposal",
      DoubleProposal,
      { ...accused, ...at, first: half(low, proposed), second: half(high, proposed) },
      (value) => convicts({ type: "double-proposal", ...value }),
    ),
    signedType(
      "HiddenLock",
      HiddenLock,
      {
        ...accused,
        view: at.view,
        commit: half(low, voted),
        body: hiding,
        signature: sign(voter, signableViewChange(genesis, hiding)),
      },
      (value) => convicts({ type: "hidden-lock", ...value }),
    ),
    signedType(
      "FalseHeader",
      FalseHeader,
      falseHeader(),
      (value) =>
        // What the claim says is not signed: the application is what judges it.
        convicts({ type: "false-header", ...value }) && value.claim.length === 0,
    ),
  ];
}

function falseHeader(): FalseHeader {
  const header = exampleOf(BlockHeader.schema, 3) as BlockHeader;
  const voted = { sequence: header.sequence, view: at.view, digest: blockDigest(header) };
  return {
    ...accusedBy(voter),
    phase: "prepare",
    view: at.view,
    header,
    signature: sign(voter, signableVote("prepare", genesis, voted)),
    claim: new Uint8Array(),
  };
}

function voteOf(phase: "prepare" | "commit"): Prepare {
  return { ...vote, voter, signature: sign(voter, signableVote(phase, genesis, vote)) };
}

function newViewRow(): SignedType {
  const proposed = { ...vote, view: toView(4) };
  const shared = { validators: set.hash, newView: proposed.view, parent: parentVote.digest };
  const votes = [undefined, { view: at.view, digest: vote.digest }, undefined].map(
    (prepared, index) => {
      const by = toValidatorIndex(index);
      const body = { ...shared, sequence: proposed.sequence, prepared };
      return { voter: by, prepared, signature: sign(by, signableViewChange(genesis, body)) };
    },
  );
  const good: NewView = {
    proposal: {
      ...proposed,
      leader: voter,
      signature: sign(voter, signableProposal(genesis, proposed)),
    },
    parent: parentVote.digest,
    votes,
    parentCertificate: certificateFor("commit", parentVote),
    prepareCertificate: certificateFor("prepare", vote),
  };
  return signedType("NewView", NewView, good, ({ proposal, ...rest }) => {
    const { sequence, view: newView } = proposal;
    return (
      rest.votes.length === votes.length &&
      isSignedBy(proposal.leader, signableProposal(genesis, proposal), proposal.signature) &&
      rest.votes.every(({ voter: by, prepared, signature }) => {
        const body = { ...shared, sequence, newView, parent: rest.parent, prepared };
        return isSignedBy(by, signableViewChange(genesis, body), signature);
      }) &&
      [rest.parentCertificate, rest.prepareCertificate].every(isCertificate)
    );
  });
}

/** A block is bound to a signature by its header's digest, and its body by the header. */
function blockRows(): readonly SignedType[] {
  const body = {
    version: WIRE_VERSION,
    items: [1, 2, 3].map((salt) => exampleOf(Item.schema, salt) as Item),
    annex: [Uint8Array.of(1), Uint8Array.of(2, 3)],
    evidence: [
      { type: "double-vote", ...(exampleOf(DoubleVote.schema, 1) as DoubleVote) } as const,
    ],
    parentCertificate: certificateFor("commit", parentVote),
  };
  const header: BlockHeader = {
    ...(exampleOf(BlockHeader.schema, 3) as BlockHeader),
    sequence: at.sequence,
    payloadRoot: payloadRoot(body.items),
    annexRoot: annexRoot(body.annex),
    evidenceRoot: evidenceRoot(body.evidence),
    parentCertificateRoot: parentCertificateRoot(body.parentCertificate),
  };
  const block: Block = { header, ...body };
  const signed = { ...at, digest: blockDigest(header) };
  const signature = sign(voter, signableProposal(genesis, signed));
  const isBlockOf = (digest: Digest, of: Block): boolean =>
    equalBytes(blockDigest(of.header), digest) && findBodyDefect(of) === undefined;
  return [
    signedType(
      "PrePrepare",
      PrePrepare,
      { proposal: { ...signed, leader: voter, signature }, outline: outlineOf(block) },
      ({ proposal, outline }) =>
        outline !== undefined &&
        isSignedBy(proposal.leader, signableProposal(genesis, proposal), proposal.signature) &&
        equalBytes(blockDigest(outline.header), proposal.digest) &&
        // Its version is not signed, and there is one.
        findOutlineDefect(outline) === undefined,
    ),
    signedType(
      "FinalizedBlock",
      FinalizedBlock,
      { block, certificate: certificateFor("commit", signed) },
      (value) =>
        isBlockOf(value.certificate.digest, value.block) && isCertificate(value.certificate),
    ),
  ];
}
