import type { CompiledIntent } from "../../src/intent/compiled/compile.ts";
import { originSpan } from "../../src/language/parse/source.ts";
import {
  printAssets,
  printExpression,
  printIntent,
  printPlace,
} from "../../src/language/print/print.ts";
import type {
  Assignment,
  BinaryOperator,
  Clause,
  EffectStatement,
  Expression,
  Field,
  Intent,
  Name,
} from "../../src/language/syntax/syntax.ts";

/** A wrong variant of an intent: one change, and what it is in a few words. */
export interface Mutant {
  /** `claim`: only what is said of the intent is changed, not what it does. */
  readonly target: "program" | "claim";
  readonly change: string;
  readonly source: string;
}

/** One way to write a part differently. */
interface Variant<T> {
  readonly change: string;
  readonly value: T;
}

/** Every variant that is one change away, each once, in a fixed order. */
export function mutantsOf(intent: CompiledIntent): readonly Mutant[] {
  const kin = kinOf(intent);
  const { guard, effect, verify, parameters } = intent.intent;
  const programs: Variant<Intent>[] = [
    ...clausesVariants(guard, kin, "guard").map(into(intent.intent, "guard")),
    ...effectVariants(effect, kin).map(into(intent.intent, "effect")),
    ...signerVariants(parameters).map(into(intent.intent, "parameters")),
  ];
  const claims = clausesVariants(verify, kin, "verify").map(into(intent.intent, "verify"));
  const declarations = printAssets(intent.assets);
  const seen = new Set([printIntent(intent.intent)]);
  const result: Mutant[] = [];
  const times = new Map<string, number>();
  for (const [target, variants] of [
    ["program", programs],
    ["claim", claims],
  ] as const) {
    for (const { change, value } of variants) {
      const text = printIntent(value);
      if (seen.has(text)) continue;
      seen.add(text);
      const time = (times.get(change) ?? 0) + 1;
      times.set(change, time);
      const which = time === 1 ? change : `${change} (${time})`;
      result.push({ target, change: which, source: `${declarations}${text}` });
    }
  }
  return result;
}

function into<K extends keyof Intent>(intent: Intent, key: K) {
  return ({ change, value }: Variant<Intent[K]>): Variant<Intent> => ({
    change,
    value: { ...intent, [key]: value },
  });
}

/** Names that could stand for one another by mistake. */
interface Kin {
  readonly accounts: readonly string[];
  readonly numbers: readonly string[];
  readonly assets: readonly string[];
}

function kinOf(intent: CompiledIntent): Kin {
  const named = (type: string): readonly string[] =>
    intent.parameters.filter((one) => one.type === type).map((one) => one.name);
  return {
    accounts: named("Account"),
    numbers: named("Amount"),
    assets: intent.assets.map((asset) => asset.name),
  };
}

/** The next name of the same kind; none when it is alone. */
function nextOf(names: readonly string[], name: string): string | undefined {
  const at = names.indexOf(name);
  return at < 0 || names.length < 2 ? undefined : names[(at + 1) % names.length];
}

function clausesVariants(
  clauses: readonly Clause[],
  kin: Kin,
  block: "guard" | "verify",
): readonly Variant<readonly Clause[]>[] {
  return clauses.flatMap((clause, at) => {
    const where = printExpression(clause.type === "let" ? clause.value : clause.expression);
    const put = ({ change, value }: Variant<Expression>): Variant<readonly Clause[]> => ({
      change: `in \`${where}\`: ${change}`,
      value: clauses.with(
        at,
        clause.type === "let" ? { ...clause, value } : { ...clause, expression: value },
      ),
    });
    const expression = clause.type === "let" ? clause.value : clause.expression;
    const inner = expressionVariants(expression, kin).map(put);
    if (block === "verify" || clause.type === "let") return inner;
    const text = printExpression(expression);
    const negated: Expression = { type: "not", operand: expression, span: originSpan };
    return [
      { change: `guard \`${text}\` dropped`, value: clauses.toSpliced(at, 1) },
      { ...put({ change: "", value: negated }), change: `guard \`${text}\` negated` },
      ...inner,
    ];
  });
}

function effectVariants(
  effect: readonly EffectStatement[],
  kin: Kin,
): readonly Variant<readonly EffectStatement[]>[] {
  return effect.flatMap((statement, at) => {
    const inner = expressionVariants(statement.value, kin).map(({ change, value }) => ({
      change: `in \`${printExpression(statement.value)}\`: ${change}`,
      value: effect.with(at, { ...statement, value }),
    }));
    if (statement.type === "let") return inner;
    const text = `${printPlace(statement.target)} ${statement.operator} ${printExpression(statement.value)}`;
    return [
      { change: `\`${text}\` forgotten`, value: effect.toSpliced(at, 1) },
      { change: `\`${text}\` done twice`, value: effect.toSpliced(at, 0, statement) },
      ...assignmentVariants(statement, kin).map(({ change, value }) => ({
        change: `\`${text}\` ${change}`,
        value: effect.with(at, value),
      })),
      ...inner,
    ];
  });
}

function assignmentVariants(statement: Assignment, kin: Kin): readonly Variant<Assignment>[] {
  const { operator, target } = statement;
  const others = (["+=", "-=", "="] as const).filter((one) => one !== operator);
  const operators = others.map((one) => ({
    change: `made \`${one}\``,
    value: { ...statement, operator: one },
  }));
  if (target.type === "supply") return operators;
  const places = fieldVariants(target, kin).map(({ change, value }) => ({
    change,
    value: { ...statement, target: value },
  }));
  return [...operators, ...places];
}

function fieldVariants(field: Field, kin: Kin): readonly Variant<Field>[] {
  const variants: Field[] = [];
  const account = nextOf(kin.accounts, field.account.text);
  if (account !== undefined) variants.push({ ...field, account: named(account) });
  if (field.asset === undefined) {
    const other = field.field.text === "balance" ? "stake" : "balance";
    variants.push({ ...field, field: named(other) });
  } else {
    const asset = nextOf(kin.assets, field.asset.text);
    if (asset !== undefined) variants.push({ ...field, asset: named(asset) });
    const { asset: _dropped, ...native } = field;
    variants.push(native);
  }
  return variants.map((value) => ({
    change: `\`${printPlace(field)}\` made \`${printPlace(value)}\``,
    value,
  }));
}

function signerVariants(
  parameters: Intent["parameters"],
): readonly Variant<Intent["parameters"]>[] {
  const isAccount = (at: number): boolean => parameters[at]?.typeName.text === "Account";
  return parameters.flatMap((parameter, at) => {
    if (!parameter.modifiers.some((modifier) => modifier.kind === "signer")) return [];
    const bare = { ...parameter, modifiers: [] };
    const dropped = parameters.with(at, bare);
    const next = parameters.findIndex(
      (one, other) => other !== at && isAccount(other) && one.modifiers.length === 0,
    );
    const other = parameters[next];
    const variants = [{ change: `\`${parameter.name.text}\` need not sign`, value: dropped }];
    if (other === undefined) return variants;
    const moved = dropped.with(next, { ...other, modifiers: parameter.modifiers });
    const change = `\`${other.name.text}\` signs in place of \`${parameter.name.text}\``;
    return [...variants, { change, value: moved }];
  });
}

const replaced: Readonly<Partial<Record<BinaryOperator, readonly BinaryOperator[]>>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/", "+"],
  "/": ["*", "%"],
  "%": ["/"],
  "==": ["!=", "<=", ">="],
  "!=": ["=="],
  "<": ["<=", ">"],
  "<=": ["<", ">="],
  ">": [">=", "<"],
  ">=": [">", "<="],
  "&&": ["||"],
  "||": ["&&"],
  "=>": ["&&"],
};

/** All variants of an expression with one change in it, at whatever depth. */
function expressionVariants(expression: Expression, kin: Kin): readonly Variant<Expression>[] {
  const text = printExpression(expression);
  const here = nodeVariants(expression, kin)
    .filter((value) => printExpression(value) !== text)
    .map((value) => ({ change: `\`${text}\` made \`${printExpression(value)}\``, value }));
  return [...here, ...childVariants(expression, kin)];
}

function nodeVariants(expression: Expression, kin: Kin): readonly Expression[] {
  const span = originSpan;
  switch (expression.type) {
    case "integer": {
      const { value } = expression;
      const near = value === 0n ? [1n] : [value + 1n, value - 1n];
      return near.map((one) => ({ type: "integer", value: one, span }));
    }
    case "boolean":
      return [{ ...expression, value: !expression.value }];
    case "name": {
      const other = nextOf(kin.accounts, expression.name) ?? nextOf(kin.numbers, expression.name);
      const isNumber = !kin.accounts.includes(expression.name);
      const more: readonly Expression[] = isNumber
        ? [
            {
              type: "binary",
              operator: "+",
              left: expression,
              right: { type: "integer", value: 1n, span },
              span,
            },
          ]
        : [];
      return other === undefined ? more : [{ type: "name", name: other, span }, ...more];
    }
    case "field":
      return fieldVariants(expression, kin).map(({ value }) => value);
    case "old":
    case "negate":
    case "not":
      return [expression.operand];
    case "binary": {
      const { operator, left, right } = expression;
      const operators = (replaced[operator] ?? []).map((one) => ({ ...expression, operator: one }));
      const compares = precedenceOfComparison.has(operator);
      if (compares) return operators;
      return operator === "=>" ? [...operators, right] : [...operators, left, right];
    }
    case "if":
      return [expression.consequent, expression.alternative];
    case "call": {
      const callee = expression.callee === "min" ? "max" : "min";
      const swapped: readonly Expression[] =
        expression.callee === "abs" ? [] : [{ ...expression, callee }];
      return [...swapped, ...expression.operands];
    }
    default:
      return [];
  }
}

const precedenceOfComparison: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

function childVariants(expression: Expression, kin: Kin): readonly Variant<Expression>[] {
  const inside = (child: Expression, put: (value: Expression) => Expression) =>
    expressionVariants(child, kin).map(({ change, value }) => ({ change, value: put(value) }));
  switch (expression.type) {
    case "old":
    case "negate":
    case "not":
      return inside(expression.operand, (operand) => ({ ...expression, operand }));
    case "binary":
      return [
        ...inside(expression.left, (left) => ({ ...expression, left })),
        ...inside(expression.right, (right) => ({ ...expression, right })),
      ];
    case "if":
      return [
        ...inside(expression.condition, (condition) => ({ ...expression, condition })),
        ...inside(expression.consequent, (consequent) => ({ ...expression, consequent })),
        ...inside(expression.alternative, (alternative) => ({ ...expression, alternative })),
      ];
    case "call":
      return expression.operands.flatMap((operand, at) =>
        inside(operand, (value) => ({
          ...expression,
          operands: expression.operands.with(at, value),
        })),
      );
    default:
      return [];
  }
}

function named(text: string): Name {
  return { text, span: originSpan };
}
