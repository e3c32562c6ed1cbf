import {
  accountId,
  boundedBytes,
  difficulty,
  digest,
  type Infer,
  natural,
  sequence,
  struct,
} from "@aethel/models/codec";
import { CANONICAL_BYTES_MAX, Certification } from "./records.ts";

/**
 * Version of the language of contracts. A contract has the semantics of its version forever: a
 * later version of this software MUST run it as this version does.
 */
export const LANGUAGE_VERSION = 1;

/**
 * Published contract; it never changes. Its trust is `certified`. The author is the one of the
 * first publication and has no rights.
 */
export const ContractRecord = struct("ContractRecord", {
  /** Canonical text. Its SHA-256 is in the state key and identifies the contract. */
  canonical: boundedBytes(CANONICAL_BYTES_MAX),
  difficulty,
  author: accountId,
  /** Version of the Judge that found the contract valid. */
  judgeVersion: natural(4),
  /** Version of the language that says what the text means. */
  languageVersion: natural(2),
  sequence,
  certification: Certification,
});

export type ContractRecord = Infer<typeof ContractRecord>;

/** Contract of an intent that calls name by a digest, and index of the intent in the contract. */
export const ContractIntentRecord = struct("ContractIntentRecord", {
  contract: digest,
  index: natural(1),
});

export type ContractIntentRecord = Infer<typeof ContractIntentRecord>;
