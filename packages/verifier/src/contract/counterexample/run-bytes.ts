import { assert } from "@aethel/models/primitives";
import {
  type ByteReader,
  isAtEnd,
  readByte,
  readBytes,
  readLength,
  readNatural,
  writeBytes,
  writeNatural,
} from "../../bytes/byte-reader.ts";
import { LANGUAGE_LIMITS } from "../../language/syntax/limits.ts";
import { STATEMENT_KINDS, type Statement } from "./statement.ts";

/** Greatest number of bytes of an encoded run. Evidence has as much room for a counterexample. */
export const REFUTATION_BYTES_MAX = 16_384;

/** Greatest numbers of assets, the native one included. */
const ASSETS_MAX = 1 + LANGUAGE_LIMITS.constants;

/** Greatest numbers of parts of an encoded run. The Judge's own runs have a tenth of these. */
const MOST = {
  arguments: LANGUAGE_LIMITS.parameters,
  signers: 64,
  scalars: LANGUAGE_LIMITS.entries,
  cells: 256,
  vaults: ASSETS_MAX,
  supplies: ASSETS_MAX,
  holdings: 256,
  signatures: 64,
  keys: 2,
} as const;

/**
 * Run that refutes a contract, as its bytes hold it: a statement, and the state and the call in
 * which it is false. Values have the fixed size of their types, in the order in which the contract
 * declares them.
 */
export interface RunParts {
  readonly statement: Statement;
  /** Index of the called intent, counted from 1. 0: the statement is about no call. */
  readonly intent: number;
  readonly arguments: readonly Uint8Array[];
  /** Account ids. */
  readonly signers: readonly Uint8Array[];
  readonly sequence: bigint;
  readonly now: bigint;
  readonly scalars: readonly Uint8Array[];
  readonly cells: readonly {
    readonly map: number;
    readonly keys: Uint8Array;
    readonly value: Uint8Array;
  }[];
  /** Balances of the vault: of the native asset, then of each declared one. */
  readonly vaults: readonly bigint[];
  /** Supplies of the declared assets. */
  readonly supplies: readonly bigint[];
  readonly holdings: readonly {
    readonly account: Uint8Array;
    /** 0: native balance, 1: stake, from 2 on: balance of a declared asset. */
    readonly field: number;
    readonly amount: bigint;
  }[];
  /** Signatures of messages that are valid, with their accounts. */
  readonly signatures: readonly { readonly account: Uint8Array; readonly signature: Uint8Array }[];
  /** Keys of the maps that the statement binds. */
  readonly keys: readonly Uint8Array[];
}

/**
 * Encodes a run. Undefined if it has more parts or bytes than there is room for.
 *
 *     run        kind byte | at | part | intent | arguments | signers | sequence | now | scalars
 *                | cells | vaults | supplies | holdings | signatures | keys
 *     list       count | item ...
 *     bytes      length | bytes
 *     cell       map | keys as bytes | value as bytes
 *     holding    account as bytes | field | amount
 *     signature  account as bytes | signature as bytes
 *
 * Numbers, counts and lengths are LEB128 in their shortest form, see `ByteReader`.
 */
export function encodeParts(parts: RunParts): Uint8Array | undefined {
  const { statement, intent, sequence, now } = parts;
  let isInRoom = true;
  const out: number[] = [STATEMENT_KINDS.indexOf(statement.kind)];
  const number = (value: number | bigint): void => {
    assert(value >= 0, "a number of a run is natural");
    writeNatural(out, BigInt(value));
  };
  const bytes = (value: Uint8Array): void => writeBytes(out, value);
  const list = <Item>(most: number, items: readonly Item[], write: (item: Item) => void): void => {
    isInRoom &&= items.length <= most;
    number(items.length);
    for (const item of items) write(item);
  };
  number(statement.at);
  number(statement.part);
  number(intent);
  list(MOST.arguments, parts.arguments, bytes);
  list(MOST.signers, parts.signers, bytes);
  number(sequence);
  number(now);
  list(MOST.scalars, parts.scalars, bytes);
  list(MOST.cells, parts.cells, ({ map, keys, value }) => {
    number(map);
    bytes(keys);
    bytes(value);
  });
  list(MOST.vaults, parts.vaults, number);
  list(MOST.supplies, parts.supplies, number);
  list(MOST.holdings, parts.holdings, ({ account, field, amount }) => {
    bytes(account);
    number(field);
    number(amount);
  });
  list(MOST.signatures, parts.signatures, ({ account, signature }) => {
    bytes(account);
    bytes(signature);
  });
  list(MOST.keys, parts.keys, bytes);
  return isInRoom && out.length <= REFUTATION_BYTES_MAX ? Uint8Array.from(out) : undefined;
}

/** Thrown and caught here: bytes that `encodeParts` never returns. */
class Malformed extends Error {}

/** Decodes a run. Undefined for bytes that `encodeParts` never returns. */
export function decodeParts(bytes: Uint8Array): RunParts | undefined {
  if (bytes.length > REFUTATION_BYTES_MAX) return undefined;
  try {
    return readParts({ bytes, at: 0 });
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function readParts(reader: ByteReader): RunParts {
  const index = (): number => given(readLength(reader));
  const amount = (): bigint => below(2n ** 64n, given(readNatural(reader, 10)));
  const bytes = (): Uint8Array => given(readBytes(reader));
  const sized = (size: number): Uint8Array => {
    const value = bytes();
    return given(value.length === size ? value : undefined);
  };
  const id = (): Uint8Array => sized(32);
  const list = <Item>(most: number, read: () => Item): readonly Item[] => {
    const count = index();
    if (count > most) throw new Malformed();
    return Array.from({ length: count }, read);
  };
  // Fields are read in the order in which they are written here.
  const parts: RunParts = {
    statement: {
      kind: given(STATEMENT_KINDS[given(readByte(reader))]),
      at: index(),
      part: index(),
    },
    intent: index(),
    arguments: list(MOST.arguments, bytes),
    signers: list(MOST.signers, id),
    sequence: amount(),
    now: amount(),
    scalars: list(MOST.scalars, bytes),
    cells: list(MOST.cells, () => ({ map: index(), keys: bytes(), value: bytes() })),
    vaults: list(MOST.vaults, amount),
    supplies: list(MOST.supplies, amount),
    holdings: list(MOST.holdings, () => ({ account: id(), field: index(), amount: amount() })),
    signatures: list(MOST.signatures, () => ({ account: id(), signature: sized(64) })),
    keys: list(MOST.keys, bytes),
  };
  if (!isAtEnd(reader)) throw new Malformed();
  return parts;
}

function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Malformed();
  return value;
}

function below(end: bigint, value: bigint): bigint {
  if (value >= end) throw new Malformed();
  return value;
}
