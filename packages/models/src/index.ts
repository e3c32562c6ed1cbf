/**
 * The values every Aethel package agrees on, and their canonical bytes.
 *
 * No I/O, no clock, no randomness: safe to import from anywhere, browsers included.
 *
 * @packageDocumentation
 */

// Identifiers
export type { Brand } from "./brand.ts";
export type {
  AccountId,
  Amount,
  AssetId,
  Difficulty,
  Digest,
  Epoch,
  Nonce,
  PublicKey,
  Resource,
  Root,
  Sequence,
  Signature,
  Timestamp,
  ValidatorIndex,
  View,
} from "./ids.ts";
export {
  AMOUNT_MAX,
  NATIVE_ASSET,
  toAccountId,
  toAmount,
  toAssetId,
  toDifficulty,
  toDigest,
  toEpoch,
  toNonce,
  toPublicKey,
  toResource,
  toRoot,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
  ZERO_DIGEST,
} from "./ids.ts";

// Bytes and hashes
export { compareBytes, concatBytes, equalBytes, fromHex, toHex } from "./bytes.ts";
export { sha256, signingRoot, TAGS, type Tag, tagDigest, taggedHash } from "./hash.ts";

// Codecs
export type { Codec, Infer, Measure, Schema } from "./codec/index.ts";

// Keys
export {
  defaultBackend,
  type Ed25519Backend,
  isAcceptableKey,
  noteAcceptableKey,
  nobleBackend,
  verifySignature,
} from "./ed25519.ts";
export { createSigner, type Signable, type Signer, verifySigned } from "./signer.ts";

// Lists
export { ListProof, listRoot, proveListItem, verifyListItem } from "./list-root.ts";

// Proofs
export {
  Argument,
  Cosigner,
  findProofDefect,
  hashProof,
  Invoke,
  Proof,
  ProofBody,
  type ProofDefect,
  Publish,
  signersOf,
  signProof,
  Theorem,
} from "./proof.ts";
export { Outcome, Trust, VerificationResult, Verdict } from "./verification.ts";

// Blocks
export {
  blockBytesBesides,
  evidenceRoot,
  FinalizedBlock,
  findBodyDefect,
  parentCertificateRoot,
  ProofBlock,
  proofsRoot,
  verificationRoot,
} from "./block.ts";
export { BlockHeader, blockDigest } from "./header.ts";
export { StateChange, StateTransition } from "./transition.ts";

// Validators
export {
  createValidatorSet,
  decodeValidatorSet,
  encodeValidatorSet,
  indexOfValidator,
  isQuorum,
  isWeakQuorum,
  powerOf,
  Validator,
  validatorAt,
  type ValidatorSet,
} from "./validator-set.ts";
export { leaderOf, leaderOfSlot } from "./leader-schedule.ts";
export {
  type CertificateDefect,
  createCertificate,
  findCertificateDefect,
  Phase,
  QuorumCertificate,
  sameVote,
  Seal,
  signableVote,
  signersOfCertificate,
  VoteBody,
} from "./certificate.ts";
export type { CertificateScheme, SealDefect, VerifySigned } from "./certificate-scheme.ts";
export type { CertificateSchemeName } from "./certificate-schemes.ts";

// Consensus
export {
  Commit,
  ConsensusMessage,
  NewView,
  Prepare,
  PrePrepare,
  ViewChange,
  ViewChangeVote,
} from "./consensus.ts";
export { Proposal, signableProposal } from "./proposal.ts";
export { Prepared, signableViewChange, ViewChangeBody } from "./view-change.ts";
export {
  DoubleProposal,
  DoubleVote,
  Evidence,
  type EvidenceDefect,
  findEvidenceDefect,
  HiddenLock,
  InvalidVerification,
} from "./evidence.ts";
export { evidenceUnits } from "./evidence-units.ts";
export { SignedHead, signableHead } from "./signed-head.ts";
export { SyncRequest, SyncResponse } from "./sync.ts";

// Genesis
export {
  checkGenesis,
  findGenesisProblems,
  Genesis,
  GenesisAccount,
  GenesisIntents,
  GenesisValidator,
  hashGenesis,
} from "./genesis.ts";
export { GenesisAsset, GenesisHolding } from "./genesis-assets.ts";
export { ChainParameters, findParameterProblems, JudgeIdentity } from "./parameters.ts";

// Limits
export {
  ARGUMENTS_MAX,
  BLOCK_BYTES_MAX,
  COSIGNERS_MAX,
  COUNTEREXAMPLE_BYTES_MAX,
  DURATION_MS_MAX,
  EVIDENCE_BYTES_MAX,
  EVIDENCE_MAX,
  EVIDENCE_UNITS_MAX,
  OFFSET_BYTES,
  PROOFS_MAX,
  SCRIPT_BYTES_MAX,
  SEATS_MAX,
  SEEN_MESSAGES_MAX,
  SOURCE_BYTES_MAX,
  SYNC_BLOCKS_MAX,
  SYNC_HEADERS_MAX,
  VALIDATORS_MAX,
} from "./limits.ts";

// Units
export {
  additionUnits,
  divisionUnits,
  multiplicationUnits,
  UNITS,
  wordsOf,
} from "./units.ts";

// Errors
export {
  AethelError,
  assert,
  assertNever,
  type Fault,
  ModelsError,
  type ModelsFault,
  NotYetError,
} from "./errors.ts";
