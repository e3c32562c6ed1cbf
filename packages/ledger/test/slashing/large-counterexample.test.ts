import { COUNTEREXAMPLE_BYTES_MAX } from "@aethel/models";
import { compileSource, obligationsOf } from "@aethel/verifier";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeCounterexample } from "../../src/slashing/counterexample.ts";
import { utf8 } from "../fixtures/world.ts";

const SOURCE = `intent mint(signer me: Account, amount: Amount) {
  guard { me.balance < 5; amount < 3; }
  effect { me.balance += amount; }
  verify { true; }
}`;

/** Counterexample of a Judge with these supplies and this amount. */
function shown(amount: bigint, supplies: readonly string[]): unknown {
  const compiled = compileSource(utf8(SOURCE));
  const intent = compiled.ok ? compiled.intents[0] : undefined;
  const broken = intent && obligationsOf(intent).find(({ kind }) => kind === "conservation");
  if (broken === undefined) throw new Error("the source creates money");
  const { kind, label, span } = broken;
  return {
    intent: "mint",
    kind,
    label,
    span,
    sentence: "more than there was",
    arguments: [
      { name: "me", type: "Account", value: "me" },
      { name: "amount", type: "Amount", value: String(amount) },
    ],
    accounts: [{ name: "me", signs: true, before: { balance: "0" }, after: { balance: "1" } }],
    supplies: supplies.map((asset) => ({ asset, before: "0", after: "0" })),
  };
}

test("a counterexample that evidence has no room for is none, and throws nothing", () => {
  const amounts = fc.constantFrom(1n, (1n << 128n) - 1n, 1n << 128n, 1n << 1_000n);
  const names = fc.array(fc.string({ minLength: 1, maxLength: 170 }), { maxLength: 8 });
  fc.assert(
    fc.property(amounts, names, fc.constantFrom(0, 130, 600), (amount, some, many) => {
      const more = Array.from({ length: many }, (_, at) => `asset ${at} ${"x".repeat(100)}`);
      const encoded = encodeCounterexample(utf8(SOURCE), shown(amount, [...some, ...more]));
      expect(encoded?.length ?? 0).toBeLessThanOrEqual(COUNTEREXAMPLE_BYTES_MAX);
      // What does not break the rule, or is too large, convicts nobody.
      if (amount > 2n || many > 0) expect(encoded).toBeUndefined();
    }),
    { numRuns: 100 },
  );
  expect(encodeCounterexample(utf8(SOURCE), shown(1n, []))).toBeDefined();
});
