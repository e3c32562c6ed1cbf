/**
 * The values that all Aethel packages share, and their canonical bytes.
 *
 * This package has no I/O, no clock and no randomness. It can be imported everywhere, also in
 * browsers.
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
  isAcceptableKey,
  isCheckedKey,
  noteAcceptableKey,
  nobleBackend,
  verifySignature,
} from "./keys/ed25519.ts";
export type { Ed25519Backend } from "./keys/ed25519-backend.ts";
export { createSigner, type Signable, type Signer, verifySigned } from "./keys/signer.ts";

// Lists
export {
  ListProof,
  listLeaf,
  listRoot,
  listRootOfLeaves,
  proveListItem,
  verifyListItem,
} from "./list-root.ts";

// Proofs
export { type ContractMessage, contractMessage } from "./ledger/contract-message.ts";
export {
  Argument,
  Call,
  Cosigner,
  findFormDefect,
  findProofDefect,
  hashProof,
  Invoke,
  Proof,
  ProofBody,
  type ProofDefect,
  itemProof,
  proofItem,
  Publish,
  signersOf,
  signProof,
  SpendingLimit,
  Theorem,
} from "./ledger/proof.ts";
export {
  callResultsRoot,
  Outcome,
  Trust,
  VerificationResult,
  Verdict,
} from "./ledger/verification.ts";

// Blocks
export {
  annexRoot,
  Block,
  blockBytesBesides,
  type BodyDefect,
  evidenceRoot,
  FinalizedBlock,
  findBodyDefect,
  parentCertificateRoot,
} from "./consensus/block.ts";
export { createGenesisHeader } from "./consensus/genesis-header.ts";
export { BlockHeader, blockDigest, WIRE_VERSION, WireVersion } from "./consensus/header.ts";
export { type Item, itemOf, payloadRoot } from "./consensus/item.ts";
export { BlockOutline, completeBlock, findOutlineDefect, outlineOf } from "./consensus/outline.ts";
export { LedgerHeader, ledgerHeader, withLedgerHeader } from "./ledger/header.ts";
export { annexOf, callResultsOf, JudgedResult, type LieAt, readAnnex } from "./ledger/annex.ts";
export {
  claimedEntries,
  FalseClaim,
  type FalseClaimDefect,
  findFalseClaimDefect,
} from "./ledger/false-claim.ts";
export { StateChange, StateTransition } from "./ledger/transition.ts";

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
} from "./consensus/validator-set.ts";
export { leaderOf, leaderOfSlot } from "./consensus/leader-schedule.ts";
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
} from "./consensus/certificate.ts";
export type {
  CertificateScheme,
  KeyHolder,
  SealDefect,
  VerifySigned,
} from "./keys/certificate-scheme.ts";
export type { CertificateSchemeName } from "./keys/certificate-schemes.ts";

// Consensus
export {
  Commit,
  ConsensusMessage,
  NewView,
  Prepare,
  PrePrepare,
  ViewChange,
  ViewChangeVote,
} from "./consensus/messages.ts";
export { Proposal, signableProposal } from "./consensus/proposal.ts";
export { Prepared, signableViewChange, ViewChangeBody } from "./consensus/view-change.ts";
export {
  DoubleProposal,
  DoubleVote,
  Evidence,
  type EvidenceDefect,
  findEvidenceDefect,
  HiddenLock,
  offenceSequence,
} from "./consensus/evidence.ts";
export { FalseHeader } from "./consensus/false-header.ts";
export { evidenceUnits } from "./evidence-units.ts";
export { SignedHead, signableHead } from "./consensus/signed-head.ts";
export { SnapshotHead, SnapshotOffer } from "./consensus/snapshot.ts";
export { CertifiedHeader, SyncRequest, SyncResponse } from "./consensus/sync.ts";

// Genesis
export {
  checkGenesis,
  findGenesisProblems,
  Genesis,
  GenesisAccount,
  GenesisIntents,
  GenesisValidator,
  hashGenesis,
} from "./ledger/genesis.ts";
export { GenesisAsset, GenesisHolding } from "./ledger/genesis-assets.ts";
export { ChainParameters, findParameterProblems, JudgeIdentity } from "./ledger/parameters.ts";

// Limits
export {
  ANNEX_BYTES_MAX,
  ANNEX_ENTRY_BYTES_MAX,
  APPLICATION_HEADER_BYTES_MAX,
  ARGUMENTS_MAX,
  BLOCK_BYTES_MAX,
  CALLS_MAX,
  CLAIM_BYTES_MAX,
  COSIGNERS_MAX,
  COUNTEREXAMPLE_BYTES_MAX,
  DURATION_MS_MAX,
  EVIDENCE_BYTES_MAX,
  EVIDENCE_MAX,
  EVIDENCE_UNITS_MAX,
  ITEM_BYTES_MAX,
  ITEMS_MAX,
  OFFSET_BYTES,
  SCRIPT_BYTES_MAX,
  SEATS_MAX,
  SEEN_MESSAGES_MAX,
  SNAPSHOT_CHUNK_BYTES_MAX,
  SNAPSHOT_OFFERS_MAX,
  SOURCE_BYTES_MAX,
  SPENDING_LIMITS_MAX,
  SYNC_BLOCKS_MAX,
  SYNC_HEADERS_MAX,
  SYNC_PART_BYTES_MAX,
  SYNC_UPDATES_BYTES_MAX,
  SYNC_UPDATES_MAX,
  VALIDATORS_MAX,
} from "./limits.ts";

// Units
export {
  additionUnits,
  divisionUnits,
  multiplicationUnits,
  UNITS,
  wordsOf,
} from "./ledger/units.ts";

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
