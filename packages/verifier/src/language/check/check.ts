import type { Span } from "../../obligation.ts";
import type { DeclaredAsset } from "../syntax/assets.ts";
import type { Diagnostic, DiagnosticCode } from "../syntax/diagnostic.ts";
import {
  isFieldName,
  type ParameterType,
  parameterTypes,
  privilegedFields,
  valueBits,
} from "../syntax/fields.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import type { Module } from "../syntax/module.ts";
import type {
  Assignment,
  Batch,
  Clause,
  EffectStatement,
  Intent,
  Name,
  Parameter,
} from "../syntax/syntax.ts";
import { assetsOf, checkSupplyWrites, declaredAssets } from "./check-assets.ts";
import {
  checkExpression,
  checkField,
  checkSort,
  checkSupply,
  number,
  type Scope,
  type Shape,
} from "./check-expression.ts";
import { foldConstants, type Literal, substituteIntent } from "./constants.ts";

/** Parameter of an intent with its type. */
export interface TypedParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Whether the account must sign the invoke. */
  readonly signer: boolean;
  /**
   * Whether the parameter is declared `external`, which means that its value comes from outside.
   * This changes nothing in the proof, which covers every value of every parameter.
   */
  readonly external: boolean;
  readonly span: Span;
}

/**
 * Intent that passed the checker. Its constants are replaced by literals, and every name has a
 * meaning.
 */
export interface CheckedIntent {
  readonly intent: Intent;
  readonly parameters: readonly TypedParameter[];
  /** Declared assets that the intent reads or writes, ordered by name. */
  readonly assets: readonly DeclaredAsset[];
  /** Name of the atomic batch of which the intent is a member. Absent for any other intent. */
  readonly batch?: string;
  /** Shapes of parameters and `let`s, by name. */
  readonly shapes: ReadonlyMap<string, Shape>;
}

export type CheckResult =
  | { readonly ok: true; readonly intents: readonly CheckedIntent[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export interface CheckOptions {
  /** Whether the source comes from the genesis file, so that its intents may write stake. */
  readonly privileged: boolean;
}

/**
 * Checks a module: resolves its names, and checks types and limits. Faults are reported in the
 * order of the source.
 */
export function checkModule(module: Module, options: CheckOptions): CheckResult {
  const diagnostics: Diagnostic[] = [];
  const report = (code: DiagnosticCode, span: Span, message: string): void => {
    diagnostics.push({ code, span, message });
  };
  const constants = foldConstants(module, report);
  const assets = declaredAssets(module, constants, report);
  const taken = new Set<string>();
  const batches = new Set<string>();
  const intents: CheckedIntent[] = [];
  for (const item of module.items) {
    if (item.type === "contract") {
      const message = `\`${item.name.text}\` is a contract, and contracts cannot be published yet`;
      report("unsupported", item.name.span, message);
    }
    if (item.type !== "intent" && item.type !== "batch") continue;
    if (item.type === "batch") checkBatch(item, batches, report);
    for (const intent of item.type === "batch" ? item.intents : [item]) {
      claimName(intent.name, taken, "intent", report);
      const checked = checkIntent(intent, { ...options, constants, assets, report });
      intents.push(item.type === "batch" ? { ...checked, batch: item.name.text } : checked);
    }
  }
  if (diagnostics.length === 0) return { ok: true, intents };
  const sorted = diagnostics.sort((a, b) => a.span.start.offset - b.span.start.offset);
  return { ok: false, diagnostics: sorted.slice(0, LANGUAGE_LIMITS.diagnostics) };
}

type Report = Scope["report"];

interface IntentOptions extends CheckOptions {
  readonly constants: ReadonlyMap<string, Literal>;
  readonly assets: ReadonlyMap<string, DeclaredAsset>;
  readonly report: Report;
}

/**
 * Checks the name of a batch, the number of arguments and the writes of stake. One call carries the
 * arguments of all members, so their number is limited. A batch cannot write stake.
 */
function checkBatch(batch: Batch, taken: Set<string>, report: Report): void {
  claimName(batch.name, taken, "atomic batch", report);
  const count = batch.intents.reduce((sum, intent) => sum + intent.parameters.length, 0);
  if (count > LANGUAGE_LIMITS.batchParameters) {
    const message = `a batch has at most ${LANGUAGE_LIMITS.batchParameters} parameters in all, not ${count}`;
    report("limit", batch.name.span, message);
  }
  const writes = batch.intents.flatMap((intent) => intent.effect);
  for (const statement of writes) {
    if (statement.type !== "assignment" || statement.target.type !== "field") continue;
    const { field, span } = statement.target;
    if (!isFieldName(field.text) || !privilegedFields.has(field.text)) continue;
    report("unsupported", span, `\`${field.text}\` cannot be written in an atomic batch yet`);
  }
}

function checkIntent(written: Intent, options: IntentOptions): CheckedIntent {
  const { constants, assets, report } = options;
  const names = new Map<string, Shape>();
  const parameters: TypedParameter[] = [];
  for (const parameter of written.parameters) {
    claimLocal(parameter.name, names, options);
    const typed = checkParameter(parameter, report);
    names.set(parameter.name.text, typed === undefined ? unknown : parameterShape(typed.type));
    if (typed !== undefined) parameters.push(typed);
  }
  const intent = substituteIntent(written, constants);
  const checker: BlockChecker = { scope: { names, assets, report }, names, options };
  checkBlock(intent.guard, checker);
  checkBlock(intent.effect, checker);
  checkBlock(intent.verify, checker);
  if (!written.verify.some((clause) => clause.type === "condition")) {
    const message = `\`${written.name.text}\` claims nothing: it needs a \`verify\` block with a condition`;
    report("missing", written.name.span, message);
  }
  checkSupplyWrites(intent, report);
  return {
    intent: canonicalTypes(intent, parameters),
    parameters,
    shapes: names,
    assets: assetsOf(intent, assets),
  };
}

interface BlockChecker {
  readonly scope: Scope;
  readonly names: Map<string, Shape>;
  readonly options: IntentOptions;
}

function checkBlock(block: readonly (Clause | EffectStatement)[], checker: BlockChecker): void {
  const { scope, names, options } = checker;
  for (const statement of block) {
    switch (statement.type) {
      case "let": {
        const shape = checkExpression(statement.value, scope);
        claimLocal(statement.name, names, options);
        if (shape.sort === "account") {
          const message = "`let` names a number or a condition, not an account";
          options.report("type", statement.value.span, message);
        }
        names.set(statement.name.text, shape.sort === "account" ? unknown : shape);
        break;
      }
      case "condition":
        if (statement.secret) {
          options.report(
            "unsupported",
            statement.span,
            "`secret` conditions are not supported yet",
          );
        }
        checkSort(statement.expression, "boolean", scope);
        break;
      case "assignment": {
        checkTarget(statement.target, checker);
        checkSort(statement.value, "number", scope);
      }
    }
  }
}

function checkTarget(target: Assignment["target"], { scope, options }: BlockChecker): void {
  if (target.type === "supply") {
    checkSupply(target, scope);
    return;
  }
  checkField(target, scope);
  const { text } = target.field;
  if (!isFieldName(text) || !privilegedFields.has(text) || options.privileged) return;
  const message = `only intents of the genesis list may write \`${text}\``;
  options.report("privileged", target.span, message);
}

function checkParameter(parameter: Parameter, report: Report): TypedParameter | undefined {
  const { name, typeName, modifiers, span } = parameter;
  const type = parameterTypes.get(typeName.text);
  for (const modifier of modifiers) {
    if (modifier.kind === "secret") {
      const message = `\`secret\` parameters are not supported yet: \`${name.text}\``;
      report("unsupported", modifier.span, message);
    }
    if (modifier.kind === "optional") {
      const message = "`optional` stands before a parameter of a contract alone";
      report("unsupported", modifier.span, message);
    }
    if (modifier.kind === "signer" && type !== undefined && type !== "Account") {
      const message = `only an \`Account\` can sign; \`${name.text}\` is of type \`${type}\``;
      report("type", modifier.span, message);
    }
  }
  if (type === undefined) {
    if (typeName.text === "Asset") {
      report("unsupported", typeName.span, "the type `Asset` is not supported yet");
    } else {
      const known = "`Account`, `Amount`, `Int` and `Bool`";
      report(
        "unknown-type",
        typeName.span,
        `the type \`${typeName.text}\` is not known; there are ${known}`,
      );
    }
    return undefined;
  }
  const has = (kind: string): boolean => modifiers.some((modifier) => modifier.kind === kind);
  return { name: name.text, type, signer: has("signer"), external: has("external"), span };
}

const unknown: Shape = { sort: "unknown", bits: 1, natural: false, writtenBits: 1 };

function parameterShape(type: ParameterType): Shape {
  switch (type) {
    case "Account":
      return { sort: "account", bits: 1, natural: false, writtenBits: 1 };
    case "Amount":
      return number(valueBits.amount, { natural: true });
    case "Int":
      return number(valueBits.int, { natural: false });
    case "Bool":
      return { sort: "boolean", bits: 1, natural: false, writtenBits: 1 };
  }
}

/**
 * Requires that no other name in scope is equal to a new one, so that a reader never has to ask
 * which one is meant.
 */
function claimLocal(
  name: Name,
  names: ReadonlyMap<string, Shape>,
  { constants, assets, report }: IntentOptions,
): void {
  if (!names.has(name.text) && !constants.has(name.text) && !assets.has(name.text)) return;
  report("duplicate", name.span, `\`${name.text}\` is declared already`);
}

function claimName(name: Name, taken: Set<string>, what: string, report: Report): void {
  if (taken.has(name.text)) {
    report("duplicate", name.span, `there is an ${what} \`${name.text}\` already`);
  }
  taken.add(name.text);
}

/**
 * Replaces older names of types by the current ones, so that a program has only one canonical text.
 */
function canonicalTypes(intent: Intent, typed: readonly TypedParameter[]): Intent {
  const types = new Map(typed.map((parameter) => [parameter.name, parameter.type]));
  const parameters = intent.parameters.map((parameter) => {
    const text = types.get(parameter.name.text) ?? parameter.typeName.text;
    return { ...parameter, typeName: { ...parameter.typeName, text } };
  });
  return { ...intent, parameters };
}
