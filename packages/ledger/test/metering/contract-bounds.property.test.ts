import { toAmount, toHex } from "@aethel/models";
import { callUnitsBound, type FieldValue } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RESULT_CODES, TREASURY } from "../../src/index.ts";
import { interfaceOfIntent } from "../../src/programs/contract-interface.ts";
import { readContractIntent } from "../../src/state/contracts.ts";
import { KEY_KIND } from "../../src/state/state-key.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { transaction, wireCall } from "../fixtures/contract-world.ts";
import { compiled, intentOf } from "../fixtures/contracts.ts";
import { createWorld, type Executed, person, publish, step } from "../fixtures/world.ts";

const PRICE = 3n;
const world = createWorld({ parameters: { depositPrice: toAmount(PRICE) } });
const { alice } = world;
const stranger = person("stranger without an account");

/** Statements that store to new and to known places, move money, issue, and emit. */
const STATEMENTS = [
  "cells[id] = 1;",
  "cells[other] += 1;",
  "cells[id + 1] = 1;",
  "cells[id] = 0;",
  "deals[id].amount = 1;",
  "deals[id].open = true;",
  "deals[other] = Deal { owner: to, amount: 2, open: true };",
  "pairs[id][to] = 1;",
  "pairs[other][from] += 1;",
  "delete pairs[id][to];",
  "count += 1;",
  "from.balance -= 3; to.balance += 3;",
  "from.balance -= 2; vault.balance += 2;",
  "supply[SHARE] += 1; to.balance[SHARE] += 1;",
  "supply[SHARE] += 1; from.balance[SHARE] += 1;",
  "supply[SHARE] += 1; vault.balance[SHARE] += 1;",
  "emit Deal { owner: to, amount: 1, open: true };",
] as const;

function sourceOf(statements: readonly string[]): string {
  return `
contract bounds {
  asset SHARE issuer self;
  record Deal { owner: Account; amount: Amount; open: Bool; }
  state {
    cells: map[Int] Amount;
    deals: map[Int] Deal;
    pairs: map[Int][Account] Int;
    count: Amount = 0;
  }
  intent run(signer from: Account, to: Account, id: Int, other: Int) {
    effect { ${statements.join(" ")} }
  }
}`;
}

/** Kinds of keys that a call can add. */
const GROWN: ReadonlySet<number | undefined> = new Set([
  KEY_KIND.account,
  KEY_KIND.holding,
  KEY_KIND.cell,
  KEY_KIND.deposits,
]);

const named = [alice.id, stranger.id, TREASURY].map(toHex);

/** Returns what a block has added to the state for its call. */
function grownBy({ transition }: Executed): { readonly bytes: number; readonly entries: number } {
  let [bytes, entries] = [0, 0];
  for (const { key, before, after } of transition.changes) {
    if (before !== undefined || after === undefined || !GROWN.has(key[0])) continue;
    // Rewards create accounts of validators beside the call.
    const isAccount = key[0] === KEY_KIND.account;
    if (isAccount && !named.includes(toHex(key.slice(1)))) continue;
    bytes += key.length + after.length;
    if (isAccount || key[0] === KEY_KIND.holding) entries += 1;
  }
  return { bytes, entries };
}

describe("bounds of a contract's call", () => {
  test("P42: no call adds more or takes more units than is reserved for it", () => {
    let tight = 0;
    const statements = fc.array(fc.constantFrom(...STATEMENTS), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(statements, fc.boolean(), (list, isSame) => {
        const source = sourceOf(list);
        const contract = compiled(source);
        const intent = intentOf(contract, "run");
        const options = { nonce: 0, resourceLimit: 1_000_000, feeLimit: 100_000_000n };
        const proofs = [publish(world, alice, source, options)];
        const { state } = step(world, world.state, { proofs });
        const to = isSame ? alice.id : stranger.id;
        const values: readonly FieldValue[] = [toHex(alice.id), toHex(to), 1n, isSame ? 1n : 5n];
        const call = wireCall(world, { type: "contract", contract, intent, values });
        const published = readContractIntent(createStateOverlay(state.tree), call.intent);
        if (published === undefined) throw new Error("the contract was published");
        const bound = interfaceOfIntent(published);

        const run = (resourceLimit: number): Executed => {
          const proof = transaction(world, state, alice, { calls: [call], resourceLimit });
          return step(world, state, { proofs: [proof] });
        };
        const executed = run(200_000);
        const [receipt] = executed.receipts;
        expect(receipt?.outcome).toBe("applied");
        const grown = grownBy(executed);
        expect(grown.bytes).toBeLessThanOrEqual(bound.growth);
        expect(grown.entries).toBeLessThanOrEqual(bound.entries);
        const cells = Number((receipt?.depositPaid ?? 0n) / PRICE);
        expect(cells).toBeLessThanOrEqual(bound.cellBytes);
        if (cells > 0 && cells === bound.cellBytes) tight += 1;

        const units = receipt?.resource ?? 0;
        expect(units).toBeLessThanOrEqual(callUnitsBound(contract, intent));
        expect(run(units).receipts[0]?.outcome).toBe("applied");
        expect(run(units - 1).receipts[0]?.errorCode).toBe(RESULT_CODES["execution-limit"]);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 40, seed: 1 },
    );
    expect(tight).toBeGreaterThan(0);
  });
});
