import type {
  ContractExpression,
  Exit,
  ForEach,
  HoldingsOf,
  Invariant,
} from "../../language/syntax/contract.ts";
import type { Name } from "../../language/syntax/syntax.ts";
import type { TypedExit, TypedForEach, TypedRule } from "../typed/typed-contract.ts";
import type { ExpressionType } from "../typed/value-types.ts";
import { typeOfRead } from "../typed/values.ts";
import { bind, mapNamed, reportNoAsset } from "./check-places.ts";
import { checkTypeOf, widthOfRead } from "./checked.ts";
import { type Checked, type ContractScope, type Local, named, PLACES } from "./scope.ts";
import { withHint } from "./suggest.ts";

const NUMBER = { kind: "number" } as const;
const BOOL = { kind: "bool" } as const;

/** Checks an invariant or a transition. Undefined, after a report, if it is faulty. */
export function checkRule(rule: Invariant, outer: ContractScope): TypedRule | undefined {
  const locals = new Map<string, Local | undefined>();
  const permissions = PLACES[rule.type];
  const scope: ContractScope = { ...outer, locals, permissions };
  const forEach = rule.forEach.map((one) => bindKeys(one, scope, locals));
  const condition = checkTypeOf(rule.condition, BOOL, scope);
  const heads = forEach.flatMap((one) => one ?? []);
  if (condition === undefined || heads.length !== forEach.length) return undefined;
  return { name: rule.name.text, forEach: heads, condition: condition.typed, span: rule.span };
}

function bindKeys(
  forEach: ForEach,
  scope: ContractScope,
  locals: Map<string, Local | undefined>,
): TypedForEach | undefined {
  const { map, binders } = forEach;
  const declared = mapNamed(map, scope);
  if (declared === undefined || declared.keys.length !== binders.length) {
    for (const binder of binders) bind(binder, undefined, { scope, locals });
    if (declared === undefined) return undefined;

    const count = declared.keys.length === 1 ? "one key" : "two keys";
    const message = `\`${map.text}\` has ${count}, and ${binders.length} are named`;
    scope.report("type", forEach.span, message);
    return undefined;
  }
  const typed = binders.flatMap((binder, at) => {
    const type = declared.keys[at];
    if (type === undefined) return [];
    bind(binder, { of: typeOfRead(type), width: widthOfRead(type) }, { scope, locals });
    return [{ name: binder.text, type }];
  });
  return { binders: typed, map: map.text };
}

/**
 * Checks an exit, and that the call after `via` fits the parameters of its intent. Undefined if the
 * exit is faulty.
 */
export function checkExit(exit: Exit, outer: ContractScope): TypedExit | undefined {
  const locals = new Map<string, Local | undefined>();
  const scope: ContractScope = { ...outer, locals, permissions: PLACES.exit };
  const forEach = exit.forEach === undefined ? undefined : bindKeys(exit.forEach, scope, locals);
  const condition = checkTypeOf(exit.condition, BOOL, scope);
  const amount = optional(exit.keeping?.amount, NUMBER, scope);
  const asset = exit.keeping === undefined ? "" : assetOf(exit.keeping.balance, scope);
  const after = optional(exit.after, NUMBER, scope);
  const within = optional(exit.within, NUMBER, scope);
  const beneficiary = checkTypeOf(exit.beneficiary, { kind: "account" }, scope);
  const args = checkArguments(exit, scope);
  if (!checkUnless(exit.unless, scope)) return undefined;
  if (condition === undefined || beneficiary === undefined || args === undefined) return undefined;
  if (amount === "faulty" || after === "faulty" || within === "faulty") return undefined;
  if (asset === undefined || (exit.forEach !== undefined && forEach === undefined)) {
    return undefined;
  }
  if (exit.within === undefined && exit.after !== undefined && !isConstant(exit.after, scope)) {
    const message = "`within` may be missing only where the time after `after` is a constant";
    scope.report("missing", exit.after.span, message);
    return undefined;
  }
  const [exempt] = exit.unless;
  if (exit.after === undefined && exempt !== undefined) {
    const name = exempt.text;
    const message = `\`unless ${name}\` needs a time: \`${name}\` may take what is owed only until then; add \`after TIME\`, or leave out \`unless\``;
    scope.report("missing", exempt.span, message);
    return undefined;
  }
  if (!mentionsBinders(exit, forEach, scope)) return undefined;
  return {
    name: exit.name.text,
    forEach,
    condition: condition.typed,
    keeping: amount === undefined ? undefined : { amount: amount.typed, asset },
    after: after?.typed,
    within: within?.typed,
    unless: exit.unless.map((name) => name.text),
    via: { intent: exit.via.intent.text, args: args.map((one) => one.typed) },
    who: exit.who,
    beneficiary: beneficiary.typed,
    span: exit.span,
  };
}

/** Tells whether all names in an expression are names of constants. */
function isConstant(expression: ContractExpression, scope: ContractScope): boolean {
  const silent = { locals: new Map(), permissions: PLACES.constant, report: () => undefined };
  return scope.check(expression, { ...scope, ...silent }) !== undefined;
}

function optional(
  expression: ContractExpression | undefined,
  wanted: ExpressionType,
  scope: ContractScope,
): Checked | "faulty" | undefined {
  if (expression === undefined) return undefined;
  return checkTypeOf(expression, wanted, scope) ?? "faulty";
}

/**
 * Tells whether the arguments of an exit's call name every key of its `for each`, so that each key
 * has a call of its own. Reports the first missing key.
 */
function mentionsBinders(
  exit: Exit,
  forEach: TypedForEach | undefined,
  scope: ContractScope,
): boolean {
  const named = new Set(
    exit.via.args.flatMap((argument) => (argument.type === "name" ? [argument.name] : [])),
  );
  const missing = forEach?.binders.find(({ name }) => !named.has(name));
  if (missing === undefined) return true;
  const message = `the arguments of \`${exit.via.intent.text}\` must name every key: \`${missing.name}\` is missing`;
  scope.report("missing", exit.via.intent.span, message);
  return false;
}

function checkArguments(exit: Exit, scope: ContractScope): readonly Checked[] | undefined {
  const { intent, args } = exit.via;
  const declared = scope.declared.get(intent.text);
  if (declared?.type !== "intent") {
    reportNoIntent(intent, scope);
    return undefined;
  }
  const { parameters } = declared;
  if (parameters.length !== args.length) {
    const values = parameters.length === 1 ? "argument" : "arguments";
    const message = `\`${intent.text}\` takes ${parameters.length} ${values}, not ${args.length}`;
    scope.report("type", intent.span, message);
    return undefined;
  }
  const checked = args.flatMap((argument, at) => {
    const type = parameters[at]?.type;
    // The type of the parameter is faulty, and was reported.
    if (type === undefined) return scope.check(argument, scope) ?? [];
    const wanted = type.kind === "signature" ? type : typeOfRead(type);
    return checkTypeOf(argument, wanted, scope) ?? [];
  });
  return checked.length === args.length ? checked : undefined;
}

/** Tells whether every name after `unless` is the name of an intent. Reports names that are not. */
export function checkUnless(names: readonly Name[], scope: ContractScope): boolean {
  let isRight = true;
  const texts = names.map((name) => name.text);
  for (const [at, name] of names.entries()) {
    const isIntent = scope.declared.get(name.text)?.type === "intent";
    if (!isIntent) reportNoIntent(name, scope);
    const isRepeated = texts.indexOf(name.text) < at;
    if (isRepeated) scope.report("duplicate", name.span, `\`${name.text}\` is named already`);
    if (!isIntent || isRepeated) isRight = false;
  }
  return isRight;
}

function reportNoIntent(name: Name, scope: ContractScope): void {
  if (scope.declared.get(name.text)?.type === "faulty") return;
  const message = `there is no intent \`${name.text}\``;
  scope.report(
    "unknown-name",
    name.span,
    withHint(message, name.text, () => named("intent", scope)),
  );
}

/**
 * Returns the name of an asset; empty for the native one. Undefined if the asset is not declared,
 * which is reported.
 */
export function assetOf(balance: HoldingsOf | undefined, scope: ContractScope): string | undefined {
  const asset = balance?.asset;
  if (asset === undefined) return "";
  const declared = scope.declared.get(asset.text);
  if (declared?.type === "asset") return asset.text;
  if (declared?.type !== "faulty") reportNoAsset(asset.text, asset.span, scope);
  return undefined;
}
