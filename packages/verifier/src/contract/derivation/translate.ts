import type { Binary } from "../../language/syntax/syntax.ts";
import type { StateRead, Typed } from "../typed/typed-expression.ts";
import { type Formula, present } from "./formulas.ts";
import { keyOf, type SumRead } from "./sums.ts";
import {
  at,
  balanceOf,
  boundsOf,
  cellOf,
  constantOf,
  defaultParts,
  inRange,
  isSomebody,
  mapOf,
  type Parts,
  partTypes,
  type State,
  type Symbols,
  signed,
} from "./symbols.ts";

/** Place at which an expression is translated, and what the translation notes. */
export interface Scope {
  readonly symbols: Symbols;
  readonly locals: ReadonlyMap<string, Parts>;
  readonly before: State;
  readonly now: State;
  /** Conditions of the branches around the expression. */
  readonly path: readonly Formula[];
  /** Conditions under which the expression has a value, in the order of evaluation. */
  readonly checks: Check[];
  /** Keys of the cells that are read, by map, in the order of evaluation. */
  readonly cells: Map<string, Parts[]>;
}

/** Condition that must hold where all of `path` hold. */
export interface Check {
  readonly what: string;
  readonly path: readonly Formula[];
  readonly goal: Formula;
}

/** Returns a scope that reads one state, and has noted nothing. */
export function scopeOf(
  symbols: Symbols,
  state: State,
  locals: ReadonlyMap<string, Parts>,
  before: State = state,
): Scope {
  return { symbols, locals, before, now: state, path: [], checks: [], cells: new Map() };
}

/** Translates an expression that is no record. */
export function translateOne(typed: Typed, scope: Scope): Formula {
  return present(translate(typed, scope)[0], "an expression has a value");
}

/**
 * Translates an expression into formulas with the value that `evaluateTyped` gives it. Notes in
 * `checks` when that function would throw.
 */
export function translate(typed: Typed, scope: Scope): Parts {
  const { symbols, locals } = scope;
  const { formulas } = symbols;
  formulas.spend(1);
  const one = (operand: Typed): Formula => translateOne(operand, scope);
  switch (typed.type) {
    case "literal":
      return [constantOf(formulas, typed.value)];
    case "local":
      return at(locals, typed.name);
    case "sequence":
      return [symbols.sequence];
    case "now":
      return [symbols.now];
    case "negate":
      return [formulas.subtract(formulas.integer(0n), one(typed.operand))];
    case "not":
      return [formulas.not(one(typed.operand))];
    case "if": {
      const condition = one(typed.condition);
      const yes = translate(typed.consequent, where(scope, condition));
      const no = translate(typed.alternative, where(scope, formulas.not(condition)));
      return yes.map((part, place) =>
        formulas.choose(condition, part, present(no[place], "branches of one type")),
      );
    }
    case "call": {
      const [first, second] = typed.operands.map(one);
      const left = present(first, "a function has an operand");
      const zero = formulas.integer(0n);
      if (typed.callee === "abs") {
        const negated = formulas.subtract(zero, left);
        return [formulas.choose(formulas.less(left, zero), negated, left)];
      }
      const right = present(second, "min and max have two operands");
      const [least, most] = typed.callee === "min" ? [left, right] : [right, left];
      return [formulas.choose(formulas.atMost(least, most), left, right)];
    }
    case "binary":
      return [translateBinary(typed, scope)];
    case "project":
      return [present(translate(typed.record, scope)[typed.at], "a checked field is declared")];
    case "record":
      return typed.fields.map(one);
    case "signed":
      return [signed(symbols, one(typed.account))];
    case "signed-message": {
      const account = one(typed.account);
      const record = translate(typed.record, scope);
      const signature = one(typed.signature);
      checkHashed(typed.of, record, scope);
      const valid = formulas.apply(`.signed_message.${typed.of.name}`, "boolean", [
        account,
        ...record,
        signature,
      ]);
      return [formulas.and([isSomebody(formulas, account), valid])];
    }
    case "sha256": {
      const { of } = typed;
      const parts = translate(typed.operand, scope);
      checkHashed(of, parts, scope);
      const name = of.kind === "record" ? `record.${of.name}` : of.kind;
      return [formulas.apply(`.sha256.${name}`, "integer", parts)];
    }
    default:
      return translateRead(typed, scope);
  }
}

function translateRead(read: StateRead, scope: Scope): Parts {
  const { symbols, before, now } = scope;
  const { formulas, contract } = symbols;
  const state = read.isOld ? before : now;
  switch (read.type) {
    case "holding": {
      const array = read.field === "stake" ? "stake" : balanceOf(read.asset);
      return [formulas.select(at(state.holdings, array), translateOne(read.account, scope))];
    }
    case "supply":
      return [at(state.supplies, read.asset)];
    case "vault":
      return [at(state.vaults, read.asset)];
    case "scalar":
      return at(state.scalars, read.name);
    case "cell":
      return cellOf(symbols, state, read.map, translateKeys(read, scope));
    case "has": {
      // A cell is present if it differs from the default.
      const cell = cellOf(symbols, state, read.map, translateKeys(read, scope));
      const nothing = defaultParts(formulas, mapOf(contract, read.map).value);
      return [
        formulas.not(
          formulas.and(
            cell.map((part, place) => {
              const other = present(nothing[place], "a default has all fields");
              return formulas.equal(part, other);
            }),
          ),
        ),
      ];
    }
    case "sum": {
      const total = present(state.sums[sumIndexOf(symbols, read)], "a checked sum is known");
      if (read.row === undefined) return [total];
      return [formulas.select(total, translateOne(read.row, scope))];
    }
  }
}

/** Returns the index of a sum among those of the contract; -1 if it is none of them. */
export function sumIndexOf({ sums }: Symbols, sum: SumRead): number {
  const key = keyOf(sum);
  return sums.findIndex((one) => one.key === key);
}

/** Translates the keys of a cell. Each must be in the range of its type. */
export function translateKeys(
  { map, keys }: { readonly map: string; readonly keys: readonly Typed[] },
  scope: Scope,
): Parts {
  const { formulas, contract } = scope.symbols;
  const { keys: types } = mapOf(contract, map);
  const parts = keys.map((key) => translateOne(key, scope));
  parts.forEach((part, place) => {
    const goal = inRange(formulas, present(types[place], "a key of each type"), part);
    check(scope, `the key of \`${map}\` is in its range`, goal);
  });
  scope.cells.set(map, [...(scope.cells.get(map) ?? []), parts]);
  return parts;
}

/** Each number that is hashed or signed must be in the range of its type. */
function checkHashed(
  type: Extract<Typed, { type: "sha256" }>["of"],
  parts: Parts,
  scope: Scope,
): void {
  const types = type.kind === "record" ? partTypes(type) : [type];
  parts.forEach((part, place) => {
    const own = present(types[place], "a hashed value has its fields");
    // A number without a type is hashed as an `Int`. Words of enumerations are always in range.
    const kind = own.kind === "number" ? "int" : own.kind;
    if (kind === "enum" || boundsOf({ kind }) === undefined) return;
    check(
      scope,
      "a hashed number is in its range",
      inRange(scope.symbols.formulas, { kind }, part),
    );
  });
}

function translateBinary(typed: Binary<Typed>, scope: Scope): Formula {
  const { formulas } = scope.symbols;
  const { operator } = typed;
  if (operator === "==" || operator === "!=") {
    const left = translate(typed.left, scope);
    const right = translate(typed.right, scope);
    const same = formulas.and(
      left.map((part, place) => formulas.equal(part, present(right[place], "sides of one type"))),
    );
    return operator === "==" ? same : formulas.not(same);
  }
  const left = translateOne(typed.left, scope);
  const isRightNeeded = operator === "||" ? formulas.not(left) : left;
  const isLogic = operator === "&&" || operator === "||" || operator === "=>";
  const right = translateOne(typed.right, isLogic ? where(scope, isRightNeeded) : scope);
  switch (operator) {
    case "+":
      return formulas.add([left, right]);
    case "-":
      return formulas.subtract(left, right);
    case "*":
      return formulas.plain("multiply", left, right);
    case "/":
    case "%":
      check(
        scope,
        "the divisor is not zero",
        formulas.not(formulas.equal(right, formulas.integer(0n))),
      );
      return formulas.plain(operator === "/" ? "divide" : "modulo", left, right);
    case "<":
      return formulas.less(left, right);
    case "<=":
      return formulas.atMost(left, right);
    case ">":
      return formulas.less(right, left);
    case ">=":
      return formulas.atMost(right, left);
    case "&&":
      return formulas.and([left, right]);
    case "||":
      return formulas.or([left, right]);
    case "=>":
      return formulas.implies([left], right);
  }
}

function where(scope: Scope, condition: Formula): Scope {
  return { ...scope, path: [...scope.path, condition] };
}

function check(scope: Scope, what: string, goal: Formula): void {
  if (goal === scope.symbols.formulas.truth) return;
  scope.checks.push({ what, path: scope.path, goal });
}

/** Returns the number that a sum counts of one cell, with the checks that it has a value. */
export function countOf(
  symbols: Symbols,
  sum: SumRead,
  of: { readonly keys: Parts; readonly cell: Parts },
): { readonly count: Formula; readonly checks: readonly Check[] } {
  const varying = sum.row === undefined ? of.keys : of.keys.slice(1);
  const locals = new Map<string, Parts>([[sum.cell, of.cell]]);
  sum.keys.forEach((name, place) => {
    locals.set(name, [present(varying[place], "a sum names the keys that vary")]);
  });
  // The term of a sum reads no state.
  const scope = scopeOf(symbols, symbols.before, locals);
  return { count: translateOne(sum.term, scope), checks: scope.checks };
}
