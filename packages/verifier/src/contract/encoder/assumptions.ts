import {
  add,
  and,
  atMost,
  choose,
  equal,
  integer,
  not,
  select,
  subtract,
  symbol,
  under,
} from "../../intent/build-term.ts";
import {
  inAmountRange,
  sequenceRange,
  supplyMax,
  supplyRange,
} from "../../intent/ledger-invariants.ts";
import type { Term } from "../../term.ts";
import type { ContractParameter, TypedContract, TypedRule } from "../typed/typed-contract.ts";
import type { ScalarType } from "../typed/value-types.ts";
import type { ContractTerms } from "./contract-terms.ts";
import {
  type EncodedTyped,
  type Encoding,
  encodeTyped,
  mapNamed,
  nowTerm,
  sequenceTerm,
  signedTerm,
  type Touch,
} from "./encode-typed.ts";
import type { SumTable } from "./sums.ts";
import {
  cellAt,
  holdingKey,
  lookUp,
  type SymbolicState,
  sortOf,
  type Terms,
} from "./symbolic-state.ts";
import { firstOf, forget, keyOf, type Touched } from "./touched.ts";
import { isLiteralInRange, noneTerm, rangeOfScalar, rangesOf } from "./type-terms.ts";

/** State before a call, with the parts of it about which assumptions are made. */
export interface Before {
  readonly contract: TypedContract;
  readonly sums: SumTable;
  readonly state: SymbolicState;
  readonly touched: Touched;
  /** Keys for which the goal is proved, in addition to the keys that the call reads or stores. */
  readonly bound: readonly BoundKeys[];
}

/** Fresh symbols that stand for arbitrary keys of a map. */
export interface BoundKeys {
  readonly map: string;
  readonly keys: Terms;
  /**
   * False for keys that are only read by an invariant. They may be outside the range of their
   * types. Default: true.
   */
  readonly isInRange?: boolean;
}

/** Returns the terms of the parameters, by name. */
export function parameterTerms(parameters: readonly ContractParameter[]): Map<string, Terms> {
  return new Map(parameters.map(({ name, type }) => [name, [symbol(name, sortOf(type))]]));
}

/**
 * Returns the assumptions about arguments: numbers are in range, signers signed, and only
 * `optional` accounts may be `none`.
 */
export function argumentFacts(
  parameters: readonly ContractParameter[],
  locals: ReadonlyMap<string, Terms>,
): readonly Term[] {
  return parameters.flatMap(({ name, type, isSigner, isOptional }) => {
    const [term] = lookUp(locals, name);
    if (term === undefined || type.kind === "signature") return [];
    if (type.kind === "account") {
      if (isSigner) return [signedTerm(term)];
      return isOptional ? [] : [not(equal(term, noneTerm))];
    }
    return rangeOfScalar(type, term) ?? [];
  });
}

/** Returns the assumptions about the clock: the sequence and the time are in range. */
export function clockFacts(): readonly Term[] {
  return [sequenceRange(sequenceTerm), sequenceRange(nowTerm)];
}

/**
 * Returns the assumptions about holdings that the ledger ensures. Each amount is in its range. The
 * holdings of an asset, including those of the contract, add up to at most its supply.
 */
export function ledgerFacts({ contract, state, touched }: Before): readonly Term[] {
  return ["", ...contract.assets.map((asset) => asset.name)].flatMap((asset) => {
    const accounts = touched.accounts(asset);
    const fields = asset === "" ? ["balance", "stake"] : [holdingKey("balance", asset)];
    const arrays = fields.map((field) => lookUp(state.holdings, field));
    const ranges = accounts.flatMap((account) =>
      arrays.map((array) => inAmountRange(select(array, account))),
    );
    const isFirst = firstOf(accounts.map((account) => [account]));
    const held = accounts.map((account, at) => {
      const all = add(...arrays.map((array) => select(array, account)));
      const first = isFirst[at];
      return first === undefined || at === 0 ? all : choose(first, all, integer(0n));
    });
    const vault = lookUp(state.vaults, asset);
    const supply = asset === "" ? integer(supplyMax) : lookUp(state.supplies, asset);
    const supplyFacts = asset === "" ? [] : [supplyRange(supply)];
    return [...supplyFacts, inAmountRange(vault), ...ranges, atMost(add(vault, ...held), supply)];
  });
}

/**
 * Returns the range assumptions for all scalars, and for the cells at the keys that `keysOf`
 * returns.
 */
export function stateRanges(before: Before): readonly Term[] {
  const { contract, state } = before;
  const scalars = contract.scalars.flatMap(({ name, type }) =>
    rangesOf(type, lookUp(state.scalars, name)),
  );
  const cells = contract.maps.flatMap(({ name, value }) =>
    keysOf(before, name).flatMap((keys) => rangesOf(value, cellAt(state, name, keys))),
  );
  return [...scalars, ...cells];
}

/**
 * Returns the keys at which the call reads or stores a cell of a map, and the map's keys in
 * `bound`, each once.
 */
export function keysOf({ touched, bound }: Before, map: string): readonly Terms[] {
  const keys = new Map<string, Terms>();
  const own = bound.flatMap((one) => (one.map === map ? [one.keys] : []));
  for (const one of [...own, ...touched.cells(map)]) keys.set(keyOf(one), one);
  return [...keys.values()];
}

/**
 * Returns the assumptions that the keys in `bound` are in the range of their types, except those
 * with `isInRange` false.
 */
export function boundFacts({ contract, bound }: Before): readonly Term[] {
  return bound.flatMap(({ map, keys, isInRange }) => {
    if (isInRange === false) return [];
    const types = mapNamed(contract, map).keys;
    return keys.flatMap((key, at) => {
      const type = types[at];
      return type === undefined ? [] : (rangeOfScalar(type, key) ?? []);
    });
  });
}

/** Greatest number of instances of one invariant that are assumed. */
const INSTANCES_MAX = 64;

/**
 * Returns instances of all invariants in the state before the call, as assumptions. An invariant is
 * instantiated at the keys that `candidateKeys` returns for its maps. `touch` receives the places
 * that the invariants read.
 */
export function invariantFacts(before: Before, touch: Touch = forget): readonly Term[] {
  return before.contract.invariants.flatMap((rule) => {
    const choices = rule.forEach.map((head) => candidateKeys(before, head.map));
    return product(choices)
      .slice(0, INSTANCES_MAX)
      .map((keys) => {
        const inRange = rule.forEach.flatMap((head, at) =>
          keysInRange(before, head.map, keys[at] ?? []),
        );
        return under(inRange, instanceOf(rule, keys, before, touch));
      });
  });
}

/**
 * Returns the conditions under which an invariant applies to some keys: each key is in the range of
 * its type. Leaves out conditions that need no proof, because the key is in `bound` or is a literal
 * in range.
 */
function keysInRange({ contract, bound }: Before, map: string, keys: Terms): readonly Term[] {
  const isBound = bound.some((one) => one.isInRange !== false && keyOf(one.keys) === keyOf(keys));
  if (isBound) return [];
  const types = mapNamed(contract, map).keys;
  return keys.flatMap((key, at) => {
    const type = types[at];
    const range = type === undefined ? undefined : rangeOfScalar(type, key);
    return range === undefined || isLiteralInRange(type, key) ? [] : [range];
  });
}

/**
 * Returns the keys at which an invariant over `map` is assumed: those at which the call reads or
 * stores a cell of the map, and those in `bound` with the same types.
 */
function candidateKeys(before: Before, map: string): readonly Terms[] {
  const { contract, bound } = before;
  const types = mapNamed(contract, map).keys;
  const keys = new Map(keysOf(before, map).map((own) => [keyOf(own), own]));
  for (const other of bound) {
    const others = mapNamed(contract, other.map).keys;
    if (sameTypes(types, others)) keys.set(keyOf(other.keys), other.keys);
  }
  return [...keys.values()];
}

function sameTypes(left: readonly ScalarType[], right: readonly ScalarType[]): boolean {
  return (
    left.length === right.length &&
    left.every((type, at) => {
      const other = right[at];
      if (other === undefined || type.kind !== other.kind) return false;
      return type.kind !== "enum" || (other.kind === "enum" && type.name === other.name);
    })
  );
}

function product(choices: readonly (readonly Terms[])[]): readonly (readonly Terms[])[] {
  return choices.reduce<readonly (readonly Terms[])[]>(
    (rest, own) => rest.slice(0, INSTANCES_MAX).flatMap((keys) => own.map((key) => [...keys, key])),
    [[]],
  );
}

function instanceOf(
  rule: TypedRule,
  keys: readonly Terms[],
  { contract, sums, state }: Before,
  touch: Touch,
): Term {
  const locals = ruleLocals(rule, keys);
  const encoding: Encoding = { contract, sums, locals, before: state, now: state, touch };
  const [condition] = encodeTyped(rule.condition, encoding).terms;
  return condition ?? { type: "boolean", value: true };
}

/** Returns the terms of the keys that a rule binds, by name. */
export function ruleLocals(rule: TypedRule, keys: readonly Terms[]): Map<string, Terms> {
  const locals = new Map<string, Terms>();
  rule.forEach.forEach((head, at) => {
    head.binders.forEach(({ name }, place) => {
      const key = keys[at]?.[place];
      if (key !== undefined) locals.set(name, [key]);
    });
  });
  return locals;
}

/**
 * Returns the assumptions about sums whose terms are never negative. Each sum is at least the sum
 * over the distinct cells at the keys that `keysOf` returns.
 */
export function sumFacts(before: Before): readonly Term[] {
  const { state, sums } = before;
  return sums.entries.flatMap(({ sum, isShown }, at) => {
    const total = state.sums[at];
    if ((!sum.isNatural && !isShown) || total === undefined) return [];
    const lists = keysOf(before, sum.map);
    const isFirst = firstOf(lists);
    const terms = lists.map((keys) => {
      const term = sumTerm(sum, keys, before, cellAt(state, sum.map, keys));
      const inRange = keysInRange(before, sum.map, keys);
      return inRange.length === 0 ? term : choose(and(...inRange), term, integer(0n));
    });
    if (sum.row === undefined) {
      const counted = terms.map((term, place) => countIf(isFirst[place], term, place));
      return [atMost(add(integer(0n), ...counted), total)];
    }
    // Of a row only the cells with the same first key count.
    return lists.flatMap((keys) => {
      const [row] = keys;
      if (row === undefined) return [];
      const counted = terms.map((term, place) => {
        const other = lists[place]?.[0] ?? row;
        const first = isFirst[place];
        const inRow = equal(other, row);
        return choose(
          first === undefined || place === 0 ? inRow : and(inRow, first),
          term,
          integer(0n),
        );
      });
      return [atMost(add(integer(0n), ...counted), select(total, row))];
    });
  });
}

function countIf(condition: Term | undefined, term: Term, at: number): Term {
  return condition === undefined || at === 0 ? term : choose(condition, term, integer(0n));
}

/** Returns the term that a sum adds for one cell. `cell` has the fields of the cell as terms. */
export function sumTerm(
  sum: SumTable["entries"][number]["sum"],
  keys: Terms,
  { contract, sums, state }: Pick<Before, "contract" | "sums" | "state">,
  cell: Terms,
): Term {
  const encoded = encodeSumTerm(sum, keys, { contract, sums, before: state }, cell);
  return encoded.terms[0] ?? integer(0n);
}

/**
 * Encodes the term that a sum adds for one cell, with the checks under which the term has a value.
 * `cell` has the fields of the cell as terms.
 */
export function encodeSumTerm(
  sum: SumTable["entries"][number]["sum"],
  keys: Terms,
  { contract, sums, before: state }: ContractTerms,
  cell: Terms,
): EncodedTyped {
  const varying = sum.row === undefined ? keys : keys.slice(1);
  const locals = new Map<string, Terms>([[sum.cell, cell]]);
  sum.keys.forEach((name, at) => {
    const key = varying[at];
    if (key !== undefined) locals.set(name, [key]);
  });
  const encoding: Encoding = { contract, sums, locals, before: state, now: state, touch: forget };
  return encodeTyped(sum.term, encoding);
}

/** Returns the difference that a store to one cell makes to a sum. */
export function sumStep(
  sum: SumTable["entries"][number]["sum"],
  keys: Terms,
  before: Pick<Before, "contract" | "sums" | "state">,
  change: { readonly old: Terms; readonly now: Terms },
): Term {
  return subtract(sumTerm(sum, keys, before, change.now), sumTerm(sum, keys, before, change.old));
}
