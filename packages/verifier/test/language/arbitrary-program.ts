import fc from "fast-check";
import { originSpan } from "../../src/language/parse/source.ts";
import { printIntent } from "../../src/language/print/print.ts";
import type {
  BinaryOperator,
  Clause,
  EffectStatement,
  Expression,
  Field,
  Intent,
  Name,
  SupplyOf,
} from "../../src/language/syntax/syntax.ts";

/** Random well-typed intents, as trees without places: print them to get sources. */
const span = originSpan;
export const named = (text: string): Name => ({ text, span });

const accounts = ["a", "b", "c", "d"] as const;
const numbers = ["m", "n", "i", "j"] as const;
const flags = ["p"] as const;

const integer = (value: bigint): Expression => ({ type: "integer", value, span });
const name = (text: string): Expression => ({ type: "name", name: text, span });
const binary = (operator: BinaryOperator, left: Expression, right: Expression): Expression => ({
  type: "binary",
  operator,
  left,
  right,
  span,
});

const literals = fc
  .oneof(
    { arbitrary: fc.nat({ max: 5 }).map(BigInt), weight: 8 },
    { arbitrary: fc.constantFrom((1n << 64n) - 1n, 1n << 64n, 1n << 63n), weight: 1 },
    { arbitrary: fc.bigInt({ min: 0n, max: (1n << 70n) - 1n }), weight: 1 },
  )
  .map(integer);

/** The one declared asset of random programs. */
const gold = named("GOLD");

/** A random intent as a source: its asset is declared before it. */
export function sourceOf(intent: Intent): string {
  return `asset GOLD issuer "${"5a".repeat(32)}";\n${printIntent(intent)}`;
}

const fields = fc
  .tuple(
    fc.constantFrom(...accounts),
    fc.constantFrom("balance", "balance", "stake", "GOLD", "GOLD"),
  )
  .map(
    ([account, field]): Field => ({
      type: "field",
      account: named(account),
      ...(field === "GOLD" ? { field: named("balance"), asset: gold } : { field: named(field) }),
      span,
    }),
  );
const supplyOfGold: SupplyOf = { type: "supply", asset: gold, span };
const fieldReads: fc.Arbitrary<Expression> = fc.oneof(
  { arbitrary: fields, weight: 6 },
  { arbitrary: fc.constant(supplyOfGold), weight: 1 },
);

// An interface would not do: only a type alias is a record of unknown.
type Tree = { number: Expression; boolean: Expression };

/** Expressions over the fixed parameters and the `let`s that stand before. */
function expressionsWith(lets: readonly string[], depth: number): fc.LetrecValue<Tree> {
  const numberNames = fc.constantFrom(...numbers, ...lets, ...lets).map(name);
  return fc.letrec<Tree>((tie) => {
    const number = tie("number");
    const boolean = tie("boolean");
    const depthIdentifier = fc.createDepthIdentifier();
    const options = { maxDepth: depth, depthIdentifier };
    return {
      number: fc.oneof(
        options,
        { arbitrary: numberNames, weight: 4 },
        { arbitrary: literals, weight: 3 },
        { arbitrary: fieldReads, weight: 4 },
        { arbitrary: fc.constant<Expression>({ type: "sequence", span }), weight: 1 },
        {
          arbitrary: fc
            .tuple(fc.constantFrom<BinaryOperator>("+", "-", "*", "/", "%"), number, number)
            .map(([operator, left, right]) => binary(operator, left, right)),
          weight: 8,
        },
        {
          arbitrary: number.map((operand): Expression => ({ type: "negate", operand, span })),
          weight: 2,
        },
        {
          arbitrary: number.map((operand): Expression => ({ type: "old", operand, span })),
          weight: 2,
        },
        {
          arbitrary: fc.tuple(fc.constantFrom("min", "max", "abs"), number, number).map(
            ([callee, left, right]): Expression => ({
              type: "call",
              callee,
              operands: callee === "abs" ? [left] : [left, right],
              span,
            }),
          ),
          weight: 2,
        },
        {
          arbitrary: fc.tuple(boolean, number, number).map(
            ([condition, consequent, alternative]): Expression => ({
              type: "if",
              condition,
              consequent,
              alternative,
              span,
            }),
          ),
          weight: 2,
        },
      ),
      boolean: fc.oneof(
        options,
        { arbitrary: fc.constantFrom(...flags).map(name), weight: 1 },
        {
          arbitrary: fc.boolean().map((value): Expression => ({ type: "boolean", value, span })),
          weight: 1,
        },
        {
          arbitrary: fc
            .tuple(
              fc.constantFrom<BinaryOperator>("==", "!="),
              fc.constantFrom(...accounts),
              fc.constantFrom(...accounts),
            )
            .map(([operator, left, right]) => binary(operator, name(left), name(right))),
          weight: 2,
        },
        {
          arbitrary: fc
            .tuple(
              fc.constantFrom<BinaryOperator>("==", "!=", "<", "<=", ">", ">="),
              number,
              number,
            )
            .map(([operator, left, right]) => binary(operator, left, right)),
          weight: 6,
        },
        {
          arbitrary: fc
            .tuple(fc.constantFrom<BinaryOperator>("&&", "||", "=>", "=="), boolean, boolean)
            .map(([operator, left, right]) => binary(operator, left, right)),
          weight: 4,
        },
        {
          arbitrary: boolean.map((operand): Expression => ({ type: "not", operand, span })),
          weight: 1,
        },
      ),
    };
  });
}

/** One expression of each sort, as deep as asked, over the parameters alone. */
export const numberExpressions: fc.Arbitrary<Expression> = expressionsWith([], 5).number;
export const booleanExpressions: fc.Arbitrary<Expression> = expressionsWith([], 5).boolean;

function conditions(lets: readonly string[]): fc.Arbitrary<Clause> {
  return expressionsWith(lets, 3).boolean.map((expression) => ({
    type: "condition",
    secret: false,
    expression,
    span,
  }));
}

function letOf(text: string, lets: readonly string[]): fc.Arbitrary<Clause & EffectStatement> {
  return expressionsWith(lets, 2).number.map((value) => ({
    type: "let",
    name: named(text),
    value,
    span,
  }));
}

/** Small amounts most of the time, so that a run often gets past its stores. */
function assignments(lets: readonly string[]): fc.Arbitrary<EffectStatement> {
  const values = fc.oneof(
    fc.constantFrom("m", "n", ...lets).map(name),
    fc.nat({ max: 3 }).map((value) => integer(BigInt(value))),
    expressionsWith(lets, 2).number,
  );
  return fc
    .tuple(fields, fc.constantFrom("+=" as const, "-=" as const, "=" as const), values)
    .map(([target, operator, value]) => ({ type: "assignment", target, operator, value, span }));
}

/**
 * Change of the supply by an intent that declares it, mostly with an account that has the asset.
 */
function supplyWrites(supply: Intent["supply"]): fc.Arbitrary<readonly EffectStatement[]> {
  if (supply === "fixed") return fc.constant([]);
  const operator = supply === "issue" ? "+=" : "-=";
  const values = fc.oneof(
    fc.constantFrom("m", "n", "i", "i", "j").map(name),
    fc.nat({ max: 3 }).map((value) => integer(BigInt(value))),
  );
  return fc
    .record({ value: values, account: fc.constantFrom(...accounts), paired: fc.nat({ max: 3 }) })
    .map(({ value, account, paired }) => {
      const holder: Field = {
        type: "field",
        account: named(account),
        field: named("balance"),
        asset: gold,
        span,
      };
      const write = (target: Field | SupplyOf): EffectStatement => ({
        type: "assignment",
        target,
        operator,
        value,
        span,
      });
      return paired === 0 ? [write(supplyOfGold)] : [write(supplyOfGold), write(holder)];
    });
}

/** An intent with `let`s in every block: `u` in the guard, `v` in the effect, `w` in the verify block. */
export const intents: fc.Arbitrary<Intent> = fc
  .record({
    signers: fc.subarray([...accounts]),
    supply: fc.oneof(
      { arbitrary: fc.constant("fixed" as const), weight: 2 },
      { arbitrary: fc.constantFrom("issue" as const, "burn" as const), weight: 1 },
    ),
    guardLet: fc.option(letOf("u", []), { nil: undefined }),
    effectLet: fc.option(letOf("v", []), { nil: undefined }),
    verifyLet: fc.option(letOf("w", []), { nil: undefined }),
  })
  .chain(({ signers, supply, guardLet, effectLet, verifyLet }) => {
    const afterGuard = guardLet === undefined ? [] : ["u"];
    const afterEffect = effectLet === undefined ? afterGuard : [...afterGuard, "v"];
    const afterVerify = verifyLet === undefined ? afterEffect : [...afterEffect, "w"];
    return fc
      .record({
        guard: fc.array(conditions(afterGuard), { maxLength: 2 }),
        early: fc.array(assignments(afterGuard), { maxLength: 2 }),
        late: fc.array(assignments(afterEffect), { maxLength: 2 }),
        ofSupply: supplyWrites(supply),
        verify: fc.array(conditions(afterVerify), { minLength: 1, maxLength: 3 }),
      })
      .map(
        ({ guard, early, late, ofSupply, verify }): Intent => ({
          type: "intent",
          supply,
          name: named("random"),
          parameters: parametersOf(signers),
          guard: guardLet === undefined ? guard : [guardLet, ...guard],
          effect: [...early, ...(effectLet === undefined ? [] : [effectLet]), ...ofSupply, ...late],
          solve: [],
          verify: verifyLet === undefined ? verify : [verifyLet, ...verify],
          span,
        }),
      );
  });

function parametersOf(signers: readonly string[]): Intent["parameters"] {
  const typed = [
    ...accounts.map((text) => [text, "Account"] as const),
    ...numbers.map((text) => [text, text === "m" || text === "n" ? "Amount" : "Int"] as const),
    ...flags.map((text) => [text, "Bool"] as const),
  ];
  return typed.map(([text, type]) => ({
    name: named(text),
    typeName: named(type),
    modifiers: signers.includes(text) ? [{ kind: "signer", span }] : [],
    span,
  }));
}
