import { type Genesis, toAmount } from "@aethel/models";
import fc from "fast-check";
import { testKey } from "../fixtures/test-chain.ts";
import { createTestGenesis, TEST_PARAMETERS } from "../fixtures/test-genesis.ts";

/** Genesis files with 1 to `max` validators in which `findGenesisProblems` finds nothing. */
export function genesisFiles(options: { readonly max?: number } = {}): fc.Arbitrary<Genesis> {
  const { max = 7 } = options;
  const tokens = fc.bigInt({ min: 0n, max: 1_000_000n }).map((whole) => whole * 1_000_000n);
  return fc
    .record({
      name: fc.constantFrom("chain", "other", "third"),
      extra: fc.array(tokens, { minLength: 1, maxLength: max }),
      balances: fc.array(tokens, { maxLength: 5 }),
      heartbeatIntervalMs: fc.constantFrom(0, 10_000),
      intents: fc.subarray([
        "intent nothing(signer who: Account) {\n  guard { who.balance > 0; }\n}\n",
      ]),
    })
    .map(({ name, extra, balances, heartbeatIntervalMs, intents }) =>
      createTestGenesis({
        name,
        parameters: { heartbeatIntervalMs },
        intents,
        validators: extra.map((amount, at) => ({
          id: testKey(`${name}/validator/${at}/account`).id,
          key: testKey(`${name}/validator/${at}/vote`).signer.publicKey,
          stake: toAmount(TEST_PARAMETERS.minimumStake + amount),
        })),
        accounts: balances.map((balance, at) => ({
          id: testKey(`${name}/account/${at}`).id,
          balance: toAmount(balance),
        })),
      }),
    );
}
