import fc from "fast-check";
import { originSpan } from "../../src/language/parse/source.ts";
import type {
  ContractExpression,
  ContractIntent,
  Exit,
  ForEach,
  Invariant,
} from "../../src/language/syntax/contract.ts";
import {
  type Expressions,
  expressionsIn,
  type Kind,
  type RandomMap,
  type Scope,
} from "./arbitrary-contract-expression.ts";
import { integer, named, use } from "./contract-tree.ts";
import { type Declarations, scopeOf } from "./contract-vocabulary.ts";

const span = originSpan;

/** Names that an invariant can mention: the contract's own state. */
function ownScope(declared: Declarations): Scope {
  const own = declared.assets.filter((asset) => asset === "SHARE");
  const outer = scopeOf(declared);
  return { ...outer, supplies: own, holdings: false, old: false, sums: true, call: false };
}

/** Up to three invariants and two transitions, each with at most two `for each`. */
export function rulesIn(declared: Declarations): fc.Arbitrary<readonly Invariant[]> {
  const own = ownScope(declared);
  const rule = (type: Invariant["type"], scope: Scope) =>
    headsIn(declared).chain((heads) =>
      expressionsIn(withKeys(scope, heads), 3).bool.map((condition) => ({
        type,
        forEach: heads.map(headOf),
        condition,
        span,
      })),
    );
  return fc
    .tuple(
      fc.array(rule("invariant", own), { maxLength: 3 }),
      fc.array(rule("transition", { ...own, old: true, call: true }), { maxLength: 2 }),
    )
    .map(([invariants, transitions]) =>
      [...invariants, ...transitions].map((one, at) => ({ ...one, name: named(`rule${at}`) })),
    );
}

/** Map over which a `for each` runs, with the names of its keys. */
interface Head {
  readonly map: RandomMap;
  readonly keys: readonly string[];
}

function headsIn({ maps }: Declarations): fc.Arbitrary<readonly Head[]> {
  if (maps.length === 0) return fc.constant([]);
  const binders = [
    ["k", "l"],
    ["each", "in"],
  ] as const;
  return fc
    .array(fc.constantFrom(...maps), { maxLength: 2 })
    .map((some) =>
      some.map((map, at) => ({ map, keys: map.keys.map((_key, no) => binders[at]?.[no] ?? "k") })),
    );
}

function headOf({ map, keys }: Head): ForEach {
  return { binders: keys.map(named), map: named(map.name), span };
}

function withKeys(scope: Scope, heads: readonly Head[]): Scope {
  const keys = heads.flatMap((head) =>
    head.keys.map((name, at) => ({ name, kind: head.map.keys[at]?.kind ?? "number" })),
  );
  return { ...scope, names: [...scope.names, ...keys, ...keys] };
}

const kindOfType: ReadonlyMap<string, Kind> = new Map([
  ["Account", "account"],
  ["Amount", "number"],
  ["Int", "number"],
  ["Bool", "bool"],
  ["Digest", "digest"],
  ["Phase", "phase"],
]);

/** At most one exit, through an intent that can name every key. */
export function exitsIn(
  declared: Declarations,
  intents: readonly ContractIntent[],
): fc.Arbitrary<readonly Exit[]> {
  const callable = intents.filter(({ parameters }) =>
    parameters.every((one) => kindOfType.has(one.typeName.text)),
  );
  const candidates = callable.flatMap((intent) =>
    [undefined, ...declared.maps].flatMap((map) => {
      const places = map === undefined ? [] : placesOf(map, intent);
      return places === undefined ? [] : [{ intent, map, places }];
    }),
  );
  if (candidates.length === 0) return fc.constant([]);
  const exit = fc.constantFrom(...candidates).chain(({ intent, map, places }) => {
    const head = map && { map, keys: ["k", "l"].slice(0, map.keys.length) };
    const own = { ...ownScope(declared), sums: false };
    const scope = withKeys(own, head === undefined ? [] : [head]);
    return exitWith(expressionsIn(scope, 2), { declared, intents, intent, head, places });
  });
  return fc.array(exit, { maxLength: 1 });
}

/** Returns for each key of a map a parameter of its type, all different. */
function placesOf(map: RandomMap, { parameters }: ContractIntent): readonly number[] | undefined {
  const free = parameters.map((one) => kindOfType.get(one.typeName.text));
  const places: number[] = [];
  for (const key of map.keys) {
    const at = free.findIndex((kind, place) => kind === key.kind && !places.includes(place));
    if (at < 0) return undefined;
    places.push(at);
  }
  return places;
}

function exitWith(
  { bool, number, account, ...rest }: Expressions,
  {
    declared,
    intents,
    intent,
    head,
    places,
  }: {
    readonly declared: Declarations;
    readonly intents: readonly ContractIntent[];
    readonly intent: ContractIntent;
    readonly head: Head | undefined;
    readonly places: readonly number[];
  },
): fc.Arbitrary<Exit> {
  const all: Expressions = { bool, number, account, ...rest };
  const args = intent.parameters.map((one, at): fc.Arbitrary<ContractExpression> => {
    const key = head?.keys[places.indexOf(at)];
    return key === undefined
      ? all[kindOfType.get(one.typeName.text) ?? "number"]
      : fc.constant(use(key));
  });
  const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 2 });
  return fc
    .record({
      condition: bool,
      keeping: maybe(
        fc.record({
          amount: number,
          balance: maybe(
            fc.constantFrom(undefined, ...declared.assets).map((asset) => ({
              asset: asset === undefined ? undefined : named(asset),
              span,
            })),
          ),
        }),
      ),
      due: maybe(
        fc.oneof(
          fc.record({ after: number, within: number }),
          fc.record({ after: fc.constant(integer(7n)), within: fc.constant(undefined) }),
        ),
      ),
      unless: fc.subarray(intents.map(({ name }) => name.text)),
      args: fc.tuple(...args),
      who: fc.constantFrom("to" as const, "by" as const),
      beneficiary: account,
    })
    .map(({ condition, keeping, due, unless, args: values, who, beneficiary }) => ({
      type: "exit",
      name: named("exit"),
      forEach: head && headOf(head),
      condition,
      keeping,
      after: due?.after,
      within: due?.within,
      // Without a time nobody can be exempt until it.
      unless: due === undefined ? [] : unless.map(named),
      via: { intent: intent.name, args: values },
      who,
      beneficiary,
      span,
    }));
}
