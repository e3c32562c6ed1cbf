import type { ContractExpression } from "../../language/syntax/contract.ts";
import { valueBits } from "../../language/syntax/fields.ts";
import type { Name } from "../../language/syntax/syntax.ts";
import type { Span } from "../../obligation.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { RecordType } from "../typed/value-types.ts";
import { typeOfRead } from "../typed/values.ts";
import {
  checkTypeOf,
  condition,
  excerpt,
  literal,
  mayRead,
  widthOf,
  widthOfRead,
} from "./checked.ts";
import {
  type Checked,
  type ContractScope,
  type Declared,
  describeType,
  type Local,
  named,
  PLACES,
  type Width,
} from "./scope.ts";
import { withHint } from "./suggest.ts";

type Member = Extract<ContractExpression, { type: "member" }>;
type Index = Extract<ContractExpression, { type: "index" }>;
type MapDeclared = Extract<Declared, { type: "map" }>;

const NUMBER = { kind: "number" } as const;
const amountWidth: Width = widthOf(valueBits.amount, true);

/** Checks `x.name`, such as `vault.balance`. Undefined, after a report, if it is faulty. */
export function checkMember(
  expression: Member,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const { object, member, span } = expression;
  if (object.type === "vault") return checkVault(member, undefined, { span, scope, isOld });
  const declared = object.type === "name" ? scope.declared.get(object.name) : undefined;
  if (declared?.type === "enum") {
    const { words } = declared.of;
    const at = words.indexOf(member.text);
    if (at >= 0) return literal(BigInt(at), declared.of, span);
    const message = `\`${declared.of.name}\` has no word \`${member.text}\``;
    scope.report(
      "unknown-name",
      member.span,
      withHint(message, member.text, () => words),
    );
    return undefined;
  }
  const owner = scope.check(object, scope, isOld);
  if (owner === undefined) return undefined;
  if (owner.of.kind === "account") {
    return checkHolding(owner, member, undefined, { span, scope, isOld });
  }
  if (owner.of.kind !== "record") {
    const message = `\`${excerpt(object)}\` is ${describeType(owner.of)}, so it has no fields`;
    scope.report("type", member.span, message);
    return undefined;
  }
  const record = owner.of;
  const at = record.fields.findIndex((field) => field.name === member.text);
  const field = record.fields[at];
  if (field === undefined) {
    reportNoField(member, record, scope);
    return undefined;
  }
  const typed: Typed = { type: "project", record: owner.typed, of: record, at, span };
  const width = owner.fields?.[at] ?? widthOfRead(field.type);
  return { typed, of: typeOfRead(field.type), width };
}

/** Checks `x[k]`, such as `supply[A]` or `map[k][l]`. Undefined, after a report, if faulty. */
export function checkIndex(
  expression: Index,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const { object, key, span } = expression;
  if (object.type === "name" && object.name === "supply" && !isDeclared("supply", scope)) {
    return checkSupply(key, { span, scope, isOld });
  }
  if (object.type === "member" && object.object.type === "vault") {
    return checkVault(object.member, key, { span, scope, isOld });
  }
  if (object.type === "member") {
    const owner = scope.check(object.object, scope, isOld);
    if (owner === undefined) return undefined;
    if (owner.of.kind === "account") {
      return checkHolding(owner, object.member, key, { span, scope, isOld });
    }
  }
  const path = mapPath(expression, scope);
  if (path === undefined) {
    reportNoMap(object, scope);
    return undefined;
  }
  if (!mayRead(span, scope)) return undefined;
  const { map, declared } = path;
  if (path.keys.length < declared.keys.length) {
    scope.report("type", span, `\`${map}\` has two keys: write \`${map}[k][l]\``);
    return undefined;
  }
  const keys = checkKeys(path, scope, isOld);
  if (keys === undefined) return undefined;
  const of = typeOfRead(declared.value);
  const typed: Typed = { type: "cell", map, keys, of, isOld, span };
  return { typed, of, width: widthOfRead(declared.value) };
}

/** Checks `key in map` or `key in map[k]`. Undefined, after a report, if it is faulty. */
export function checkIn(
  expression: Extract<ContractExpression, { type: "in" }>,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const { map: written, key, span } = expression;
  const row = mapPath(written, scope);
  if (row === undefined) {
    reportNoMap(written, scope);
    return undefined;
  }
  if (!mayRead(span, scope)) return undefined;
  const path = { ...row, keys: [...row.keys, key] };
  if (path.keys.length < path.declared.keys.length) {
    const message = `\`${row.map}\` has two keys: write \`l in ${row.map}[k]\``;
    scope.report("type", span, message);
    return undefined;
  }
  const keys = checkKeys(path, scope, isOld);
  if (keys === undefined) return undefined;
  return condition({ type: "has", map: row.map, keys, isOld, span });
}

/** Checks a `sum` over a map or one of its rows. Undefined, after a report, if it is faulty. */
export function checkSum(
  expression: Extract<ContractExpression, { type: "sum" }>,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const { map, span } = expression;
  if (!scope.permissions.sums) {
    const message = `${scope.permissions.place} cannot have a \`sum\`: it stands in specifications alone`;
    scope.report("type", span, message);
    return undefined;
  }
  const declared = mapNamed(map, scope);
  if (declared === undefined) return undefined;
  const [first] = declared.keys;
  const row =
    expression.row === undefined || first === undefined
      ? undefined
      : checkTypeOf(expression.row, typeOfRead(first), scope, isOld);
  if (expression.row !== undefined && row === undefined) return undefined;
  if (row !== undefined && declared.keys.length === 1) {
    scope.report("type", span, `\`${map.text}\` has one key, so it has no rows`);
    return undefined;
  }
  const varying = row === undefined ? declared.keys : declared.keys.slice(1);
  const { keys } = expression;
  if (keys.length > 0 && keys.length !== varying.length) {
    const message = `${varying.length} keys of \`${map.text}\` vary here, and ${keys.length} are named`;
    scope.report("type", span, message);
    return undefined;
  }
  const locals = sumLocals(expression, { declared, varying, scope });
  const term = checkTypeOf(expression.term, NUMBER, {
    ...scope,
    locals,
    permissions: PLACES.term,
  });
  if (term === undefined) return undefined;
  const typed: Typed = {
    type: "sum",
    map: map.text,
    row: row?.typed,
    cell: expression.cell.text,
    keys: keys.map((key) => key.text),
    term: term.typed,
    isNatural: term.width.natural,
    isOld,
    span,
  };
  // A map has fewer than 2^64 cells.
  const { bits, natural, writtenBits } = term.width;
  return { typed, of: NUMBER, width: { bits: bits + 64, natural, writtenBits: writtenBits + 64 } };
}

/** Returns the names that `e` can use in `sum(v at k in m: e)`: `v` and `k`, and nothing else. */
function sumLocals(
  { cell, keys }: Extract<ContractExpression, { type: "sum" }>,
  of: {
    readonly declared: MapDeclared;
    readonly varying: MapDeclared["keys"];
    readonly scope: ContractScope;
  },
): ReadonlyMap<string, Local | undefined> {
  const { declared, varying, scope } = of;
  const locals = new Map<string, Local | undefined>();
  const add = (name: Name, type: MapDeclared["value"]): void => {
    const within = { ...scope, locals: new Map([...scope.locals, ...locals]) };
    bind(name, { of: typeOfRead(type), width: widthOfRead(type) }, { scope: within, locals });
  };
  add(cell, declared.value);
  keys.forEach((key, at) => {
    const type = varying[at];
    if (type !== undefined) add(key, type);
  });
  return locals;
}

/** Tells whether a name has a meaning in a scope. */
export function isDeclared(name: string, scope: ContractScope): boolean {
  return scope.locals.has(name) || scope.declared.has(name);
}

/** Declares a local name. Reports a name that is taken, and leaves it undefined. */
export function bind(
  name: Name,
  local: Local | undefined,
  {
    scope,
    locals,
  }: { readonly scope: ContractScope; readonly locals: Map<string, Local | undefined> },
): void {
  const isTaken = isDeclared(name.text, scope);
  if (isTaken) scope.report("duplicate", name.span, `\`${name.text}\` is declared already`);
  locals.set(name.text, isTaken ? undefined : local);
}

/** Returns the declared map of this name. Undefined, after a report, if there is none. */
export function mapNamed(name: Name, scope: ContractScope): MapDeclared | undefined {
  const declared = scope.declared.get(name.text);
  if (declared?.type === "map") return declared;
  if (declared?.type === "faulty") return undefined;
  const message = `there is no map \`${name.text}\``;
  scope.report(
    "unknown-name",
    name.span,
    withHint(message, name.text, () => named("map", scope)),
  );
  return undefined;
}

/** Reports that an expression is no map, unless a name in it is faulty and was reported. */
export function reportNoMap(expression: ContractExpression, scope: ContractScope): void {
  let base = expression;
  while (base.type === "index" || base.type === "member") base = base.object;
  if (base.type === "name") {
    const isFaulty = scope.declared.get(base.name)?.type === "faulty";
    if (isFaulty || (scope.locals.has(base.name) && scope.locals.get(base.name) === undefined)) {
      return;
    }
    if (!isDeclared(base.name, scope)) {
      mapNamed({ text: base.name, span: base.span }, scope);
      return;
    }
  }
  scope.report("type", expression.span, `\`${excerpt(expression)}\` is not a map`);
}

/** Reports that a record has no field with a name. */
export function reportNoField(name: Name, record: RecordType, scope: ContractScope): void {
  const message = `\`${record.name}\` has no field \`${name.text}\``;
  const fields = (): readonly string[] => record.fields.map((one) => one.name);
  scope.report("unknown-field", name.span, withHint(message, name.text, fields));
}

/** Map and the keys that follow it in brackets, as in `map[k][l]`. */
export interface MapPath {
  readonly map: string;
  readonly declared: MapDeclared;
  readonly keys: readonly ContractExpression[];
}

/** Returns the map and the keys of `map`, `map[k]` or `map[k][l]`. Undefined for anything else. */
export function mapPath(expression: ContractExpression, scope: ContractScope): MapPath | undefined {
  const keys: ContractExpression[] = [];
  let object = expression;
  while (object.type === "index" && keys.length < 2) {
    keys.unshift(object.key);
    object = object.object;
  }
  if (object.type !== "name") return undefined;
  const declared = scope.declared.get(object.name);
  return declared?.type === "map" ? { map: object.name, declared, keys } : undefined;
}

/** Checks the keys of a `MapPath`. Undefined if a key is faulty or there are too many. */
export function checkKeys(
  path: MapPath,
  scope: ContractScope,
  isOld: boolean,
): readonly Typed[] | undefined {
  const { map, declared, keys } = path;
  const extra = keys[declared.keys.length];
  if (extra !== undefined) {
    scope.report("type", extra.span, `\`${map}\` has one key`);
    return undefined;
  }
  const checked = keys.map((key, at) => {
    const type = declared.keys[at];
    return type === undefined ? undefined : checkTypeOf(key, typeOfRead(type), scope, isOld);
  });
  const typed = checked.flatMap((one) => one?.typed ?? []);
  return typed.length === keys.length ? typed : undefined;
}

interface Access {
  readonly span: Span;
  readonly scope: ContractScope;
  readonly isOld: boolean;
}

function checkVault(
  member: Name,
  key: ContractExpression | undefined,
  { span, scope, isOld }: Access,
): Checked | undefined {
  if (member.text !== "balance") {
    scope.report("unknown-field", member.span, "the vault has no field but `balance`");
    return undefined;
  }
  if (!mayRead(span, scope)) return undefined;
  const asset = key === undefined ? "" : assetOf(key, scope);
  if (asset === undefined) return undefined;
  return { typed: { type: "vault", asset, isOld, span }, of: NUMBER, width: amountWidth };
}

function checkHolding(
  owner: Checked,
  member: Name,
  key: ContractExpression | undefined,
  { span, scope, isOld }: Access,
): Checked | undefined {
  const field = member.text;
  if (field !== "balance" && field !== "stake") {
    const message = `an account has no field \`${field}\`; there are \`balance\` and \`stake\``;
    scope.report("unknown-field", member.span, message);
    return undefined;
  }
  if (field === "stake" && key !== undefined) {
    scope.report("unknown-field", member.span, "only `balance` is held per asset");
    return undefined;
  }
  if (!mayRead(span, scope)) return undefined;
  if (scope.permissions.state === "own") {
    const message = `${scope.permissions.place} cannot mention the holdings of accounts, which change without a call`;
    scope.report("type", span, message);
    return undefined;
  }
  const asset = key === undefined ? "" : assetOf(key, scope);
  if (asset === undefined) return undefined;
  const typed: Typed = { type: "holding", account: owner.typed, field, asset, isOld, span };
  return { typed, of: NUMBER, width: amountWidth };
}

function checkSupply(key: ContractExpression, { span, scope, isOld }: Access): Checked | undefined {
  if (!mayRead(span, scope)) return undefined;
  const asset = assetOf(key, scope);
  if (asset === undefined) return undefined;
  const declared = scope.declared.get(asset);
  if (scope.permissions.state === "own" && declared?.type === "asset" && !declared.asset.isOwn) {
    const message = `${scope.permissions.place} cannot mention the supply of \`${asset}\`, which changes without a call`;
    scope.report("type", span, message);
    return undefined;
  }
  return { typed: { type: "supply", asset, isOld, span }, of: NUMBER, width: amountWidth };
}

/**
 * Returns the name of the asset `A` in `balance[A]` or `supply[A]`. Undefined if it is no declared
 * asset, which is reported.
 */
function assetOf(key: ContractExpression, scope: ContractScope): string | undefined {
  const declared = key.type === "name" ? scope.declared.get(key.name) : undefined;
  if (key.type === "name" && declared?.type === "asset") return key.name;
  if (declared?.type !== "faulty") reportNoAsset(excerpt(key), key.span, scope);
  return undefined;
}

/** Reports that there is no asset with a name. */
export function reportNoAsset(text: string, span: Span, scope: ContractScope): void {
  const message = `the asset \`${text}\` is not declared`;
  scope.report(
    "unknown-name",
    span,
    withHint(message, text, () => named("asset", scope)),
  );
}
