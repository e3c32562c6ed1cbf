import { equalBytes, itemProof, toSequence } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTestNetwork, testKey } from "../../src/index.ts";
import { crowds } from "../worlds/crowds.ts";

// Worlds on the production ledger, in which intents are published that the Judge refutes, and
// leaders call them proved. All checkers watch: an auditor executes every final block once more.

const seeds = fc.nat({ max: 0x7fff_ffff });
const RUNS = { numRuns: 100 };
/** Names of the false intents in `SAMPLE_INTENTS`. */
const FALSE_INTENTS = ["steal", "pay", "mint", "burst"];

describe("false claims", () => {
  test("P5, P16, P28: with up to 51 % colluding no honest ledger ever holds a refuted intent", async () => {
    const seen = { accusations: 0, convictions: 0, largeCrowds: 0 };
    await fc.assert(
      fc.asyncProperty(seeds, crowds, async (seed, { powers, byzantineIds }) => {
        await using network = await createTestNetwork({
          nodeCount: powers.length,
          powers,
          seed,
          strategies: ["false-prover"],
          network: { byzantineIds },
          escaping: seed % 2 === 0 ? byzantineIds : [],
        });
        // Two proofs of each account within a second; the false ones are refuted.
        for (const [at, author] of [...network.accounts, ...network.accounts].entries()) {
          const nonce = Math.floor(at / network.accounts.length);
          await network.submit(network.chain.work({ author, nonce }));
          await network.run(75);
        }
        await network.run(600);

        for (const { isByzantine, ledger } of network.nodes) {
          if (isByzantine || ledger === undefined) continue;
          const names = ledger.intents().map(({ name }) => name);
          expect(names.filter((name) => FALSE_INTENTS.includes(name))).toEqual([]);
          const offences = ledger.validators().map((validator) => validator.offences);
          seen.convictions += Math.max(0, ...offences);
        }
        seen.accusations += network.report().evidence["false-header"] ?? 0;
        const colluding = byzantineIds.reduce((sum, node) => sum + (powers[node] ?? 0), 0);
        if (colluding * 3 >= powers.reduce((sum, power) => sum + power, 0)) seen.largeCrowds += 1;
      }),
      RUNS,
    );
    // The worlds are as the title says: there were lies, in small crowds and in large ones, and
    // where honest nodes could still finalize a block, the voters for lies paid.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
  });

  test("R2.5: another leader includes the proofs that a censor leaves out, within the bound", async () => {
    let [censored, others] = [0, 0];
    const cases = fc.record({ seed: seeds, nodeCount: fc.constantFrom(4, 5) });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, nodeCount }) => {
        const censor = seed % nodeCount;
        await using network = await createTestNetwork({
          nodeCount,
          seed,
          strategies: ["censor"],
          network: { byzantineIds: [censor] },
          workEveryMs: 150,
        });
        await network.run(300);
        // The bound of the inclusion checker is three blocks for each node.
        await network.expectProgress({ blocks: 3 * nodeCount + 2 });

        const own = testKey(`world/validator/${censor}/account`).id;
        const ledger = network.nodes.find(({ isByzantine }) => !isByzantine)?.ledger;
        for (let at = 1; at <= (ledger?.head().header.sequence ?? 0); at++) {
          const block = (await ledger?.finalized(toSequence(at)))?.block;
          const parities = (block?.items ?? [])
            .map(itemProof)
            .map(({ body }) => (body.author[0] ?? 0) % 2);
          if (block === undefined || parities.length === 0) continue;
          if (equalBytes(block.header.proposer, own)) {
            censored += 1;
            expect(new Set(parities).size).toBe(1);
          } else if (new Set(parities).size === 2) others += 1;
        }
      }),
      { numRuns: 10 },
    );
    expect(censored).toBeGreaterThan(5);
    expect(others).toBeGreaterThan(5);
  });
});
