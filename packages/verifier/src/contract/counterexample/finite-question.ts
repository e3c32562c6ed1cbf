import {
  add,
  and,
  atMost,
  choose,
  equal,
  integer,
  not,
  select,
  symbol,
} from "../../intent/build-term.ts";
import type { Obligation } from "../../obligation.ts";
import type { Term, TermValue } from "../../term.ts";
import {
  type Before,
  type BoundKeys,
  boundFacts,
  keysOf,
  stateRanges,
  sumTerm,
} from "../encoder/assumptions.ts";
import { anyone, type ContractObligation, knownOf } from "../encoder/contract-obligation.ts";
import {
  mapNamed,
  nowTerm,
  type SymbolicHash,
  sequenceTerm,
  signersTerm,
} from "../encoder/encode-typed.ts";
import {
  cellAt,
  holdingKey,
  lookUp,
  partsOf,
  sameKeys,
  sortOf,
  type Terms,
} from "../encoder/symbolic-state.ts";
import { firstOf, keyOf, Touched } from "../encoder/touched.ts";
import { defaultTerms, noneTerm } from "../encoder/type-terms.ts";
import type { ValueType } from "../typed/value-types.ts";

/**
 * Question whether an obligation fails in a state with finitely many cells. The cells are those
 * that the call or the rule reads, and some additional ones. In such a state every sum is the sum
 * over these cells, so the state can be written down, and the call can be run on it.
 */
export interface FiniteQuestion {
  readonly question: Obligation;
  /**
   * Cells of the state, by name of the map: the terms of their keys, and one term for each field.
   */
  readonly cells: ReadonlyMap<string, readonly { readonly keys: Terms; readonly parts: Terms }[]>;
  /**
   * Accounts whose holdings the state describes, by name of the asset; the native asset has the
   * empty name.
   */
  readonly accounts: ReadonlyMap<string, readonly Term[]>;
  /** Values whose SHA-256 the call or the rules use. */
  readonly hashes: readonly SymbolicHash[];
}

/** Keys in `Obligation.observed` of the terms whose values describe the state and the call. */
export const observedKey = {
  argument: (name: string): string => `argument ${name}`,
  scalar: (name: string, part: number): string => `scalar ${name} ${part}`,
  cellKey: (map: string, cell: number, at: number): string => `key ${map} ${cell} ${at}`,
  cellPart: (map: string, cell: number, part: number): string => `cell ${map} ${cell} ${part}`,
  account: (asset: string, at: number): string => `account [${asset}] ${at}`,
  holding: (field: string, at: number): string => `holding ${field} ${at}`,
  vault: (asset: string): string => `vault [${asset}]`,
  supply: (asset: string): string => `supply [${asset}]`,
  person: (at: number): string => `person ${at}`,
  signs: (at: number): string => `signs ${at}`,
  message: (at: number): string => `message ${at}`,
  boundKey: (head: number, at: number): string => `bound ${head} ${at}`,
  hashPart: (at: number, part: number): string => `hash ${at} ${part}`,
  messagePart: (at: number, part: number): string => `message ${at} ${part}`,
  sequence: "sequence",
  now: "now",
  anyone: "anyone",
} as const;

/** Options of `finiteQuestion`. */
export interface QuestionOptions {
  /** Number of cells that each map has in addition to those that the call or the rule reads. */
  readonly pads: number;
  /** Greatest number in the state and the call, so that they are easier to read. Default: none. */
  readonly most?: bigint;
  /** Numbers, by index, that have a smaller bound than `most`. Default: none. */
  readonly small?: { readonly at: readonly number[]; readonly most: bigint };
  /** Hashed values that are fixed together with their real SHA-256 hashes. Default: none. */
  readonly hashes?: readonly RealHash[];
}

/**
 * Value that is hashed, in parts, with its SHA-256. `at` is its index in `FiniteQuestion.hashes`.
 */
export interface RealHash {
  readonly at: number;
  readonly parts: readonly TermValue[];
  readonly digest: bigint;
}

function fixedPart(part: Term, value: TermValue | undefined): readonly Term[] {
  if (value === undefined) return [];
  if (typeof value === "bigint") return [equal(part, integer(value))];
  return [value ? part : not(part)];
}

/** Builds the question whether a state exists in which an obligation fails. */
export function finiteQuestion(
  { obligation, goal, before, call, about }: ContractObligation,
  { pads, most, small, hashes = [] }: QuestionOptions,
): FiniteQuestion {
  const { contract } = before;
  const extra = contract.maps.flatMap(({ name, keys }) =>
    Array.from({ length: pads }, (_, pad): BoundKeys => {
      const fresh = keys.map((type, at) => symbol(`.pad.${name}.${pad}.${at}`, sortOf(type)));
      return { map: name, keys: fresh };
    }),
  );
  const bound = [...before.bound, ...extra];
  const rules = new Touched();
  const invariants = knownOf({ ...before, bound }, rules);
  const beside = contract.maps.flatMap(({ name }) =>
    rules.cells(name).map((keys): BoundKeys => ({ map: name, keys, isInRange: false })),
  );
  const world: Before = { ...before, bound: [...bound, ...beside] };
  // A `ground` obligation must hold in every state, also in one that breaks the invariants.
  const known =
    goal.kind === "ground" ? [...boundFacts(before), ...stateRanges(world)] : invariants;
  const cells = new Map(
    contract.maps.map(({ name }) => [
      name,
      keysOf(world, name).map((keys) => ({ keys, parts: cellAt(before.state, name, keys) })),
    ]),
  );
  const accounts = new Map(
    ["", ...contract.assets.map((asset) => asset.name)].map((asset) => {
      const own = goal.kind === "authority" || goal.kind === "claim" ? [anyone] : [];
      return [asset, [...before.touched.accounts(asset), ...own]];
    }),
  );
  const people = peopleOf({ world, cells, accounts, call });
  const assumptions = [
    ...known,
    ...goal.facts,
    ...distinctPads(world, extra),
    ...exactSums(world, rules),
    ...(about?.type === "absent-cell" ? absentCell(world, before.bound[about.head]) : []),
    ...people.map(isAccount),
    ...[...accounts.keys()].flatMap((asset) => fieldsOf(asset).map(noneHolds(before.state))),
  ];
  const observed = observe({ world, cells, accounts, people, call, bound: before.bound });
  const numbers = numbersOf({ world, cells, accounts, call });
  const bounded = [
    ...(most === undefined ? [] : numbers.map((term) => inRange(term, most))),
    ...numbers.flatMap((term, at) =>
      small?.at.includes(at) === true ? [inRange(term, small.most)] : [],
    ),
  ];
  const fixed = hashes.flatMap(({ at, parts, digest }) => {
    const hash = world.touched.hashes[at];
    if (hash === undefined) return [];
    return [
      equal(hash.digest, integer(digest)),
      ...hash.parts.flatMap((part, place) => fixedPart(part, parts[place])),
    ];
  });
  const question = { ...obligation, assumptions: [...assumptions, ...bounded, ...fixed], observed };
  return { question, cells, accounts, hashes: world.touched.hashes };
}

/** Returns the formulas that a cell has the default of its type. */
function absentCell({ contract, state }: Before, bound: BoundKeys | undefined): readonly Term[] {
  if (bound === undefined) return [];
  const nothing = defaultTerms(mapNamed(contract, bound.map).value);
  return cellAt(state, bound.map, bound.keys).flatMap((part, at) => {
    const unset = nothing[at];
    return unset === undefined ? [] : [equal(part, unset)];
  });
}

/** Returns the formula that a number is in 0 .. `most`. */
function inRange(term: Term, most: bigint): Term {
  return and(atMost(integer(0n), term), atMost(term, integer(most)));
}

/** Returns the numbers of the call and the state. */
function numbersOf(parts: Parts): readonly Term[] {
  const { world, cells, accounts, call } = parts;
  const { contract, state } = world;
  const isNumber = (type: { readonly kind: string }): boolean =>
    type.kind === "amount" || type.kind === "int";
  const ofType = (type: ValueType, terms: Terms): readonly Term[] =>
    partsOf(type).flatMap((part, at) => (isNumber(part) ? terms.slice(at, at + 1) : []));
  return [
    sequenceTerm,
    nowTerm,
    ...(call?.intent.parameters ?? []).flatMap(({ name, type }) =>
      isNumber(type) ? lookUp(call?.locals ?? new Map<string, Terms>(), name) : [],
    ),
    ...contract.scalars.flatMap(({ name, type }) => ofType(type, lookUp(state.scalars, name))),
    ...contract.maps.flatMap(({ name, keys: types, value }) =>
      (cells.get(name) ?? []).flatMap(({ keys, parts: cell }) => [
        ...keys.filter((_, at) => types[at] !== undefined && isNumber(types[at])),
        ...ofType(value, cell),
      ]),
    ),
    ...[...accounts].flatMap(([asset, list]) => [
      lookUp(state.vaults, asset),
      ...(asset === "" ? [] : [lookUp(state.supplies, asset)]),
      ...list.flatMap((account) =>
        fieldsOf(asset).map((field) => select(lookUp(state.holdings, field), account)),
      ),
    ]),
  ];
}

/**
 * Returns the fields of accounts that hold an asset: `balance`, and for the native asset also
 * `stake`.
 */
function fieldsOf(asset: string): readonly string[] {
  return asset === "" ? ["balance", "stake"] : [holdingKey("balance", asset)];
}

/** Returns the formula that `none` holds nothing in a field. */
function noneHolds({ holdings }: Before["state"]): (field: string) => Term {
  return (field) => equal(select(lookUp(holdings, field), noneTerm), integer(0n));
}

/** Returns the formula that a term is in the range of accounts and digests: 0 .. 2^256-1. */
function isAccount(term: Term): Term {
  return and(atMost(integer(0n), term), atMost(term, integer((1n << 256n) - 1n)));
}

function distinctPads(world: Before, pads: readonly BoundKeys[]): readonly Term[] {
  return pads.flatMap(({ map, keys }) =>
    keysOf(world, map)
      .filter((other) => keyOf(other) !== keyOf(keys))
      .map((other) => not(and(...sameKeys(keys, other)))),
  );
}

/** Returns the formulas that every sum equals the sum over the cells of the finite state. */
function exactSums(world: Before, rules: Touched): readonly Term[] {
  const { sums, state, touched } = world;
  return sums.entries.flatMap(({ sum }, at) => {
    const total = state.sums[at];
    if (total === undefined) return [];
    const lists = keysOf(world, sum.map);
    const isFirst = firstOf(lists);
    const terms = lists.map((keys) => sumTerm(sum, keys, world, cellAt(state, sum.map, keys)));
    const counted = (condition: (keys: Terms) => readonly Term[]): Term =>
      add(
        integer(0n),
        ...terms.map((term, place) => {
          const keys = lists[place] ?? [];
          const first = isFirst[place];
          const needed = [...condition(keys), ...(first === undefined ? [] : [first])];
          return choose(and(...needed), term, integer(0n));
        }),
      );
    if (sum.row === undefined)
      return [
        equal(
          total,
          counted(() => []),
        ),
      ];
    const rows = [
      ...lists.flatMap((keys) => keys.slice(0, 1)),
      ...touched.rows(at),
      ...rules.rows(at),
    ];
    return rows.map((row) =>
      equal(
        select(total, row),
        counted((keys) => (keys[0] === undefined ? [] : [equal(keys[0], row)])),
      ),
    );
  });
}

interface Parts {
  readonly world: Before;
  readonly cells: FiniteQuestion["cells"];
  readonly accounts: FiniteQuestion["accounts"];
  readonly call: ContractObligation["call"];
}

/** Terms of all accounts and digests that the state and the call mention. */
function peopleOf({ world, cells, accounts, call }: Parts): readonly Term[] {
  const { contract, state } = world;
  const ofType = (type: ValueType, parts: Terms): readonly Term[] =>
    partsOf(type).flatMap((part, at) => {
      const term = parts[at];
      return term !== undefined && (part.kind === "account" || part.kind === "digest")
        ? [term]
        : [];
    });
  const ofParameters = (call?.intent.parameters ?? []).flatMap(({ name, type }) =>
    type.kind === "account" || type.kind === "digest"
      ? lookUp(call?.locals ?? new Map(), name)
      : [],
  );
  const ofScalars = contract.scalars.flatMap(({ name, type }) =>
    ofType(type, lookUp(state.scalars, name)),
  );
  const ofCells = contract.maps.flatMap(({ name, keys: types, value }) =>
    (cells.get(name) ?? []).flatMap(({ keys, parts }) => [
      ...types.flatMap((type, at) => ofType(type, keys.slice(at, at + 1))),
      ...ofType(value, parts),
    ]),
  );
  return [...ofParameters, ...ofScalars, ...ofCells, ...[...accounts.values()].flat()];
}

function observe({
  world,
  cells,
  accounts,
  people,
  call,
  bound,
}: Parts & {
  readonly people: readonly Term[];
  readonly bound: readonly BoundKeys[];
}): ReadonlyMap<string, Term> {
  const { contract, state } = world;
  const observed = new Map<string, Term>([
    [observedKey.sequence, sequenceTerm],
    [observedKey.now, nowTerm],
  ]);
  for (const { name } of call?.intent.parameters ?? []) {
    const [term] = lookUp(call?.locals ?? new Map<string, Terms>(), name);
    if (term !== undefined) observed.set(observedKey.argument(name), term);
  }
  for (const { name } of contract.scalars) {
    for (const [part, term] of lookUp(state.scalars, name).entries()) {
      observed.set(observedKey.scalar(name, part), term);
    }
  }
  for (const [map, list] of cells) {
    for (const [cell, { keys, parts }] of list.entries()) {
      for (const [at, key] of keys.entries()) observed.set(observedKey.cellKey(map, cell, at), key);
      for (const [part, term] of parts.entries()) {
        observed.set(observedKey.cellPart(map, cell, part), term);
      }
    }
  }
  for (const [asset, list] of accounts) {
    observed.set(observedKey.vault(asset), lookUp(state.vaults, asset));
    if (asset !== "") observed.set(observedKey.supply(asset), lookUp(state.supplies, asset));
    const fields = fieldsOf(asset);
    for (const [at, account] of list.entries()) {
      observed.set(observedKey.account(asset, at), account);
      for (const field of fields) {
        const amount = select(lookUp(state.holdings, field), account);
        observed.set(observedKey.holding(field, at), amount);
      }
    }
  }
  for (const [at, person] of people.entries()) {
    observed.set(observedKey.person(at), person);
    observed.set(observedKey.signs(at), select(signersTerm, person));
  }
  for (const [head, { keys }] of bound.entries()) {
    for (const [at, key] of keys.entries()) observed.set(observedKey.boundKey(head, at), key);
  }
  for (const [at, hash] of world.touched.hashes.entries()) {
    for (const [part, term] of hash.parts.entries()) {
      observed.set(observedKey.hashPart(at, part), term);
    }
  }
  for (const [at, message] of world.touched.messages.entries()) {
    observed.set(observedKey.message(at), message.isValid);
    const parts = [message.account, message.signature];
    for (const [part, term] of parts.entries()) {
      observed.set(observedKey.messagePart(at, part), term);
    }
  }
  return observed;
}
