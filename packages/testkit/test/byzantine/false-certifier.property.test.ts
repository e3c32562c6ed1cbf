import { KEY_KIND, TheoremRecord } from "@aethel/ledger";
import { sha256, toHex, toResource } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SAMPLE_THEOREMS } from "../../src/applications/ledger/sample-theorems.ts";
import { VERDICT_TABLE } from "../../src/applications/ledger/verdict-table.ts";
import { createTestNetwork, payloadKey } from "../../src/index.ts";
import { crowds } from "../worlds/crowds.ts";

const seeds = fc.nat({ max: 0x7fff_ffff });
const RUNS = { numRuns: 100 };

/** Trust of each sample in the table, by the SHA-256 of its script. */
const trustInTable = new Map(
  SAMPLE_THEOREMS.map(({ script, resourceLimit }) => {
    const bytes = new TextEncoder().encode(script);
    const key = payloadKey({ type: "theorem", script: bytes }, toResource(resourceLimit));
    return [toHex(sha256(bytes)), VERDICT_TABLE.find((row) => row.key === key)?.trust];
  }),
);

test("P2, P5: with up to 51 % colluding no theorem of the solver's passes for certified", async () => {
  const seen = { refused: 0, recorded: 0, largeCrowds: 0 };
  await fc.assert(
    fc.asyncProperty(seeds, crowds, async (seed, { powers, byzantineIds }) => {
      await using network = await createTestNetwork({
        nodeCount: powers.length,
        powers,
        seed,
        strategies: ["false-certifier"],
        network: { byzantineIds },
      });
      for (const [at, author] of [...network.accounts, ...network.accounts].entries()) {
        const nonce = Math.floor(at / network.accounts.length);
        await network.submit(network.chain.work({ author, nonce }));
        await network.run(75);
      }
      await network.run(600);

      for (const { isByzantine, ledger } of network.nodes) {
        if (isByzantine || ledger === undefined) continue;
        for (const { key, value } of ledger.state().tree.entries()) {
          if (key[0] !== KEY_KIND.theorem) continue;
          const { trust, certification } = TheoremRecord.decode(value);
          expect(trust).toBe(trustInTable.get(toHex(key.slice(1))));
          expect(certification === undefined).toBe(trust === "solver");
          seen.recorded += trust === "solver" ? 1 : 0;
        }
      }
      // Nobody is convicted for it: the block is refused, and the next leader has its turn.
      expect(network.report().evidence).toEqual({});
      seen.refused += network.report().viewChanges;
      const colluding = byzantineIds.reduce((sum, node) => sum + (powers[node] ?? 0), 0);
      if (colluding * 3 >= powers.reduce((sum, power) => sum + power, 0)) seen.largeCrowds += 1;
    }),
    RUNS,
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
});
