import { amountMax, intMax, sequenceMax } from "../../language/syntax/fields.ts";
import type { TypedContract, TypedMap } from "../typed/typed-contract.ts";
import type { FieldValue, ScalarType, ValueType } from "../typed/value-types.ts";
import { defaultOf } from "../typed/values.ts";
import { type Formula, type Formulas, present } from "./formulas.ts";
import { type Sum, sumsOf } from "./sums.ts";

/** Value as formulas: one, or one for each field of a record. */
export type Parts = readonly Formula[];

/** State of the ledger and of the contract. Maps and holdings are arrays. */
export interface State {
  /** By `balance`, `stake` and `balance[ASSET]`. */
  readonly holdings: ReadonlyMap<string, Formula>;
  readonly supplies: ReadonlyMap<string, Formula>;
  /** By asset; the native one has the empty name. */
  readonly vaults: ReadonlyMap<string, Formula>;
  readonly scalars: ReadonlyMap<string, Parts>;
  /** An array for each field of a cell. A map with two keys has arrays of arrays. */
  readonly maps: ReadonlyMap<string, Parts>;
  /** By the index of the sum. A sum over rows is an array. */
  readonly sums: Parts;
}

/** Contract with the symbols of its state before a call. */
export interface Symbols {
  readonly contract: TypedContract;
  readonly formulas: Formulas;
  readonly sums: readonly Sum[];
  readonly before: State;
  readonly sequence: Formula;
  readonly now: Formula;
  readonly signers: Formula;
  /** Account for which a rule is shown. */
  readonly anyone: Formula;
  /** Account whose claims are added up. */
  readonly owner: Formula;
  /** Types of the symbols and arrays that stand for the state before, by their canonical forms. */
  readonly readings: ReadonlyMap<Formula, ScalarType>;
}

const amount: ScalarType = { kind: "amount" };

/** Returns the symbols of a contract. Their names are those of the table in the document. */
export function symbolsOf(contract: TypedContract, formulas: Formulas): Symbols {
  const readings = new Map<Formula, ScalarType>();
  const symbol = (name: string, depth: number, type: ScalarType): Formula => {
    const made = formulas.symbol(name, `${"[integer]".repeat(depth)}${sortOf(type)}`);
    readings.set(made, type);
    return made;
  };
  const parts = (name: string, depth: number, type: ValueType): Parts =>
    partTypes(type).map((part, at) => symbol(`${name}.${at}`, depth, part));
  const sums = sumsOf(contract);
  const before: State = {
    holdings: new Map(
      [...assetsOf(contract).map(balanceOf), "stake"].map((key) => [
        key,
        symbol(`.${key}`, 1, amount),
      ]),
    ),
    supplies: new Map(
      contract.assets.map(({ name }) => [name, symbol(`.supply[${name}]`, 0, amount)]),
    ),
    vaults: new Map(
      assetsOf(contract).map((asset) => [asset, symbol(`.vault[${asset}]`, 0, amount)]),
    ),
    scalars: new Map(
      contract.scalars.map(({ name, type }) => [name, parts(`.scalar.${name}`, 0, type)]),
    ),
    maps: new Map(
      contract.maps.map(({ name, keys, value }) => [
        name,
        parts(`.map.${name}`, keys.length, value),
      ]),
    ),
    sums: sums.map(({ sum }, at) =>
      formulas.symbol(`.sum.${at}`, sum.row === undefined ? "integer" : "[integer]integer"),
    ),
  };
  return {
    contract,
    formulas,
    sums,
    before,
    sequence: formulas.symbol(".sequence", "integer"),
    now: formulas.symbol(".now", "integer"),
    signers: formulas.symbol(".signers", "[integer]boolean"),
    anyone: formulas.symbol(".anyone", "integer"),
    owner: formulas.symbol(".owner", "integer"),
    readings,
  };
}

/** Returns the names of the assets of a contract; the native one has the empty name. */
export function assetsOf(contract: TypedContract): readonly string[] {
  return ["", ...contract.assets.map(({ name }) => name)];
}

/** Returns the name of the holdings of an asset. */
export function balanceOf(asset: string): string {
  return asset === "" ? "balance" : `balance[${asset}]`;
}

export function sortOf(type: { readonly kind: string }): "integer" | "boolean" {
  return type.kind === "bool" ? "boolean" : "integer";
}

/** Returns the types of the fields of a record, otherwise the type itself. */
export function partTypes(type: ValueType): readonly ScalarType[] {
  return type.kind === "record" ? type.fields.map((field) => field.type) : [type];
}

export function mapOf(contract: TypedContract, name: string): TypedMap {
  return present(
    contract.maps.find((one) => one.name === name),
    "a checked map is declared",
  );
}

/** Returns the entry of a name that a checked contract declares. */
export function at<V>(entries: ReadonlyMap<string, V>, name: string): V {
  return present(entries.get(name), "a checked name is declared");
}

/** Least and greatest value of a type. Undefined for a type whose values are not in a range. */
export function boundsOf(type: {
  readonly kind: string;
  readonly words?: readonly string[];
}): readonly [bigint, bigint] | undefined {
  switch (type.kind) {
    case "amount":
      return [0n, amountMax];
    case "int":
      return [-intMax, intMax];
    case "enum":
      return [0n, BigInt((type.words?.length ?? 0) - 1)];
    default:
      return undefined;
  }
}

/** Bounds of the sequence and of the time of a call. */
export const clockBounds: readonly [bigint, bigint] = [0n, sequenceMax];

/** Returns the formula that a value is in the range of its type; `true` if the type has none. */
export function inRange(
  formulas: Formulas,
  type: Parameters<typeof boundsOf>[0],
  value: Formula,
): Formula {
  return within(formulas, boundsOf(type), value);
}

/** Returns the formula that a value is within bounds. */
export function within(
  { and, atMost, integer, truth }: Formulas,
  bounds: readonly [bigint, bigint] | undefined,
  value: Formula,
): Formula {
  if (bounds === undefined) return truth;
  const [least, most] = bounds;
  return and([atMost(integer(least), value), atMost(value, integer(most))]);
}

/** Returns a value as a constant. Accounts and digests are the numbers of their bytes. */
export function constantOf({ boolean, integer }: Formulas, value: FieldValue): Formula {
  if (typeof value === "boolean") return boolean(value);
  return integer(typeof value === "bigint" ? value : BigInt(`0x${value}`));
}

/** Returns the parts of a type's default value. */
export function defaultParts(formulas: Formulas, type: ValueType): Parts {
  const value = defaultOf(type);
  return (typeof value === "object" ? value : [value]).map((one) => constantOf(formulas, one));
}

/** Returns the formula that an account is among the signers; `none` never is. */
export function signed(
  { formulas, signers }: Pick<Symbols, "formulas" | "signers">,
  account: Formula,
): Formula {
  return formulas.and([isSomebody(formulas, account), formulas.select(signers, account)]);
}

/** Returns the formula that an account is not `none`. */
export function isSomebody({ equal, integer, not }: Formulas, account: Formula): Formula {
  return not(equal(account, integer(0n)));
}

/** Returns an element of an array at one or two keys. */
export function elementOf({ select }: Formulas, array: Formula, keys: Parts): Formula {
  return keys.reduce((row, key) => select(row, key), array);
}

/** Returns an array in which the element at one or two keys is another. */
export function withElement(
  { select, store }: Formulas,
  array: Formula,
  keys: Parts,
  value: Formula,
): Formula {
  const [first, second] = keys;
  const key = present(first, "a map has a key");
  if (second === undefined) return store(array, key, value);
  return store(array, key, store(select(array, key), second, value));
}

/** Returns the fields of a cell. */
export function cellOf({ formulas }: Symbols, state: State, map: string, keys: Parts): Parts {
  return at(state.maps, map).map((array) => elementOf(formulas, array, keys));
}

/** Returns the formula that two lists of keys are equal. */
export function sameKeys({ and, equal }: Formulas, left: Parts, right: Parts): Formula {
  return and(left.map((key, place) => equal(key, present(right[place], "keys of one map"))));
}

/** Returns, for each list of keys, the formula that it differs from all earlier ones. */
export function firsts(formulas: Formulas, lists: readonly Parts[]): readonly Formula[] {
  return lists.map((keys, place) =>
    formulas.and(
      lists.slice(0, place).map((earlier) => formulas.not(sameKeys(formulas, keys, earlier))),
    ),
  );
}
