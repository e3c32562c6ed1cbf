import fc from "fast-check";
import * as models from "../src/index.ts";
import {
  type Argument,
  type BlockHeader,
  type ChainParameters,
  type Codec,
  type ConsensusMessage,
  type Evidence,
  type Genesis,
  ListProof,
  type Proof,
  type ProofBlock,
  type ProofBody,
  type QuorumCertificate,
  type StateTransition,
  type SyncRequest,
  type SyncResponse,
  toAccountId,
  toAmount,
  toAssetId,
  toDifficulty,
  toDigest,
  toNonce,
  toPublicKey,
  toResource,
  toRoot,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
  type VerificationResult,
  type ViewChangeBody,
} from "../src/index.ts";

// Values of every wire type, valid in range but not in meaning: codecs must not care.

export const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const digest = bytes32.map(toDigest);
const root = bytes32.map(toRoot);
const accountId = bytes32.map(toAccountId);
const publicKey = bytes32.map(toPublicKey);
const signature = fc.uint8Array({ minLength: 64, maxLength: 64 }).map(toSignature);
const sequence = fc.maxSafeNat().map(toSequence);
const view = fc.nat({ max: 0xffff_ffff }).map(toView);
const voter = fc.nat({ max: 0xffff }).map(toValidatorIndex);
const amount = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(toAmount);
const resource = fc.maxSafeNat().map(toResource);
const difficulty = fc.maxSafeNat().map(toDifficulty);
const nonce = fc.maxSafeNat().map(toNonce);
const timestamp = fc.maxSafeNat().map(toTimestamp);
const uint32 = fc.nat({ max: 0xffff_ffff });
const optional = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(item, { nil: undefined });
const few = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 4 });

const proofArgument: fc.Arbitrary<Argument> = fc.oneof(
  fc.record({ type: fc.constant("account" as const), value: accountId }),
  fc.record({ type: fc.constant("amount" as const), value: amount }),
  fc.record({
    type: fc.constant("integer" as const),
    negative: fc.boolean(),
    magnitude: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  }),
  fc.record({ type: fc.constant("boolean" as const), value: fc.boolean() }),
  fc.record({ type: fc.constant("asset" as const), value: bytes32.map(toAssetId) }),
);

const envelope = {
  author: accountId,
  nonce,
  resourceLimit: resource,
  feeLimit: amount,
  expiry: sequence,
};

export const proofBodies: fc.Arbitrary<ProofBody> = fc.oneof(
  fc.record({
    type: fc.constant("publish" as const),
    ...envelope,
    source: fc.uint8Array({ maxLength: 40 }),
  }),
  fc.record({
    type: fc.constant("invoke" as const),
    ...envelope,
    intent: digest,
    arguments: few(proofArgument),
    cosigners: few(fc.record({ account: accountId, nonce })),
  }),
  fc.record({
    type: fc.constant("theorem" as const),
    ...envelope,
    script: fc.uint8Array({ maxLength: 40 }),
  }),
);

export const proofs: fc.Arbitrary<Proof> = fc.record({
  body: proofBodies,
  signatures: few(signature),
});

export const results: fc.Arbitrary<VerificationResult> = fc.record({
  proofHash: digest,
  verdict: fc.constantFrom("valid", "refuted", "unknown"),
  outcome: fc.constantFrom("applied", "recorded", "guard-false", "refuted", "unknown", "forbidden"),
  difficulty,
  resource,
  errorCode: fc.nat({ max: 0xffff }),
});

export const headers: fc.Arbitrary<BlockHeader> = fc.record({
  chain: digest,
  sequence,
  timestamp,
  parent: digest,
  proofsRoot: root,
  verificationRoot: root,
  evidenceRoot: root,
  parentCertificateRoot: digest,
  stateRootBefore: root,
  stateRootAfter: root,
  supplyBefore: amount,
  supplyAfter: amount,
  validators: digest,
  nextValidators: digest,
  proposer: accountId,
  totalDifficulty: difficulty,
  judgeVersion: uint32,
});

const phase = fc.constantFrom("prepare" as const, "commit" as const);

export const certificates: fc.Arbitrary<QuorumCertificate> = fc.record({
  phase,
  sequence,
  view,
  digest,
  signers: fc.array(fc.boolean(), { maxLength: 20 }),
  seal: fc.record({ type: fc.constant("ed25519" as const), signatures: few(signature) }),
});

const prepared = fc.record({ view, digest });

export const viewChangeBodies: fc.Arbitrary<ViewChangeBody> = fc.record({
  validators: digest,
  sequence,
  newView: view,
  parent: digest,
  prepared: optional(prepared),
});

const signed = fc.record({ digest, signature });
const listProof: fc.Arbitrary<ListProof> = fc.record({
  index: uint32,
  count: uint32,
  path: few(digest),
});

export const evidence: fc.Arbitrary<Evidence> = fc.oneof(
  fc.record({
    type: fc.constant("double-vote" as const),
    validator: accountId,
    key: publicKey,
    phase,
    sequence,
    view,
    first: signed,
    second: signed,
  }),
  fc.record({
    type: fc.constant("double-proposal" as const),
    validator: accountId,
    key: publicKey,
    sequence,
    view,
    first: signed,
    second: signed,
  }),
  fc.record({
    type: fc.constant("hidden-lock" as const),
    validator: accountId,
    key: publicKey,
    view,
    commit: signed,
    body: viewChangeBodies,
    signature,
  }),
  fc.record({
    type: fc.constant("invalid-verification" as const),
    validator: accountId,
    key: publicKey,
    phase,
    view,
    header: headers,
    signature,
    proof: proofs,
    proofPath: listProof,
    result: results,
    resultPath: listProof,
    counterexample: fc.uint8Array({ maxLength: 30 }),
  }),
);

export const blocks: fc.Arbitrary<ProofBlock> = fc.record({
  header: headers,
  proofs: few(proofs),
  evidence: few(evidence),
  parentCertificate: optional(certificates),
});

const vote = { sequence, view, digest, voter, signature };
const proposals = fc.record({ sequence, view, digest, leader: voter, signature });

export const messages: fc.Arbitrary<ConsensusMessage> = fc.oneof(
  fc.record({
    type: fc.constant("pre-prepare" as const),
    proposal: proposals,
    block: optional(blocks),
  }),
  fc.record({ type: fc.constant("prepare" as const), ...vote }),
  fc.record({ type: fc.constant("commit" as const), ...vote }),
  fc.record({
    type: fc.constant("view-change" as const),
    body: viewChangeBodies,
    voter,
    signature,
    parentCertificate: optional(certificates),
    prepareCertificate: optional(certificates),
  }),
  fc.record({
    type: fc.constant("new-view" as const),
    proposal: proposals,
    parent: digest,
    votes: few(fc.record({ voter, prepared: optional(prepared), signature })),
    parentCertificate: optional(certificates),
    prepareCertificate: optional(certificates),
  }),
);

const finalized = fc.record({ block: blocks, certificate: certificates });

const transitions: fc.Arbitrary<StateTransition> = fc.record({
  sequence,
  changes: few(
    fc.record({
      key: fc.uint8Array({ maxLength: 40 }),
      before: optional(fc.uint8Array({ maxLength: 40 })),
      after: optional(fc.uint8Array({ maxLength: 40 })),
    }),
  ),
  rootBefore: root,
  rootAfter: root,
  supplyBefore: amount,
  supplyAfter: amount,
  minted: amount,
  burned: amount,
});

const requests: fc.Arbitrary<SyncRequest> = fc.oneof(
  fc.record({ type: fc.constant("block" as const), digest }),
  fc.record({ type: fc.constant("blocks" as const), from: sequence, count: fc.nat({ max: 64 }) }),
  fc.record({ type: fc.constant("head" as const), known: sequence }),
);

const responses: fc.Arbitrary<SyncResponse> = fc.oneof(
  fc.record({ type: fc.constant("block" as const), block: blocks }),
  fc.record({ type: fc.constant("blocks" as const), blocks: few(finalized) }),
  fc.record({ type: fc.constant("head" as const), sequence, digest }),
  fc.record({ type: fc.constant("absent" as const), head: sequence }),
);

const basisPoints = fc.nat({ max: 10_000 });

export const parameters: fc.Arbitrary<ChainParameters> = fc.record({
  minBlockIntervalMs: uint32,
  heartbeatIntervalMs: uint32,
  maxDriftMs: uint32,
  viewTimeoutMs: uint32,
  viewTimeoutMaxMs: uint32,
  judgingBoundMs: uint32,
  disseminationBoundMs: uint32,
  networkDelayMs: uint32,
  checkpointInterval: sequence,
  epochLength: sequence,
  blockBytesMax: uint32,
  blockResourceMax: resource,
  proofResourceMax: resource,
  baseReward: amount,
  emissionPerBlock: amount,
  halvingInterval: sequence,
  emissionTotal: amount,
  proposerBonusBasisPoints: basisPoints,
  resourcePrice: amount,
  bytePrice: amount,
  burnBasisPoints: basisPoints,
  slashDoubleSignBasisPoints: basisPoints,
  slashVerificationBasisPoints: basisPoints,
  minimumStake: amount,
  unbondingPeriod: sequence,
  invokeDifficulty: difficulty,
  judge: fc.record({ version: uint32, wasmHash: digest }),
});

const geneses: fc.Arbitrary<Genesis> = fc.record({
  name: fc.uint8Array({ maxLength: 64 }),
  timestamp,
  parameters,
  validators: few(fc.record({ id: accountId, key: publicKey, stake: amount })),
  accounts: few(fc.record({ id: accountId, balance: amount })),
  intents: few(fc.record({ source: fc.uint8Array({ maxLength: 40 }) })),
  faucet: optional(accountId),
});

/** A wire type with values of it; the value type is hidden so that one table holds all. */
export interface WireCase {
  readonly codec: Codec<unknown>;
  readonly values: fc.Arbitrary<unknown>;
}

const wire = <T>(codec: Codec<T>, values: fc.Arbitrary<T>): WireCase =>
  // One table of many types: the pair is consistent by this function's own signature.
  ({ codec: codec as Codec<unknown>, values });

/** Every wire type of the package. */
export const wireCases: readonly WireCase[] = [
  wire(models.ProofBody, proofBodies),
  wire(models.Proof, proofs),
  wire(models.VerificationResult, results),
  wire(models.BlockHeader, headers),
  wire(models.QuorumCertificate, certificates),
  wire(models.ViewChangeBody, viewChangeBodies),
  wire(models.Evidence, evidence),
  wire(models.ProofBlock, blocks),
  wire(models.FinalizedBlock, finalized),
  wire(models.ConsensusMessage, messages),
  wire(models.StateTransition, transitions),
  wire(models.SyncRequest, requests),
  wire(models.SyncResponse, responses),
  wire(models.ChainParameters, parameters),
  wire(models.Genesis, geneses),
  wire(ListProof, listProof),
];
