import {
  type AccountId,
  type Argument,
  toAccountId,
  toAmount,
  toDigest,
  toSignature,
} from "@aethel/models";
import type { ArgumentType, ContractParameter } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refuseContractArguments } from "../../../src/calls/contract/fit-arguments.ts";
import { parameterRecord } from "../../../src/programs/contract-interface.ts";

const accounts = [0, 1, 2, 3].map((fill) => toAccountId(new Uint8Array(32).fill(fill)));
const [none, ...people] = accounts;
if (none === undefined) throw new Error("four were made");

const types: readonly ArgumentType[] = [
  { kind: "amount" },
  { kind: "int" },
  { kind: "bool" },
  { kind: "digest" },
  { kind: "signature" },
  { kind: "enum", name: "Color", words: ["red", "green", "blue"] },
];
const span = { start: { offset: 0, line: 1, column: 1 }, end: { offset: 0, line: 1, column: 1 } };

const INT_MAX = 2n ** 127n - 1n;
const magnitudes = fc.constantFrom(0n, 7n, INT_MAX, INT_MAX + 1n, 2n ** 128n - 1n);
const others: fc.Arbitrary<Argument> = fc.oneof(
  fc.constant({ type: "amount", value: toAmount(5n) } as const),
  fc.record({ type: fc.constant("integer"), negative: fc.constant(false), magnitude: magnitudes }),
  fc.constant({ type: "boolean", value: true } as const),
  fc.constant({ type: "digest", value: toDigest(new Uint8Array(32)) } as const),
  fc.constant({ type: "signature", value: toSignature(new Uint8Array(64)) } as const),
  fc.record({ type: fc.constant("word"), value: fc.nat({ max: 4 }) }),
);
const account: fc.Arbitrary<Argument> = fc
  .constantFrom(...accounts)
  .map((value) => ({ type: "account", value }));

/** Parameter with an argument, which is of its type more often than not. */
const pair: fc.Arbitrary<{
  readonly parameter: Omit<ContractParameter, "name">;
  readonly given: Argument;
}> = fc.oneof(
  fc.record({
    parameter: fc.record({
      type: fc.constant({ kind: "account" } as const),
      isSigner: fc.boolean(),
      isOptional: fc.boolean(),
      span: fc.constant(span),
    }),
    given: fc.oneof({ weight: 9, arbitrary: account }, { weight: 1, arbitrary: others }),
  }),
  fc.oneof({ weight: 9, arbitrary: others }, { weight: 1, arbitrary: account }).chain((given) =>
    fc.record({
      parameter: fc.record({
        type: fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom(...types.filter((one) => isNamed(one, given))) },
          { weight: 1, arbitrary: fc.constantFrom(...types) },
        ),
        isSigner: fc.constant(false),
        isOptional: fc.constant(false),
        span: fc.constant(span),
      }),
      given: fc.constant(given),
    }),
  ),
);

/** Types for which an argument is meant. An account is for none of those that are no account. */
function isNamed({ kind }: ArgumentType, { type }: Argument): boolean {
  const names: Partial<Record<Argument["type"], string>> = {
    integer: "int",
    boolean: "bool",
    word: "enum",
  };
  return type === "account" || kind === (names[type] ?? type);
}

function isInRange(argument: Argument): boolean {
  if (argument.type === "integer") return argument.magnitude <= INT_MAX;
  return argument.type !== "word" || argument.value < 3;
}

const isNone = (argument: Argument): boolean =>
  argument.type === "account" && argument.value.every((byte) => byte === 0);

describe("arguments of a contract's intent", () => {
  test("are refused for the first that does not fit, and else for the first signer that is missing", () => {
    const seen = new Map<string, number>();
    const inputs = fc.tuple(
      fc.array(pair, { maxLength: 5 }),
      fc.subarray(people),
      fc.nat({ max: 9 }),
    );
    fc.assert(
      fc.property(inputs, ([pairs, signers, drop]) => {
        const parameters = pairs.map(({ parameter }, at) => ({ ...parameter, name: `p${at}` }));
        const all = pairs.map(({ given }) => given);
        const given = drop === 0 ? all.slice(1) : all;
        const found = refuse(parameters, given, signers);
        const expected = expectedRefusal(parameters, given, signers);

        expect(found?.code).toBe(expected?.code);
        if (expected !== undefined) expect(found?.message).toMatch(expected.message);
        seen.set(expected?.code ?? "", (seen.get(expected?.code ?? "") ?? 0) + 1);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 2_000, seed: 1 },
    );
    for (const code of ["", "arguments", "signers"]) expect(seen.get(code)).toBeGreaterThan(50);
  });
});

function refuse(
  parameters: readonly ContractParameter[],
  given: readonly Argument[],
  signers: readonly AccountId[],
) {
  const called = { name: "sample.act", parameters: parameters.map(parameterRecord) };
  return refuseContractArguments({ arguments: given } as never, called as never, signers);
}

function expectedRefusal(
  parameters: readonly ContractParameter[],
  given: readonly Argument[],
  signers: readonly AccountId[],
): { readonly code: string; readonly message: RegExp } | undefined {
  if (given.length !== parameters.length) {
    const message = new RegExp(`takes ${parameters.length} arguments, not ${given.length}`);
    return { code: "arguments", message };
  }
  const facts = parameters.map((parameter, at) => ({ parameter, argument: given[at] ?? given[0] }));
  for (const { parameter, argument } of facts) {
    if (argument === undefined) continue;
    const { name, type, isOptional } = parameter;
    const isAccount = type.kind === "account";
    const fits = isAccount
      ? argument.type === "account"
      : argument.type !== "account" && isNamed(type, argument) && isInRange(argument);
    if (!fits) return { code: "arguments", message: new RegExp(`\`${name}\` must be of type`) };
    if (isAccount && !isOptional && isNone(argument)) {
      return { code: "arguments", message: new RegExp(`\`${name}\` must be an account, not none`) };
    }
  }
  const missing = facts.find(
    ({ parameter, argument }) =>
      parameter.isSigner && argument?.type === "account" && !signers.includes(argument.value),
  );
  if (missing === undefined) return undefined;
  return { code: "signers", message: new RegExp(`signature of \`${missing.parameter.name}\``) };
}
