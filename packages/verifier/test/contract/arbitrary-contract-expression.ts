import fc from "fast-check";
import { originSpan } from "../../src/language/parse/source.ts";
import type { ContractExpression } from "../../src/language/syntax/contract.ts";
import type { BinaryOperator } from "../../src/language/syntax/syntax.ts";
import { binary, bytes, index, integer, member, named, truth, use } from "./contract-tree.ts";

const span = originSpan;

/** Type of an expression of a random contract: it has one enumeration and one record. */
export type Kind = "number" | "bool" | "account" | "digest" | "phase" | "deal";

/** Field of the record `Deal`. */
export interface RandomField {
  readonly name: string;
  readonly typeName: string;
  readonly kind: Kind;
}

/** Map of a random contract. */
export interface RandomMap {
  readonly name: string;
  readonly keys: readonly { readonly typeName: string; readonly kind: Kind }[];
  readonly value: { readonly typeName: string; readonly kind: Kind };
}

/** Names that expressions at one place of a random contract can mention. */
export interface Scope {
  /** Locals and constants by type. */
  readonly names: readonly { readonly name: string; readonly kind: Kind }[];
  readonly scalars: readonly { readonly name: string; readonly kind: Kind }[];
  readonly maps: readonly RandomMap[];
  readonly fields: readonly RandomField[];
  readonly words: readonly string[];
  readonly signatures: readonly string[];
  /** Names of declared assets whose supplies can be read. */
  readonly supplies: readonly string[];
  /** Names of declared assets. */
  readonly assets: readonly string[];
  readonly holdings: boolean;
  readonly vault: boolean;
  readonly old: boolean;
  readonly sums: boolean;
  readonly call: boolean;
}

// An interface would not do: only a type alias is a record of unknown.
export type Expressions = { readonly [K in Kind]: fc.Arbitrary<ContractExpression> };
type Tree = { [K in Kind]: ContractExpression };
type Options = (fc.Arbitrary<ContractExpression> | undefined | false)[];

/** Accounts of a random contract: two, and nobody. Few, so that random accounts often are one. */
export const accountLiterals: fc.Arbitrary<ContractExpression> = fc.constantFrom(
  bytes("account", "01"),
  bytes("account", "02"),
  { type: "none" as const, span },
);
export const digestLiterals: fc.Arbitrary<ContractExpression> = fc.constantFrom(
  bytes("digest", "00"),
  bytes("digest", "0a"),
);
export const smallNumbers: fc.Arbitrary<ContractExpression> = fc
  .oneof({ arbitrary: fc.integer({ min: 0, max: 3 }), weight: 8 }, fc.integer({ min: -2, max: 9 }))
  .map((value) => integer(BigInt(value)));

/** Expressions of each type, with at most `depth` operators above each other. */
export function expressionsIn(scope: Scope, depth: number): Expressions {
  const leaves = leavesIn(scope);
  const terms = scope.sums ? termsIn(scope) : undefined;
  return fc.letrec<Tree>((tie) => {
    const inner: Expressions = {
      number: tie("number"),
      bool: tie("bool"),
      account: tie("account"),
      digest: tie("digest"),
      phase: tie("phase"),
      deal: tie("deal"),
    };
    const depthIdentifier = fc.createDepthIdentifier();
    const choose = (kind: Kind, further: Options): fc.Arbitrary<ContractExpression> =>
      fc.oneof(
        { maxDepth: depth, depthIdentifier },
        { arbitrary: leaves[kind], weight: 5 },
        ...[...further, ...commonOf(kind, scope, inner)].flatMap((one) =>
          one === undefined || one === false ? [] : [{ arbitrary: one, weight: 2 }],
        ),
      );
    return {
      number: choose("number", numbersOf(scope, { inner, leaf: leaves.number, terms })),
      bool: choose("bool", conditionsOf(scope, inner)),
      account: choose("account", []),
      digest: choose("digest", [
        fc.oneof(inner.number, inner.digest, inner.deal).map(
          (operand): ContractExpression => ({
            type: "function",
            callee: "sha256",
            operands: [operand],
            span,
          }),
        ),
      ]),
      phase: choose("phase", []),
      deal: choose("deal", [recordOf(scope, inner)]),
    };
  });
}

/** Forms of every type: `if`, `old`, cells, scalars, fields. */
function commonOf(kind: Kind, scope: Scope, inner: Expressions): Options {
  const maps = scope.maps.filter(({ value }) => value.kind === kind);
  const fields = scope.fields.filter((field) => field.kind === kind);
  const scalars = scope.scalars.filter((scalar) => scalar.kind === kind);
  return [
    fc.tuple(inner.bool, inner[kind], inner[kind]).map(
      ([condition, consequent, alternative]): ContractExpression => ({
        type: "if",
        condition,
        consequent,
        alternative,
        span,
      }),
    ),
    scope.old && inner[kind].map((operand): ContractExpression => ({ type: "old", operand, span })),
    maps.length > 0 && fc.constantFrom(...maps).chain((map) => cellOf(map, inner)),
    scalars.length > 0 && fc.constantFrom(...scalars).map(({ name }) => use(name)),
    fields.length > 0 &&
      fc
        .tuple(inner.deal, fc.constantFrom(...fields))
        .map(([record, field]) => member(record, field.name)),
  ];
}

/** The cell of a map at random keys. */
export function cellOf(map: RandomMap, inner: Expressions): fc.Arbitrary<ContractExpression> {
  return fc
    .tuple(...map.keys.map((key) => inner[key.kind]))
    .map((keys) => keys.reduce(index, use(map.name)));
}

/** A record with all its fields, in any order. */
export function recordOf(
  { fields }: Scope,
  inner: Expressions,
): fc.Arbitrary<Extract<ContractExpression, { type: "record" }>> {
  return fc
    .tuple(
      fc.tuple(...fields.map((field) => inner[field.kind])),
      fc.shuffledSubarray([...fields.keys()], { minLength: fields.length }),
    )
    .map(([values, order]) => ({
      type: "record" as const,
      name: named("Deal"),
      fields: order.flatMap((at) => {
        const [field, value] = [fields[at], values[at]];
        return field === undefined || value === undefined
          ? []
          : [{ name: named(field.name), value }];
      }),
      span,
    }));
}

function numbersOf(
  scope: Scope,
  {
    inner,
    leaf,
    terms,
  }: {
    readonly inner: Expressions;
    readonly leaf: fc.Arbitrary<ContractExpression>;
    readonly terms: fc.Arbitrary<ContractExpression> | undefined;
  },
): Options {
  const { number } = inner;
  // One factor is a leaf, so that no value outgrows the limit of width.
  const product = fc.tuple(fc.constantFrom<BinaryOperator>("*", "/", "%"), number, leaf);
  const rows = scope.maps.filter(({ keys, value }) => keys.length === 2 && value.kind === "number");
  return [
    fc
      .tuple(fc.constantFrom<BinaryOperator>("+", "-"), number, number)
      .map(([operator, left, right]) => binary(operator, left, right)),
    product.map(([operator, left, right]) => binary(operator, left, right)),
    number.map((operand): ContractExpression => ({ type: "negate", operand, span })),
    fc.tuple(fc.constantFrom("min", "max", "abs"), number, number).map(
      ([callee, left, right]): ContractExpression => ({
        type: "call",
        callee,
        operands: callee === "abs" ? [left] : [left, right],
        span,
      }),
    ),
    scope.holdings &&
      fc
        .tuple(inner.account, fc.constantFrom("balance", "balance", "stake", ...scope.assets))
        .map(([account, field]) => holdingOf(account, field)),
    terms,
    terms,
    terms,
    scope.sums && rows.length > 0 && rowSums(rows, inner),
  ];
}

/** Holdings of an account or the vault: a native field, or the balance of an asset. */
export function holdingOf(owner: ContractExpression, field: string): ContractExpression {
  const isNative = field === "balance" || field === "stake";
  return isNative ? member(owner, field) : index(member(owner, "balance"), use(field));
}

function conditionsOf(scope: Scope, inner: Expressions): Options {
  const { number, bool, account, digest, phase, deal } = inner;
  const maps = scope.maps;
  const signatures = scope.call ? scope.signatures : [];
  return [
    fc
      .tuple(fc.constantFrom<BinaryOperator>("==", "!=", "<", "<=", ">", ">="), number, number)
      .map(([operator, left, right]) => binary(operator, left, right)),
    fc
      .tuple(fc.constantFrom<BinaryOperator>("&&", "||", "=>", "==", "!="), bool, bool)
      .map(([operator, left, right]) => binary(operator, left, right)),
    fc
      .constantFrom(account, digest, phase, deal)
      .chain((side) =>
        fc
          .tuple(fc.constantFrom<BinaryOperator>("==", "!="), side, side)
          .map(([operator, left, right]) => binary(operator, left, right)),
      ),
    bool.map((operand): ContractExpression => ({ type: "not", operand, span })),
    maps.length > 0 && fc.constantFrom(...maps).chain((map) => presenceOf(map, inner)),
    scope.call &&
      account.map(
        (one): ContractExpression => ({
          type: "function",
          callee: "signed",
          operands: [one],
          span,
        }),
      ),
    signatures.length > 0 &&
      fc.tuple(account, deal, fc.constantFrom(...signatures)).map(
        ([one, record, signature]): ContractExpression => ({
          type: "function",
          callee: "signed_message",
          operands: [one, record, use(signature)],
          span,
        }),
      ),
  ];
}

/** `k in map`, or `l in map[k]` of a map with two keys. */
function presenceOf(map: RandomMap, inner: Expressions): fc.Arbitrary<ContractExpression> {
  return fc.tuple(...map.keys.map((key) => inner[key.kind])).map((keys): ContractExpression => {
    const key = keys.at(-1) ?? truth(true);
    const row = keys.slice(0, -1).reduce(index, use(map.name));
    return { type: "in", key, map: row, span };
  });
}

/** Sums over all cells of a map: of a plain term, or of one with the keys. */
function termsIn(scope: Scope): fc.Arbitrary<ContractExpression> | undefined {
  const { maps } = scope;
  if (maps.length === 0) return undefined;
  return fc.record({ map: fc.constantFrom(...maps), keyed: fc.boolean() }).chain(({ map, keyed }) =>
    termOf(scope, { map, keys: keyed ? map.keys : [] }).map(
      (term): ContractExpression => ({
        type: "sum",
        cell: named("cell"),
        keys: (keyed ? map.keys : []).map((_key, at) => named(`key${at}`)),
        map: named(map.name),
        row: undefined,
        term,
        span,
      }),
    ),
  );
}

/** Sums over the row `map[k]` of a map with two keys. */
function rowSums(maps: readonly RandomMap[], inner: Expressions): fc.Arbitrary<ContractExpression> {
  return fc.constantFrom(...maps).chain((map) =>
    inner[map.keys[0]?.kind ?? "number"].map(
      (row): ContractExpression => ({
        type: "sum",
        cell: named("cell"),
        keys: [],
        map: named(map.name),
        row,
        term: use("cell"),
        span,
      }),
    ),
  );
}

/** The term of a sum: its cell, its keys and constants. */
function termOf(
  scope: Scope,
  { map, keys }: { readonly map: RandomMap; readonly keys: RandomMap["keys"] },
): fc.Arbitrary<ContractExpression> {
  const locals = [
    { name: "cell", kind: map.value.kind },
    ...keys.map(({ kind }, at) => ({ name: `key${at}`, kind })),
  ];
  const constants = scope.names.filter(({ name }) => /^[A-Z]/.test(name));
  const inside: Scope = {
    ...scope,
    names: [...locals, ...locals, ...constants],
    scalars: [],
    maps: [],
    supplies: [],
    holdings: false,
    vault: false,
    old: false,
    sums: false,
    call: false,
  };
  return expressionsIn(inside, 2).number;
}

function leavesIn(scope: Scope): Expressions {
  const leaf = (kind: Kind, literal: fc.Arbitrary<ContractExpression>, further: Options) => {
    const names = scope.names.filter((one) => one.kind === kind);
    return fc.oneof(
      { arbitrary: literal, weight: 2 },
      ...(names.length === 0
        ? []
        : [{ arbitrary: fc.constantFrom(...names).map(({ name }) => use(name)), weight: 5 }]),
      ...further.flatMap((one) =>
        one === undefined || one === false ? [] : [{ arbitrary: one, weight: 1 }],
      ),
    );
  };
  const { fields, assets, supplies } = scope;
  const leaves = {
    number: leaf("number", smallNumbers, [
      scope.call && fc.constant<ContractExpression>({ type: "now", span }),
      scope.call && fc.constant<ContractExpression>({ type: "sequence", span }),
      scope.vault &&
        fc
          .constantFrom("balance", "balance", ...assets)
          .map((field) => holdingOf({ type: "vault", span }, field)),
      supplies.length > 0 &&
        fc.constantFrom(...supplies).map((asset) => index(use("supply"), use(asset))),
    ]),
    bool: leaf("bool", fc.boolean().map(truth), []),
    account: leaf("account", accountLiterals, []),
    digest: leaf("digest", digestLiterals, []),
    phase: leaf(
      "phase",
      fc.constantFrom(...scope.words).map((word) => member(use("Phase"), word)),
      [],
    ),
  };
  const literals = { ...leaves, deal: fc.constant(truth(true)) };
  return { ...leaves, deal: leaf("deal", recordOf({ ...scope, fields }, literals), []) };
}
