import type { ValidatorSet } from "@aethel/models";
import fc from "fast-check";
import { createTestChain, type TestChain } from "../fixtures/test-chain.ts";

/**
 * Chains with 1 to `max` validators and all of their keys. The powers are equal, random, or random
 * with a first validator that has at least as much as all others.
 */
export function testChains(options: { readonly max?: number } = {}): fc.Arbitrary<TestChain> {
  const { max = 7 } = options;
  const size = fc.integer({ min: 1, max });
  const equal = size.map((length) => Array.from({ length }, () => 1n));
  const power = fc.oneof(
    fc.bigInt({ min: 1n, max: 5n }),
    fc.bigInt({ min: 1n, max: 10_000_000_000n }),
  );
  const random = fc.array(power, { minLength: 1, maxLength: max });
  const topHeavy = random.map((powers) => [
    powers.reduce((sum, each) => sum + each, 0n),
    ...powers.slice(1),
  ]);
  return fc
    .record({ name: fc.constantFrom("chain", "other"), powers: fc.oneof(equal, random, topHeavy) })
    .map((options) => createTestChain(options));
}

/** Validator sets with real Ed25519 keys. */
export function validatorSets(options: { readonly max?: number } = {}): fc.Arbitrary<ValidatorSet> {
  return testChains(options).map(({ set }) => set);
}
