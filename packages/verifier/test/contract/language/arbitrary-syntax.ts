import fc from "fast-check";
import { originSpan } from "../../../src/language/parse/source.ts";
import type { Contract, ContractExpression } from "../../../src/language/syntax/contract.ts";
import type { BinaryOperator } from "../../../src/language/syntax/syntax.ts";
import { binary, bytes, index, integer, member, named, truth, use } from "../contract-tree.ts";

const span = originSpan;
const operators: readonly BinaryOperator[] = [
  "=>",
  "||",
  "&&",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "+",
  "-",
  "*",
  "/",
  "%",
];
const names = fc.constantFrom("x", "to", "in", "assert", "delete", "keeping", "after", "Deal");

/** Expressions of any form, sensible or not: the printer does not ask the checker. */
const { any } = fc.letrec<{ any: ContractExpression; path: ContractExpression }>((tie) => {
  const [one, path] = [tie("any"), tie("path")];
  return {
    // `in` takes a map with keys after it.
    path: fc.oneof(
      { maxDepth: 2 },
      names.map(use),
      fc.tuple(path, one).map(([object, key]) => index(object, key)),
    ),
    any: fc.oneof(
      { maxDepth: 4 },
      names.map(use),
      fc.constantFrom<ContractExpression>(
        integer(7n),
        truth(true),
        bytes("account", "01"),
        bytes("digest", "02"),
        { type: "now", span },
        { type: "none", span },
        { type: "vault", span },
        { type: "sequence", span },
        { type: "decimal", text: "1.5", span },
      ),
      fc
        .tuple(fc.constantFrom(...operators), one, one)
        .map(([operator, left, right]) => binary(operator, left, right)),
      fc
        .tuple(fc.constantFrom("old" as const, "negate" as const, "not" as const), one)
        .map(([type, operand]): ContractExpression => ({ type, operand, span })),
      fc.tuple(one, one, one).map(
        ([condition, consequent, alternative]): ContractExpression => ({
          type: "if",
          condition,
          consequent,
          alternative,
          span,
        }),
      ),
      fc.tuple(one, names).map(([object, field]) => member(object, field)),
      fc.tuple(one, one).map(([object, key]) => index(object, key)),
      fc.tuple(one, path).map(([key, map]): ContractExpression => ({ type: "in", key, map, span })),
      fc.array(fc.tuple(names, one), { maxLength: 2 }).map(
        (fields): ContractExpression => ({
          type: "record",
          name: named("Deal"),
          fields: fields.map(([name, value]) => ({ name: named(name), value })),
          span,
        }),
      ),
      fc.tuple(fc.option(one, { nil: undefined }), one, fc.subarray(["k", "at"])).map(
        ([row, term, keys]): ContractExpression => ({
          type: "sum",
          cell: named("at"),
          keys: keys.map(named),
          map: named("in"),
          row,
          term,
          span,
        }),
      ),
      fc.tuple(one, one, one).map(
        (operands): ContractExpression => ({
          type: "function",
          callee: "signed_message",
          operands,
          span,
        }),
      ),
      fc.tuple(fc.constantFrom("sha256" as const, "signed" as const), one).map(
        ([callee, operand]): ContractExpression => ({
          type: "function",
          callee,
          operands: [operand],
          span,
        }),
      ),
      fc.tuple(fc.constantFrom("min" as const, "max" as const), one, one).map(
        ([callee, left, right]): ContractExpression => ({
          type: "call",
          callee,
          operands: [left, right],
          span,
        }),
      ),
    ),
  };
});

/** A contract with expressions of any form at each place that takes one. */
export const contractOfAll: fc.Arbitrary<Contract> = fc
  .tuple(any, any, any, any, any, any, any, any)
  .map(
    ([a, b, c, d, e, f, g, h]): Contract => ({
      type: "contract",
      name: named("all"),
      members: [
        { type: "constant", name: named("K"), value: a, span },
        {
          type: "state",
          entries: [
            { type: "scalar", name: named("s"), typeName: named("Int"), initial: b, span },
            {
              type: "map",
              name: named("claim"),
              keyTypes: [named("Int"), named("Int")],
              typeName: named("Int"),
              initial: [{ keys: [c, d], value: e, span }],
              promise: { kind: "claim", balance: undefined, unless: [], span },
              span,
            },
          ],
          span,
        },
        { type: "invariant", name: named("i"), forEach: [], condition: f, span },
        {
          type: "exit",
          name: named("e"),
          forEach: undefined,
          condition: a,
          keeping: { amount: b, balance: { asset: named("A"), span } },
          after: c,
          within: d,
          unless: [named("t")],
          via: { intent: named("t"), args: [e, f] },
          who: "to",
          beneficiary: g,
          span,
        },
        {
          type: "intent",
          name: named("t"),
          parameters: [],
          lets: [{ type: "let", name: named("l"), value: h, span }],
          guard: [{ type: "condition", expression: g, span }],
          effect: [
            {
              type: "assignment",
              target: member({ type: "old", operand: h, span }, "f"),
              operator: "=",
              value: a,
              span,
            },
            { type: "assignment", target: index(use("m"), b), operator: "+=", value: c, span },
            { type: "delete", target: index(use("m"), d), span },
            { type: "assert", expression: e, span },
          ],
          verify: [{ type: "condition", expression: b, span }],
          span,
        },
      ],
      span,
    }),
  );
