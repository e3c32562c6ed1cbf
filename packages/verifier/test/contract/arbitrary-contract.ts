import fc from "fast-check";
import { originSpan } from "../../src/language/parse/source.ts";
import type {
  Contract,
  ContractExpression,
  ContractMember,
  StateEntry,
} from "../../src/language/syntax/contract.ts";
import {
  accountLiterals,
  digestLiterals,
  type Kind,
  type RandomMap,
  smallNumbers,
} from "./arbitrary-contract-expression.ts";
import { intentsIn } from "./arbitrary-contract-intent.ts";
import { exitsIn, rulesIn } from "./arbitrary-contract-rules.ts";
import { bytes, integer, member, named, truth, use } from "./contract-tree.ts";
import { type Declarations, declarations } from "./contract-vocabulary.ts";

/**
 * Random well-typed contracts, as trees without places: print them with `sourceOfContract`. They
 * have few accounts, keys and numbers, and guards that often hold. Many names are words that have a
 * meaning elsewhere in a contract (`to`, `after`, `claim`): they are legal names.
 */
const span = originSpan;

/** Random contracts that the checker accepts. */
export const contracts: fc.Arbitrary<Contract> = declarations.chain((declared) =>
  fc
    .record({
      before: declaredMembers(declared),
      intents: intentsIn(declared),
      promises: fc.infiniteStream(fc.nat({ max: 7 })),
    })
    .chain(({ before, intents, promises }) =>
      fc
        .record({
          state: stateOf(declared, { intents: intents.map(({ name }) => name.text), promises }),
          rules: rulesIn(declared),
          exits: exitsIn(declared, intents),
          order: fc.infiniteStream(fc.nat()),
        })
        .map(({ state, rules, exits, order }): Contract => {
          const members = [...before, state, ...rules, ...exits, ...intents];
          const constants = members.filter((one) => one.type === "constant");
          const others = members.filter((one) => one.type !== "constant");
          const ranks = new Map(others.map((one) => [one, order.next().value ?? 0]));
          // Members stand in any order; a constant may use those before it.
          const mixed = others.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
          return {
            type: "contract",
            name: named("random"),
            members: [...constants, ...mixed],
            span,
          };
        }),
    ),
);

function declaredMembers(declared: Declarations): fc.Arbitrary<readonly ContractMember[]> {
  const { words, fields, assets } = declared;
  const fixed: readonly ContractMember[] = [
    { type: "enum", name: named("Phase"), words: words.map(named), span },
    {
      type: "record",
      name: named("Deal"),
      fields: fields.map(({ name, typeName }) => ({
        name: named(name),
        typeName: named(typeName),
      })),
      span,
    },
    ...assets.map((name): ContractMember => {
      const issuer = name === "SHARE" ? undefined : named("5a".repeat(32));
      return { type: "asset", name: named(name), issuer, span };
    }),
  ];
  return fc
    .record({ values: fc.infiniteStream(fc.nat({ max: 5 })), covered: fc.boolean() })
    .map(({ values, covered }) => {
      const pick = (): number => values.next().value ?? 0;
      const constants = declared.constants.map(({ name, kind }): ContractMember => {
        return {
          type: "constant",
          name: named(name),
          value: constantOf(kind, words, pick()),
          span,
        };
      });
      const uncovered: ContractMember = {
        type: "uncovered",
        balance: { asset: undefined, span },
        reason: named("nobody is owed it"),
        span,
      };
      return [...constants, ...fixed, ...(covered ? [uncovered] : [])];
    });
}

function constantOf(kind: Kind, words: readonly string[], pick: number): ContractExpression {
  switch (kind) {
    case "number":
      return integer(BigInt(pick) - 2n);
    case "account":
      return pick === 0 ? { type: "none", span } : bytes("account", "01");
    case "digest": {
      const operands = [integer(BigInt(pick))];
      return pick > 2
        ? { type: "function", callee: "sha256", operands, span }
        : bytes("digest", "0a");
    }
    case "phase":
      return member(use("Phase"), words[pick % words.length] ?? "");
    default:
      return truth(pick > 2);
  }
}

function stateOf(
  declared: Declarations,
  {
    intents,
    promises,
  }: { readonly intents: readonly string[]; readonly promises: fc.Stream<number> },
): fc.Arbitrary<ContractMember> {
  const entries = [
    ...declared.scalars.map(({ name, typeName, kind }) =>
      fc.option(initialOf(kind, typeName, declared), { nil: undefined }).map(
        (initial): StateEntry => ({
          type: "scalar",
          name: named(name),
          typeName: named(typeName),
          initial,
          span,
        }),
      ),
    ),
    ...declared.maps.map((map) => mapEntry(map, declared, { intents, promises })),
  ];
  return fc.tuple(...entries).map((all) => ({ type: "state", entries: all, span }));
}

function mapEntry(
  map: RandomMap,
  declared: Declarations,
  {
    intents,
    promises,
  }: { readonly intents: readonly string[]; readonly promises: fc.Stream<number> },
): fc.Arbitrary<StateEntry> {
  const cell = fc
    .record({
      keys: fc.tuple(...map.keys.map((key) => initialOf(key.kind, key.typeName, declared))),
      value: initialOf(map.value.kind, map.value.typeName, declared),
    })
    .map((one) => ({ ...one, span }));
  const isOfAccounts = map.name === "shares" || map.name === "owed";
  const unless = intents.slice(0, (promises.next().value ?? 0) % 3).map(named);
  const pick = promises.next().value ?? 0;
  const asset = pick % 2 === 0 ? undefined : declared.assets[pick % declared.assets.length];
  return fc
    .uniqueArray(cell, { maxLength: 2, selector: ({ keys }) => textOf(keys) })
    .map((initial) => ({
      type: "map",
      name: named(map.name),
      keyTypes: map.keys.map((key) => named(key.typeName)),
      typeName: named(map.value.typeName),
      initial,
      promise:
        !isOfAccounts || pick > 5
          ? undefined
          : {
              kind: pick === 5 ? "debt" : "claim",
              balance:
                pick < 3
                  ? { asset: asset === undefined ? undefined : named(asset), span }
                  : undefined,
              unless,
              span,
            },
      span,
    }));
}

function textOf(keys: readonly ContractExpression[]): string {
  return JSON.stringify(keys, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

/** Values in the range of a type, as a state begins. Two that are written differently differ. */
function initialOf(
  kind: Kind,
  typeName: string,
  declared: Declarations,
): fc.Arbitrary<ContractExpression> {
  switch (kind) {
    case "number":
      return typeName === "Amount"
        ? fc.nat({ max: 3 }).map((value) => integer(BigInt(value)))
        : smallNumbers;
    case "bool":
      return fc.boolean().map(truth);
    case "account":
      return accountLiterals;
    case "digest":
      return digestLiterals;
    case "phase":
      return fc.constantFrom(...declared.words).map((word) => member(use("Phase"), word));
    case "deal":
      return fc
        .tuple(...declared.fields.map((one) => initialOf(one.kind, one.typeName, declared)))
        .map((values) => ({
          type: "record",
          name: named("Deal"),
          fields: declared.fields.flatMap((field, at) => {
            const value = values[at];
            return value === undefined ? [] : [{ name: named(field.name), value }];
          }),
          span,
        }));
  }
}
