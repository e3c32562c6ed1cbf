import fc from "fast-check";
import { originSpan } from "../../src/language/parse/source.ts";
import type {
  ContractClause,
  ContractExpression,
  ContractIntent,
  ContractLet,
  ContractStatement,
} from "../../src/language/syntax/contract.ts";
import type { Parameter } from "../../src/language/syntax/syntax.ts";
import {
  cellOf,
  type Expressions,
  expressionsIn,
  holdingOf,
  type Kind,
  recordOf,
  type Scope,
} from "./arbitrary-contract-expression.ts";
import { binary, index, integer, member, named, truth, use } from "./contract-tree.ts";
import { type Declarations, scopeOf } from "./contract-vocabulary.ts";

const span = originSpan;

/** Parameters that a random intent may have, by name. */
const allParameters = [
  { name: "from", typeName: "Account", kind: "account", modifiers: ["signer"] },
  { name: "to", typeName: "Account", kind: "account", modifiers: [] },
  { name: "by", typeName: "Account", kind: "account", modifiers: ["optional"] },
  { name: "n", typeName: "Amount", kind: "number", modifiers: [] },
  { name: "within", typeName: "Int", kind: "number", modifiers: [] },
  { name: "flag", typeName: "Bool", kind: "bool", modifiers: [] },
  { name: "hash", typeName: "Digest", kind: "digest", modifiers: [] },
  { name: "step", typeName: "Phase", kind: "phase", modifiers: [] },
  { name: "signature", typeName: "Signature", kind: "signature", modifiers: [] },
] as const;

type RandomParameter = (typeof allParameters)[number];
const kinds: readonly Kind[] = ["number", "number", "account", "deal", "bool", "phase", "digest"];

/** One to three intents. */
export function intentsIn(declared: Declarations): fc.Arbitrary<readonly ContractIntent[]> {
  return fc
    .tuple(
      intentNamed("act", declared),
      fc.option(intentNamed("via", declared), { nil: undefined }),
      fc.option(intentNamed("settle", declared), { nil: undefined }),
    )
    .map((intents) => intents.flatMap((one) => one ?? []));
}

function intentNamed(name: string, declared: Declarations): fc.Arbitrary<ContractIntent> {
  return fc
    .record({
      parameters: fc.subarray([...allParameters]),
      lets: fc.tuple(letKind, letKind, letKind, letKind),
    })
    .chain(({ parameters, lets }) => intentWith(name, parameters, { declared, lets }));
}

const letKind = fc.option(fc.constantFrom(...kinds), { nil: undefined, freq: 1 });

interface Plan {
  readonly declared: Declarations;
  /** Types of the `let`s before the blocks and at the start of each. */
  readonly lets: readonly (Kind | undefined)[];
}

function intentWith(
  name: string,
  parameters: readonly RandomParameter[],
  { declared, lets }: Plan,
): fc.Arbitrary<ContractIntent> {
  const outer = scopeOf(declared);
  const locals = parameters.flatMap((one) =>
    one.kind === "signature" ? [] : [{ name: one.name, kind: one.kind }],
  );
  const start: Scope = {
    ...outer,
    names: [...outer.names, ...locals, ...locals],
    signatures: parameters.flatMap((one) => (one.kind === "signature" ? [one.name] : [])),
  };
  const scopes = ["first", "held", "moved", "shown"].reduce<readonly Scope[]>(
    (all, text, at) => {
      const [last = start] = all.slice(-1);
      const kind = lets[at];
      const added = kind === undefined ? [] : [{ name: text, kind }];
      return [...all, { ...last, names: [...last.names, ...added, ...added] }];
    },
    [start],
  );
  const letAt = (at: number): fc.Arbitrary<readonly ContractLet[]> => {
    const [kind, scope] = [lets[at], scopes[at]];
    const text = ["first", "held", "moved", "shown"][at];
    if (kind === undefined || scope === undefined || text === undefined) return fc.constant([]);
    return expressionsIn(scope, 1)[kind].map((value) => [
      { type: "let", name: named(text), value, span },
    ]);
  };
  const [, inGuard = start, inEffect = start, inStores = start, inVerify = start] = scopes;
  return fc
    .record({
      lets: letAt(0),
      held: letAt(1),
      early: fc.array(guardIn(inGuard), { maxLength: 2 }),
      late: fc.array(guardIn(inEffect), { maxLength: 1 }),
      stores: fc.array(storeIn(inEffect, declared), { maxLength: 2 }),
      moved: letAt(2),
      more: fc.array(storeIn(inStores, declared), { maxLength: 2 }),
      shown: letAt(3),
      verify: fc.array(expressionsIn({ ...inVerify, sums: true }, 2).bool, { maxLength: 2 }),
    })
    .map(({ lets: first, held, early, late, stores, moved, more, shown, verify }) => ({
      type: "intent" as const,
      name: named(name),
      parameters: parameters.map(parameterOf),
      lets: first,
      guard: [...early.map(clause), ...held, ...late.map(clause)],
      effect: [...stores, ...moved, ...more],
      verify: [...shown, ...verify.map(clause)],
      span,
    }));
}

function parameterOf({ name, typeName, modifiers }: RandomParameter): Parameter {
  return {
    name: named(name),
    typeName: named(typeName),
    modifiers: modifiers.map((kind) => ({ kind, span })),
    span,
  };
}

function clause(expression: ContractExpression): ContractClause {
  return { type: "condition", expression, span };
}

/** Conditions that often hold: mostly weak ones, sometimes any. */
function guardIn(scope: Scope): fc.Arbitrary<ContractExpression> {
  const { number, bool, account } = expressionsIn(scope, 1);
  return fc.oneof(
    { arbitrary: number.map((value) => binary("<=", value, integer(1_000n))), weight: 3 },
    { arbitrary: number.map((value) => binary(">=", value, integer(-9n))), weight: 2 },
    {
      arbitrary: account.map((one) => binary("||", binary("!=", one, use0), truth(true))),
      weight: 1,
    },
    { arbitrary: bool.map((one) => binary("=>", one, truth(true))), weight: 1 },
    { arbitrary: expressionsIn(scope, 3).bool, weight: 2 },
  );
}

const use0: ContractExpression = { type: "none", span };

/** Stores of every kind, `delete`, `emit` and `assert`, most of them of small values. */
function storeIn(scope: Scope, declared: Declarations): fc.Arbitrary<ContractStatement> {
  const plain = expressionsIn(scope, 0);
  const values = expressionsIn(scope, 2);
  const { scalars, maps, assets } = declared;
  const own = assets.filter((asset) => asset === "SHARE");
  const places: readonly fc.Arbitrary<readonly [ContractExpression, Kind]>[] = [
    fc
      .tuple(values.account, fc.constantFrom("balance", ...assets))
      .map(([account, field]) => [holdingOf(account, field), "number"]),
    fc
      .constantFrom("balance", ...assets)
      .map((field) => [holdingOf({ type: "vault", span }, field), "number"]),
    ...own.map((asset) => fc.constant([index(use("supply"), use(asset)), "number"] as const)),
    ...scalars.flatMap(({ name, kind }) => [
      fc.constant([use(name), kind] as const),
      ...fieldsOf(fc.constant(use(name)), kind, declared),
    ]),
    ...maps.flatMap((map) => [
      cellOf(map, plain).map((cell) => [cell, map.value.kind] as const),
      ...fieldsOf(cellOf(map, plain), map.value.kind, declared),
    ]),
  ];
  const store = fc
    .tuple(fc.oneof(...places), fc.constantFrom("=" as const, "+=" as const, "-=" as const))
    .chain(([[target, kind], operator]) =>
      fc.oneof(plain[kind], values[kind]).map(
        (value): ContractStatement => ({
          type: "assignment",
          target,
          operator: kind === "number" ? operator : "=",
          value,
          span,
        }),
      ),
    );
  return fc.oneof(
    { arbitrary: store, weight: 8 },
    ...(maps.length === 0 ? [] : [{ arbitrary: deletion(maps, plain), weight: 2 }]),
    {
      arbitrary: recordOf(scope, values).map(
        (event): ContractStatement => ({ type: "emit", event, span }),
      ),
      weight: 1,
    },
    {
      arbitrary: expressionsIn({ ...scope, sums: true }, 2).bool.map(
        (expression): ContractStatement => ({ type: "assert", expression, span }),
      ),
      weight: 1,
    },
  );
}

function fieldsOf(
  owner: fc.Arbitrary<ContractExpression>,
  kind: Kind,
  { fields }: Declarations,
): readonly fc.Arbitrary<readonly [ContractExpression, Kind]>[] {
  if (kind !== "deal") return [];
  return fields.map((field) => owner.map((one) => [member(one, field.name), field.kind] as const));
}

function deletion(maps: Declarations["maps"], keys: Expressions): fc.Arbitrary<ContractStatement> {
  return fc
    .constantFrom(...maps)
    .chain((map) => cellOf(map, keys).map((target) => ({ type: "delete", target, span })));
}
