/**
 * Makes consensus.json: each kind of consensus message, a header, a block, certificates, evidence and
 * a proof, as values, as canonical bytes, with digests and all that is signed in them. Bytes are
 * hexadecimal. `node --conditions=@aethel/source packages/pbft/test/vectors/make.ts`.
 */
import { writeFileSync } from "node:fs";
import {
  Block,
  BlockHeader,
  type Codec,
  ConsensusMessage,
  createSigner,
  Evidence,
  encodeValidatorSet,
  Proof,
  ProofBody,
  QuorumCertificate,
  type Signable,
  type Signature,
  SyncResponse,
  sha256,
  signableHead,
  signableProposal,
  signableViewChange,
  signableVote,
  signersOfCertificate,
  signingRoot,
  signProof,
  toAccountId,
  toAmount,
  toDigest,
  toHex,
  toNonce,
  toResource,
  toSequence,
  toValidatorIndex,
  toView,
  validatorAt,
} from "@aethel/models";
import { hashLeadership, LeadershipRecord } from "../../src/index.ts";
import { GENESIS } from "../keys.ts";
import { type LockedViewChange, playLockedViewChange } from "./locked-view-change.ts";

/** One signature inside of an object. */
interface Signed {
  readonly signer: Uint8Array;
  readonly object: Signable;
  readonly signature: Signature;
}

interface Row<T> {
  readonly name: string;
  readonly codec: Codec<T>;
  readonly value: T;
  readonly signed?: readonly Signed[];
}

function rowText<T>({ name, codec, value, signed = [] }: Row<T>): object {
  return {
    name,
    type: codec.name,
    json: codec.toJson(value),
    bytes: toHex(codec.encode(value)),
    digest: toHex(codec.digest(value)),
    signed: signed.map(({ signer, object, signature }) => ({
      key: toHex(signer),
      tag: object.tag,
      bytes: toHex(object.bytes),
      root: toHex(signingRoot(object)),
      signature: toHex(signature),
    })),
  };
}

/** Signatures in messages of one set. */
function createReader({ cluster }: LockedViewChange) {
  const { set } = cluster.membership;
  const keyOf = (index: number): Uint8Array => {
    const validator = validatorAt(set, toValidatorIndex(index));
    if (validator === undefined) throw new Error(`no validator ${index}`);
    return validator.key;
  };
  const inCertificate = (certificate: QuorumCertificate | undefined): readonly Signed[] => {
    if (certificate === undefined) return [];
    const object = signableVote(certificate.phase, GENESIS, certificate);
    return signersOfCertificate(certificate).flatMap((index, at) => {
      const signature = certificate.seal.signatures[at];
      return signature === undefined ? [] : [{ signer: keyOf(index), object, signature }];
    });
  };
  const inProposal = (proposal: Parameters<typeof keyOfProposal>[0]): Signed => ({
    signer: keyOfProposal(proposal),
    object: signableProposal(GENESIS, proposal),
    signature: proposal.signature,
  });
  const keyOfProposal = ({
    leader,
  }: Extract<ConsensusMessage, { type: "pre-prepare" }>["proposal"]): Uint8Array => keyOf(leader);
  const inMessage = (message: ConsensusMessage): readonly Signed[] => {
    switch (message.type) {
      case "pre-prepare":
        return [inProposal(message.proposal), ...inCertificate(message.outline?.parentCertificate)];
      case "prepare":
      case "commit": {
        const object = signableVote(message.type, GENESIS, message);
        return [{ signer: keyOf(message.voter), object, signature: message.signature }];
      }
      case "view-change": {
        const object = signableViewChange(GENESIS, message.body);
        const own = { signer: keyOf(message.voter), object, signature: message.signature };
        return [own, ...attached(message)];
      }
      case "new-view": {
        const { proposal, parent } = message;
        const { sequence, view: newView } = proposal;
        const shared = { validators: set.hash, sequence, newView, parent };
        const votes = message.votes.map(({ voter, prepared, signature }) => {
          const object = signableViewChange(GENESIS, { ...shared, prepared });
          return { signer: keyOf(voter), object, signature };
        });
        return [inProposal(proposal), ...votes, ...attached(message)];
      }
    }
  };
  const attached = (
    message: Pick<
      Extract<ConsensusMessage, { type: "view-change" }>,
      "parentCertificate" | "prepareCertificate"
    >,
  ): readonly Signed[] => [
    ...inCertificate(message.parentCertificate),
    ...inCertificate(message.prepareCertificate),
  ];
  return { inCertificate, inMessage };
}

type Kind = ConsensusMessage["type"];

/** One message of each kind from the scene, and the votes of both views. */
function messageRows(scene: LockedViewChange): readonly Row<ConsensusMessage>[] {
  const { said, crashed, locked, next } = scene;
  const { inMessage } = createReader(scene);
  const find = (type: Kind, by: number, view: number): ConsensusMessage => {
    const found = said.find((message) => {
      if (message.type !== type) return false;
      switch (message.type) {
        case "prepare":
        case "commit":
          return message.sequence === 2 && message.view === view && message.voter === by;
        case "view-change":
          return message.body.sequence === 2 && message.voter === by;
        case "pre-prepare":
        case "new-view":
          return message.proposal.sequence === 2 && message.proposal.view === view;
      }
    });
    if (found === undefined) throw new Error(`nobody said ${type} in view ${view}`);
    return found;
  };
  const wanted: readonly (readonly [string, Kind, number, number])[] = [
    ["PRE-PREPARE of view 0, with its block", "pre-prepare", crashed, 0],
    ["PREPARE of view 0", "prepare", crashed, 0],
    ["COMMIT of view 0, by the only one that holds a certificate", "commit", locked, 0],
    ["VIEW-CHANGE to view 1 that owns up to the lock", "view-change", locked, 1],
    ["VIEW-CHANGE to view 1 without a lock", "view-change", next, 1],
    ["NEW-VIEW of view 1: the locked block again", "new-view", next, 1],
    ["PREPARE of view 1", "prepare", next, 1],
    ["COMMIT of view 1", "commit", next, 1],
  ];
  return wanted.map(([name, type, by, view]) => {
    const value = find(type, by, view);
    return { name, codec: ConsensusMessage, value, signed: inMessage(value) };
  });
}

function blockRows(scene: LockedViewChange): readonly object[] {
  const { cluster, next } = scene;
  const { inCertificate } = createReader(scene);
  const final = cluster.node(next).app.blocks[1];
  const lock = scene.said.find(({ type }) => type === "new-view");
  if (final === undefined || lock?.type !== "new-view") throw new Error("the scene has both");
  const { prepareCertificate } = lock;
  if (prepareCertificate === undefined) throw new Error("a block is locked");
  const certificateRow = (name: string, value: QuorumCertificate): Row<QuorumCertificate> => ({
    name,
    codec: QuorumCertificate,
    value,
    signed: inCertificate(value),
  });
  return [
    rowText({ name: "header of block 2", codec: BlockHeader, value: final.block.header }),
    rowText({ name: "block 2", codec: Block, value: final.block }),
    rowText(certificateRow("PREPARE certificate of view 0", prepareCertificate)),
    rowText(certificateRow("COMMIT certificate of view 1", final.certificate)),
  ];
}

/** A validator that votes for two blocks, and the statement of a head. */
function otherRows({ cluster }: LockedViewChange): readonly object[] {
  const [member] = cluster.membership.members;
  if (member === undefined) throw new Error("there is one");
  const { id, signer } = member;
  const at = { sequence: toSequence(2), view: toView(0) };
  const halves = [sha256(new Uint8Array([1])), sha256(new Uint8Array([2]))]
    .toSorted((left, right) => (left[0] ?? 0) - (right[0] ?? 0))
    .map((digest) => {
      const object = signableVote("commit", GENESIS, { ...at, digest });
      return { digest, object, signature: signer.sign(object), signer: signer.publicKey };
    });
  const [first, second] = halves;
  if (first === undefined || second === undefined) throw new Error("there are two");
  const evidence: Evidence = {
    type: "double-vote",
    validator: id,
    key: signer.publicKey,
    phase: "commit",
    ...at,
    first: { digest: first.digest, signature: first.signature },
    second: { digest: second.digest, signature: second.signature },
  };
  const { header, digest } = cluster.node(0).app.head;
  const head = { nonce: toDigest(sha256(id)), sequence: header.sequence, digest };
  const object = signableHead(GENESIS, head);
  const signature = signer.sign(object);
  const { sequence } = head;
  const answer: SyncResponse = {
    type: "signed-head",
    validator: id,
    sequence,
    digest,
    signature,
    seen: [],
  };
  return [
    rowText({
      name: "evidence of a double vote",
      codec: Evidence,
      value: evidence,
      signed: halves,
    }),
    rowText({
      name: "a signed head, in answer to a nonce",
      codec: SyncResponse,
      value: answer,
      signed: [{ signer: signer.publicKey, object, signature }],
    }),
    proofRow(),
  ];
}

function proofRow(): object {
  const author = createSigner(sha256(new Uint8Array([9])));
  const body = {
    type: "invoke",
    author: toAccountId(author.publicKey),
    nonce: toNonce(3),
    resourceLimit: toResource(1_000),
    feeLimit: toAmount(50_000n),
    expiry: toSequence(900),
    tip: toAmount(7n),
    calls: [
      {
        intent: GENESIS,
        arguments: [
          { type: "account", value: toAccountId(GENESIS) },
          { type: "amount", value: toAmount(5n) },
          { type: "integer", negative: true, magnitude: 3n },
          { type: "boolean", value: true },
        ],
      },
    ],
    cosigners: [],
  } as const;
  const value = signProof(GENESIS, body, [author]);
  const [signature] = value.signatures;
  if (signature === undefined) throw new Error("its author signs");
  const object = { tag: "proof", genesis: GENESIS, bytes: ProofBody.encode(body) } as const;
  const signed = [{ signer: author.publicKey, object, signature }];
  return rowText({ name: "a proof that calls an intent", codec: Proof, value, signed });
}

/** The text of the file. */
export function vectorText(): string {
  const scene = playLockedViewChange();
  const { cluster, crashed, locked, next } = scene;
  const { set } = cluster.membership;
  const { leadership } = cluster.node(next).app.blocks[1]?.block.header ?? {};
  const bytes = cluster.node(next).app.head.leadership ?? new Uint8Array();
  if (toHex(hashLeadership(bytes)) !== toHex(leadership ?? bytes)) throw new Error("no record");
  const vectors = {
    genesis: toHex(GENESIS),
    validators: {
      bytes: toHex(encodeValidatorSet(set)),
      hash: toHex(set.hash),
      members: set.validators.map(({ id, key, power }, index) => ({
        index,
        id: toHex(id),
        key: toHex(key),
        power: String(power),
      })),
    },
    roles: { crashed, locked, next },
    objects: [
      ...messageRows(scene).map(rowText),
      ...blockRows(scene),
      rowText({
        name: "record of leaders after block 2",
        codec: LeadershipRecord,
        value: LeadershipRecord.decode(bytes),
      }),
      ...otherRows(scene),
    ],
  };
  return `${JSON.stringify(vectors, undefined, 2)}\n`;
}

if (import.meta.main) writeFileSync(new URL("consensus.json", import.meta.url), vectorText());
