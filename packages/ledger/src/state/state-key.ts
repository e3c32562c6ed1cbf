import {
  type AccountId,
  type AssetId,
  concatBytes,
  type Digest,
  type PublicKey,
} from "@aethel/models";
import { entryName, type Lane, placeName } from "./queue-records.ts";

/**
 * All keys of the state tree, with the types of their values. The first byte of a key is its kind
 * (hexadecimal in the table), the rest names one thing of that kind. All keys of a kind have the
 * same length, so keys of different things differ.
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
 * | `25 contract`                | `ContractRecord`, by the digest of the contract's canonical text |
 * | `26 intent digest`           | `ContractIntentRecord`: contract and interface of an intent (`contractIntentDigest`) |
 * | `27 contract`                | certificate of the contract, as it is |
 * | `28 contract`                | all scalars of the contract, in their order (`scalarsCoding`) |
 * | `29 contract asset`          | `Holding` of the contract's vault, also if it is 0; 32 zero bytes: native asset |
 * | `2a contract map keys`       | cell of a map of the contract (`cellCoding`); `map`: its index, one byte |
 * | `30 sha256(offence)`         | `OffenceRecord`   |
 * | `31 number`                  | `Conviction`: an equivocation that counts together with others |
 * | `40`                         | `ChainParameters` |
 * | `41`                         | `Supply`          |
 * | `42`                         | the set that votes on the next block (`encodeValidatorSet`) |
 * | `43`                         | the set that voted on the last block |
 * | `44`                         | `Queues`: counters of all queues |
 * | `46`                         | `Participation` of the current epoch |
 * | `50 queue position`          | `QueueEntry`      |
 * | `51 queue account`           | `QueuePlace`: an account that waits in a queue |
 * | `48`                         | `BaseFees` of the next block |
 * | `4b`                         | `Holding`: sum of deposits for the cells of all contracts |
 * | `47`                         | `Clock`: header times of genesis, blocks and epoch boundaries |
 * | `49 number`                  | `DatedBoundary`: an epoch boundary, while evidence may need it |
 * | `4a`                         | `Convictions`: their numbers, and the sum of their shares |
 *
 * A value that equals its default (an account with balance and nonce 0, a holding of 0, a cell of a
 * map) is absent. Scalars are absent for a contract that declares none.
 */
export const stateKey = {
  /** Key of an account: its balance and nonce. */
  account: (id: AccountId): Uint8Array => keyOf(KEY_KIND.account, id),
  /** Key of the amount of a declared asset in an account. */
  holding: (id: AccountId, asset: AssetId): Uint8Array =>
    keyOf(KEY_KIND.holding, concatBytes(id, asset)),
  /** Key of a declared asset. */
  asset: (id: AssetId): Uint8Array => keyOf(KEY_KIND.asset, id),
  /** Key of a staker: its stake, consensus key and counters. */
  validator: (id: AccountId): Uint8Array => keyOf(KEY_KIND.validator, id),
  /**
   * Key of the owner of a consensus key, and of the periods in which the key was in the validator
   * set.
   */
  consensusKey: (key: PublicKey): Uint8Array => keyOf(KEY_KIND.consensusKey, key),
  /** Key of an account's withdrawn stake that is still locked. */
  unbonding: (id: AccountId): Uint8Array => keyOf(KEY_KIND.unbonding, id),
  /** Key of a published intent, by the digest of its canonical text. */
  intent: (intent: Digest): Uint8Array => keyOf(KEY_KIND.intent, intent),
  /** Key of a recorded theorem, by the SHA-256 of its script. */
  theorem: (script: Digest): Uint8Array => keyOf(KEY_KIND.theorem, script),
  /** Key of an intent's certificate, by the digest of the intent's canonical text. */
  intentCertificate: (intent: Digest): Uint8Array => keyOf(KEY_KIND.intentCertificate, intent),
  /** Key of a theorem's certificate, by the SHA-256 of its script. */
  theoremCertificate: (script: Digest): Uint8Array => keyOf(KEY_KIND.theoremCertificate, script),
  /** Key of a published source, by its SHA-256. */
  source: (source: Digest): Uint8Array => keyOf(KEY_KIND.source, source),
  /** Key of a published contract, by the digest of its canonical text. */
  contract: (contract: Digest): Uint8Array => keyOf(KEY_KIND.contract, contract),
  /** Key of the contract to which an intent belongs, by the digest that calls name. */
  contractIntent: (intent: Digest): Uint8Array => keyOf(KEY_KIND.contractIntent, intent),
  /** Key of a contract's certificate. */
  contractCertificate: (contract: Digest): Uint8Array =>
    keyOf(KEY_KIND.contractCertificate, contract),
  /** Key of the scalars of a contract. */
  scalars: (contract: Digest): Uint8Array => keyOf(KEY_KIND.scalars, contract),
  /** Key of the amount of an asset in a contract's vault. */
  vault: (contract: Digest, asset: AssetId): Uint8Array =>
    keyOf(KEY_KIND.vault, concatBytes(contract, asset)),
  /** Key of a cell. `keys`: the cell's encoded keys, one after the other (`encodeKeys`). */
  cell: (
    contract: Digest,
    place: { readonly map: number; readonly keys: Uint8Array },
  ): Uint8Array =>
    keyOf(KEY_KIND.cell, concatBytes(contract, Uint8Array.of(place.map), place.keys)),
  /** Key of a punished offence, by the digest of `Offence`. */
  offence: (offence: Digest): Uint8Array => keyOf(KEY_KIND.offence, offence),
  /** Key of a conviction for an equivocation that counts together with others, by its number. */
  conviction: (number: number): Uint8Array => numbered(KEY_KIND.conviction, number),
  /** Key of the numbers of the convictions that count together, and of the sum of their shares. */
  convictions: Uint8Array.of(0x4a),
  /** Key of the chain parameters. */
  parameters: Uint8Array.of(0x40),
  /** Key of the supply: the micro-tokens of genesis, minted and burned. */
  supply: Uint8Array.of(0x41),
  /** Key of the set that votes on the next block. */
  votingSet: Uint8Array.of(0x42),
  /** Key of the set that voted on the last block. */
  previousSet: Uint8Array.of(0x43),
  /** Key of the counters of all queues. */
  queues: Uint8Array.of(0x44),
  /** Key of the counts of votes in the current epoch. */
  participation: Uint8Array.of(0x46),
  /** Key of an entry of a queue. */
  queueEntry: (lane: Lane, position: number): Uint8Array =>
    keyOf(KEY_KIND.queueEntry, entryName(lane, position)),
  /** Key of the position of an account in a queue. */
  queuePlace: (lane: Lane, id: AccountId): Uint8Array =>
    keyOf(KEY_KIND.queuePlace, placeName(lane, id)),
  /** Key of the header times of genesis, blocks and epoch boundaries. */
  clock: Uint8Array.of(0x47),
  /**
   * Key of the sum of the deposits: `depositPrice` for each byte of all cells. The sum is included
   * when all held micro-tokens are summed.
   */
  deposits: Uint8Array.of(0x4b),
  /** Key of the base fees of both lanes (invokes and judged proofs) in the next block. */
  baseFees: Uint8Array.of(0x48),
  /** Key of an epoch boundary, by its number. The first has number 1. */
  datedBoundary: (boundary: number): Uint8Array => numbered(KEY_KIND.datedBoundary, boundary),
} as const;

/** Kind of a state key, which is its first byte. */
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
  contract: 0x25,
  contractIntent: 0x26,
  contractCertificate: 0x27,
  scalars: 0x28,
  vault: 0x29,
  cell: 0x2a,
  offence: 0x30,
  conviction: 0x31,
  datedBoundary: 0x49,
  deposits: 0x4b,
  queueEntry: 0x50,
  queuePlace: 0x51,
} as const;

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
