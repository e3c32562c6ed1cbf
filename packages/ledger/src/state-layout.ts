import {
  type AccountId,
  type AssetId,
  assert,
  ChainParameters,
  concatBytes,
  type Digest,
  type PublicKey,
  type Timestamp,
  Trust,
  taggedHash,
  toAccountId,
  toTimestamp,
  VALIDATORS_MAX,
} from "@aethel/models";
import {
  accountId,
  amount,
  boundedBytes,
  difficulty,
  digest,
  enumeration,
  type Infer,
  list,
  natural,
  nonce,
  optional,
  publicKey,
  resource,
  sequence,
  struct,
  timestamp,
} from "@aethel/models/codec";
import { CERTIFICATE_BYTES_MAX } from "@aethel/verifier/certificate";
import type { Coding } from "./draft.ts";
import { KeyRecord, OffenceRecord } from "./justice/layout.ts";
import { entryName, type Lane, placeName } from "./queues/layout.ts";

/**
 * Every key of the state tree and the type of its value. One byte says what kind of key it is,
 * what follows names the thing; kinds have fixed lengths, so no two keys are alike.
 *
 * | key                          | value             |
 * | ---------------------------- | ----------------- |
 * | `01 account`                 | `Account`         |
 * | `02 account asset`           | `Holding` of a declared asset |
 * | `03 asset`                   | `AssetRecord`: a declared asset and its supply |
 * | `10 account`                 | `ValidatorRecord` |
 * | `11 consensus key`           | `KeyRecord`       |
 * | `12 account`                 | `Unbonding`       |
 * | `20 intent digest`           | `IntentRecord`    |
 * | `21 sha256(script)`          | `TheoremRecord`   |
 * | `22 intent digest`           | certificate of the intent, as it is |
 * | `23 sha256(script)`          | certificate of the theorem, as it is |
 * | `24 sha256(source)`          | `SourceRecord`: a source that was published as it is |
 * | `30 sha256(offence)`         | `OffenceRecord`   |
 * | `31 number`                  | `Conviction`: an equivocation that counts with others |
 * | `40`                         | `ChainParameters` |
 * | `41`                         | `Supply`          |
 * | `42`                         | the set that votes on the next block (`encodeValidatorSet`) |
 * | `43`                         | the set that voted on the last block |
 * | `44`                         | `Queues`: counters of everything that waits for a border or a date |
 * | `46`                         | `Participation` of the current epoch |
 * | `50 lane position`           | `QueueEntry`      |
 * | `51 lane account`            | `QueuePlace`: an account that waits in a lane |
 * | `48`                         | `BaseFees` of the next block |
 * | `4b`                         | `Holding`: native deposits for room in the state, all together; none yet |
 * | `47`                         | `Clock`: header times of genesis, the last blocks and borders |
 * | `49 number`                  | `DatedBorder`: sequence and time of a border, while evidence may ask |
 * | `4a`                         | `Convictions`: how many of them, and their part of the power |
 *
 * A value that equals its default (an account without money or nonce, an empty queue) is absent.
 */
export const stateKey = {
  /** Balance and nonce. */
  account: (id: AccountId): Uint8Array => keyOf(KEY_KIND.account, id),
  /** What an account has of a declared asset. */
  holding: (id: AccountId, asset: AssetId): Uint8Array =>
    keyOf(KEY_KIND.holding, concatBytes(id, asset)),
  /** A declared asset. */
  asset: (id: AssetId): Uint8Array => keyOf(KEY_KIND.asset, id),
  /** Stake, key and counters of a staker. */
  validator: (id: AccountId): Uint8Array => keyOf(KEY_KIND.validator, id),
  /** Whose key it is. */
  consensusKey: (key: PublicKey): Uint8Array => keyOf(KEY_KIND.consensusKey, key),
  /** Withdrawn stake that is still locked. */
  unbonding: (id: AccountId): Uint8Array => keyOf(KEY_KIND.unbonding, id),
  /** By the digest of its canonical text. */
  intent: (intent: Digest): Uint8Array => keyOf(KEY_KIND.intent, intent),
  /** By the SHA-256 of its script. */
  theorem: (script: Digest): Uint8Array => keyOf(KEY_KIND.theorem, script),
  /** Certificate of an intent, by the digest of its canonical text. */
  intentCertificate: (intent: Digest): Uint8Array => keyOf(KEY_KIND.intentCertificate, intent),
  /** Certificate of a theorem, by the SHA-256 of its script. */
  theoremCertificate: (script: Digest): Uint8Array => keyOf(KEY_KIND.theoremCertificate, script),
  /** By the SHA-256 of a source. */
  source: (source: Digest): Uint8Array => keyOf(KEY_KIND.source, source),
  /** By the digest of `Offence`. */
  offence: (offence: Digest): Uint8Array => keyOf(KEY_KIND.offence, offence),
  /** An equivocation that counts with others, by its number. */
  conviction: (number: number): Uint8Array => numbered(KEY_KIND.conviction, number),
  /** Numbers of the convictions, and the sum of their shares. */
  convictions: Uint8Array.of(0x4a),
  /** The chain parameters. */
  parameters: Uint8Array.of(0x40),
  /** Genesis supply, minted and burned. */
  supply: Uint8Array.of(0x41),
  /** The set that votes on the next block. */
  votingSet: Uint8Array.of(0x42),
  /** The set that voted on the last block. */
  previousSet: Uint8Array.of(0x43),
  /** Counters of all queues. */
  queues: Uint8Array.of(0x44),
  /** Votes of the current epoch. */
  participation: Uint8Array.of(0x46),
  /** An entry of a queue. */
  queueEntry: (lane: Lane, position: number): Uint8Array =>
    keyOf(KEY_KIND.queueEntry, entryName(lane, position)),
  /** Where an account waits in a lane. */
  queuePlace: (lane: Lane, id: AccountId): Uint8Array =>
    keyOf(KEY_KIND.queuePlace, placeName(lane, id)),
  /** Header times. */
  clock: Uint8Array.of(0x47),
  /** Deposits for room in the state: part of what is held. Nothing locks any yet. */
  deposits: Uint8Array.of(0x4b),
  /** Base fees of both lanes in the next block. */
  baseFees: Uint8Array.of(0x48),
  /** When a border was, by its number from 1 on. */
  datedBorder: (border: number): Uint8Array => numbered(KEY_KIND.datedBorder, border),
} as const;

/** First byte of a key. */
export const KEY_KIND = {
  account: 0x01,
  holding: 0x02,
  asset: 0x03,
  validator: 0x10,
  consensusKey: 0x11,
  unbonding: 0x12,
  intent: 0x20,
  theorem: 0x21,
  intentCertificate: 0x22,
  theoremCertificate: 0x23,
  source: 0x24,
  offence: 0x30,
  conviction: 0x31,
  datedBorder: 0x49,
  deposits: 0x4b,
  queueEntry: 0x50,
  queuePlace: 0x51,
} as const;

/** Unbonding entries of one account at a time. */
export const UNBONDING_ENTRIES_MAX = 64;

/** Bytes of an intent's canonical text: its source may be 64 KiB, constants may grow it. */
export const CANONICAL_BYTES_MAX = 1_000_000;

/** What the ledger keeps of an account. */
export const Account = struct("Account", {
  /** Micro-tokens of the native asset that can be spent. */
  balance: amount,
  /** Proofs of this account that have entered blocks, as author or cosigner. */
  nonce,
});
export type Account = Infer<typeof Account>;

/** What an account has of a declared asset; none is absent. */
export const Holding = struct("Holding", { amount });
export type Holding = Infer<typeof Holding>;

/** A declared asset: there from genesis or from the first intent that uses it, for good. */
export const AssetRecord = struct("AssetRecord", {
  /** UTF-8, as declared. Name and issuer are what the asset's id is a digest of. */
  name: boundedBytes(64),
  /** Must be among the signers of whatever changes the supply. */
  issuer: accountId,
  /** The sum of all holdings. */
  supply: amount,
});
export type AssetRecord = Infer<typeof AssetRecord>;

/**
 * `active` votes, or will; `leaving`: stake under the minimum, power on its way to zero; `jailed`:
 * absent for so long that it has no power until it asks back; `ejected`: convicted of an equivocation,
 * no power until it comes back under a new key.
 */
export const ValidatorStatus = enumeration(["active", "leaving", "jailed", "ejected"]);
export type ValidatorStatus = Infer<typeof ValidatorStatus>;

/** Votes of one finished epoch, and blocks that it could vote on. */
const VotedEpoch = struct("VotedEpoch", { votes: natural(4), blocks: natural(4) });

/** Finished epochs of a validator that are too short to tell whether it is absent: see `addEpoch`. */
const ShortEpochs = struct("ShortEpochs", {
  /** Certificates with its vote, and all that could have it. */
  votes: natural(8),
  blocks: natural(8),
  /** Header time that they lasted. */
  lastedMs: natural(8),
});
export type ShortEpochs = Infer<typeof ShortEpochs>;
export const NO_SHORT_EPOCHS: ShortEpochs = { votes: 0, blocks: 0, lastedMs: 0 };

/** Finished epochs that accuracy is measured over. */
export const ACCURACY_EPOCHS = 8;

/** A staker. Its power is what the voting set says; this is what it should become. */
export const ValidatorRecord = struct("ValidatorRecord", {
  key: publicKey,
  /** Bonded micro-tokens; not part of the balance. */
  stake: amount,
  status: ValidatorStatus,
  /** Earned since the first block, shares and bonuses; they went to the balance. */
  rewards: amount,
  /** Tips of the blocks that it proposed; they went there too. */
  tips: amount,
  /** Blocks of finished epochs whose certificate had its signature, and all in which it could. */
  votes: natural(8),
  blocks: natural(8),
  offences: natural(4),
  slashed: amount,
  /** The last finished epochs in which it had power, oldest first: see `accuracyOf`. */
  recent: list(VotedEpoch, ACCURACY_EPOCHS),
  /** Header time of finished epochs that it missed, less what it voted on: see `absenceAfter`. */
  absent: natural(8),
  /** Finished epochs that `absent` does not count yet. */
  short: ShortEpochs,
  /** Takes the place of `key` at a border. */
  nextKey: optional(publicKey),
  /** Sequence of the block that convicted it of an equivocation, until it comes back. */
  convictedAt: optional(sequence),
});
export type ValidatorRecord = Infer<typeof ValidatorRecord>;

/** Stake that was withdrawn. `freeAt`, in header time, is 0 while its power is still in effect. */
const UnbondingEntry = struct("UnbondingEntry", { amount, freeAt: timestamp });

/** Withdrawn stake of one account, oldest first. It can still be slashed. */
export const Unbonding = struct("Unbonding", {
  entries: list(UnbondingEntry, UNBONDING_ENTRIES_MAX),
});
export type Unbonding = Infer<typeof Unbonding>;

/** Basis of a `certified` record; who has the certificate can check it again without a solver. */
export const Certification = struct("Certification", {
  /** Version of the kernel that accepted it; later kernels accept it still. */
  kernelVersion: natural(4),
  /** SHA-256 of the certificate, which the state holds beside the record. */
  certificateHash: digest,
});
export type Certification = Infer<typeof Certification>;

// Never `none`; `certification` is there when `trust` is `certified`, and only then.
const basis = { trust: Trust, certification: optional(Certification) };

/** A published intent; its trust is `certified`. */
export const IntentRecord = struct("IntentRecord", {
  /** Canonical text; compiling it gives the intent with this key as its digest. */
  canonical: boundedBytes(CANONICAL_BYTES_MAX),
  difficulty,
  author: accountId,
  /** Version of the Judge that proved it. */
  judgeVersion: natural(4),
  sequence,
  /** From the genesis list: may write stake. */
  origin: enumeration(["genesis", "published"]),
  ...basis,
});
export type IntentRecord = Infer<typeof IntentRecord>;

/** Programs that a source published, so that the same bytes are recognized without compiling them. */
export const SourceRecord = struct("SourceRecord", { sequence });
export type SourceRecord = Infer<typeof SourceRecord>;

/** A notarized fact. */
export const TheoremRecord = struct("TheoremRecord", {
  difficulty,
  resource,
  author: accountId,
  judgeVersion: natural(4),
  sequence,
  ...basis,
});
export type TheoremRecord = Infer<typeof TheoremRecord>;

/** A certificate as the state holds it: its own canonical bytes, without anything around them. */
export const certificateCoding: Coding<Uint8Array> = {
  encode: (certificate) => {
    assert(certificate.length <= CERTIFICATE_BYTES_MAX, "a stored certificate is within its bound");
    return certificate;
  },
  decode: (bytes) => bytes,
};

/** Of the native asset: supply = genesis + minted - burned. */
export const Supply = struct("Supply", { genesis: amount, minted: amount, burned: amount });
export type Supply = Infer<typeof Supply>;

/** Base fee of each lane in the next block: micro-tokens for each million units of weight. */
export const BaseFees = struct("BaseFees", { invoke: amount, judged: amount });
export type BaseFees = Infer<typeof BaseFees>;

const VoteCount = struct("VoteCount", { votes: natural(4) });

/** Who signed how many of the certificates of this epoch; by index in the voting set. */
export const Participation = struct("Participation", {
  blocks: natural(4),
  members: list(VoteCount, VALIDATORS_MAX),
});
export type Participation = Infer<typeof Participation>;

/**
 * Header times that the rules ask for. A border's time is the timestamp of its block; before the
 * first border it is that of genesis.
 */
export const Clock = struct("Clock", {
  genesis: timestamp,
  /** Of the last block's parent. */
  parent: timestamp,
  /** Of the last block. */
  now: timestamp,
  previousBorder: timestamp,
  border: timestamp,
  /** Borders since genesis. */
  borders: natural(8),
  /** Number of the oldest border whose date is kept. */
  oldestDated: natural(8),
});
export type Clock = Infer<typeof Clock>;

/** Sequence and timestamp of a border, and the power of the whole set that voted up to it. */
export const DatedBorder = struct("DatedBorder", { sequence, timestamp, power: amount });
export type DatedBorder = Infer<typeof DatedBorder>;

export { ChainParameters, KeyRecord, OffenceRecord };

/** Gets what is not burned of fees, and what is slashed. Nobody knows a key for it. */
export const TREASURY: AccountId = toAccountId(taggedHash("treasury"));

/** Time of something that waits for a border and has no date yet. */
export const NO_DATE: Timestamp = toTimestamp(0);

function numbered(kind: number, number: number): Uint8Array {
  const key = new Uint8Array(9);
  key[0] = kind;
  new DataView(key.buffer).setBigUint64(1, BigInt(number));
  return key;
}

function keyOf(kind: number, rest: Uint8Array): Uint8Array {
  const key = new Uint8Array(1 + rest.length);
  key[0] = kind;
  key.set(rest, 1);
  return key;
}
