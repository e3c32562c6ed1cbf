import {
  accountId,
  boolean,
  boundedBytes,
  difficulty,
  digest,
  enumeration,
  type Infer,
  list,
  natural,
  sequence,
  struct,
} from "@aethel/models/codec";
import { LANGUAGE_LIMITS } from "@aethel/verifier";
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

/** Kind of the type of a parameter. An enumeration has its name and its number of words beside. */
export const ParameterKind = enumeration([
  "account",
  "amount",
  "int",
  "bool",
  "digest",
  "signature",
  "enum",
]);

/** Parameter of an intent of a contract, as far as arguments and signers must fit it. */
export const InterfaceParameter = struct("InterfaceParameter", {
  name: boundedBytes(LANGUAGE_LIMITS.nameLength),
  kind: ParameterKind,
  /** Name of an enumeration; empty for other types. */
  typeName: boundedBytes(LANGUAGE_LIMITS.nameLength),
  /** Number of words of an enumeration; 0 for other types. */
  words: natural(1),
  isSigner: boolean,
  /** Whether an account may be `none`. */
  isOptional: boolean,
});

export type InterfaceParameter = Infer<typeof InterfaceParameter>;

/**
 * Intent of a contract: its contract, and all that must be known of a call before it is charged for
 * loading the contract. All of it follows from the contract's text. It is recorded so that calls
 * are admitted without compiling the text.
 */
export const ContractIntentRecord = struct("ContractIntentRecord", {
  contract: digest,
  /** Index of the intent in the contract. */
  index: natural(1),
  /** Bytes of the contract's canonical text. */
  textBytes: natural(4),
  /** Name of the contract and of the intent, such as `escrow.open`. */
  name: boundedBytes(2 * LANGUAGE_LIMITS.nameLength + 1),
  parameters: list(InterfaceParameter, LANGUAGE_LIMITS.parameters),
  /** Most bytes that one call can add to the state, with those that settling the fee can add. */
  growth: natural(4),
  /** Most accounts and holdings that one call can create. */
  entries: natural(2),
  /** Most bytes of keys and values of cells that one call can create. */
  cellBytes: natural(4),
  /** Least execution units of every complete call. */
  leastUnits: natural(4),
});

export type ContractIntentRecord = Infer<typeof ContractIntentRecord>;
