import { type Genesis, sha256, toDigest, toHex, toResource } from "@aethel/models";
import { createJudge, type Judge, standardIntents } from "@aethel/verifier";
import { checkIntentCertificate } from "@aethel/verifier/certificate";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createGenesisState,
  createPrograms,
  FAUCET_SOURCE,
  IntentRecord,
  KEY_KIND,
  type LedgerState,
  stateKey,
  systemIntents,
} from "../../src/index.ts";
import { createWorld, publish, step, utf8 } from "../fixtures/world.ts";

const RESOURCE = { resourceLimit: 10_000_000, feeLimit: 100_000_000n };
const world = createWorld();

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge({ workers: 1 });
});
afterAll(() => judge.close());

/** Counts the intents and batches of a state, and checks each of them from its bytes alone. */
function countCertified(state: LedgerState): number {
  let count = 0;
  for (const { key, value } of state.tree.entries()) {
    if (key[0] !== KEY_KIND.intent) continue;
    const { canonical, origin, trust, certification } = IntentRecord.decode(value);
    const stored = state.tree.get(stateKey.intentCertificate(toDigest(key.slice(1))));
    if (stored === undefined) throw new Error("an intent has no certificate");
    expect(trust).toBe("certified");
    expect(certification?.certificateHash).toEqual(sha256(stored));
    const checked = checkIntentCertificate(canonical, stored, { privileged: origin === "genesis" });
    expect(checked).toMatchObject({ type: "certified" });
    count += 1;
  }
  return count;
}

const amounts = fc.bigInt({ min: 1n, max: 1n << 40n });
const divisors = fc.integer({ min: 2, max: 10_000 });

/** True intents of several shapes: branches, quotients, products by constants, aliasing, assets. */
const bodies = fc.oneof(
  amounts.map(
    (fee) => `(signer from: Account, to: Account, amount: Amount) {
  guard { amount > ${fee}; from.balance >= amount; }
  effect { from.balance -= amount; to.balance += amount; }
  verify { from != to => to.balance == old(to.balance) + amount; }
}`,
  ),
  divisors.map(
    (by) => `(signer from: Account, to: Account, whole: Amount) {
  guard { whole > 1; from.balance >= whole; }
  effect { let part = whole / ${by}; from.balance -= part; to.balance += part; }
  verify { from.balance >= old(from.balance) - whole; }
}`,
  ),
  fc.integer({ min: 1, max: 3 }).map((payees) => {
    const names = Array.from({ length: payees }, (_, at) => `p${at}`);
    return `(signer from: Account, ${names.map((name) => `${name}: Account`).join(", ")}, each: Amount) {
  guard { from.balance >= ${payees} * each; }
  effect { ${names.map((name) => `from.balance -= each; ${name}.balance += each;`).join(" ")} }
  verify { true; }
}`;
  }),
  amounts.map(
    (least) => `(signer me: Account, on: Bool) {
  guard { on => me.balance > ${least}; }
  verify { me.balance == old(me.balance); }
}`,
  ),
);

const FALSE = `intent steal(signer me: Account, you: Account) {
  guard { you.balance > 0; }
  effect { you.balance -= 1; me.balance += 1; }
  verify { true; }
}
`;

/** Sources of one to three intents, some of them in a batch, and now and then one that is false. */
const sources = fc
  .record({
    bodies: fc.array(bodies, { minLength: 1, maxLength: 3 }),
    isBatch: fc.boolean(),
    isFalse: fc.nat({ max: 5 }).map((dice) => dice === 0),
  })
  .map(({ bodies: of, isBatch, isFalse }) => {
    const intents = of.map((body, at) => `intent i${at}${body}\n`);
    const [alone = "", ...batched] = intents;
    const batch = `atomic_batch b {\n${batched.join("")}}\n`;
    const text = isBatch && batched.length > 0 ? alone + batch : intents.join("");
    return { text: text + (isFalse ? FALSE : ""), isFalse };
  });

test("P37: whatever is published, all that the chain holds is certified by the stored bytes alone", async () => {
  const genesis = await genesisOf(world.genesis);
  const founded = countCertified(genesis);
  const seen = { published: 0, batches: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(sources, async ({ text, isFalse }) => {
      const source = utf8(text);
      const resourceLimit = toResource(RESOURCE.resourceLimit);
      const said = await judge.check({ type: "publish", source }, { resourceLimit });
      const { state, results } = step(world, genesis, {
        proofs: [publish(world, world.alice, text, { nonce: 0, ...RESOURCE })],
        judge: () => said,
      });

      const isPublished = results[0]?.outcome === "applied";
      expect(isPublished).toBe(!isFalse);
      const fresh = isPublished ? createPrograms().compile(source, "published").length : 0;
      expect(countCertified(state)).toBe(founded + fresh);
      seen.published += isPublished ? 1 : 0;
      seen.batches += isPublished && text.includes("atomic_batch") ? 1 : 0;
      seen.refused += isFalse ? 1 : 0;
    }),
    // The draws are counted: the seed is fixed.
    { numRuns: 100, seed: 1 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(3);
});

test("P37: every intent that a genesis brings is certified by the stored bytes alone", async () => {
  const library = [...standardIntents(), ...systemIntents()].map(({ source }) => source);
  const state = await genesisOf({
    ...world.genesis,
    intents: library.map((source) => ({ source: utf8(source) })),
    faucet: world.alice.id,
  });

  const digests = [...library, FAUCET_SOURCE].flatMap((source) =>
    createPrograms()
      .compile(utf8(source), "genesis")
      .map(({ digest }) => toHex(digest)),
  );
  expect(countCertified(state)).toBe(new Set(digests).size);
  expect(digests.length).toBeGreaterThan(10);
});

test("a stand-in for a certificate, as the tables of other tests have, would not pass for one", () => {
  expect(() => countCertified(world.state)).toThrow("certified");
});

function genesisOf(genesis: Genesis): Promise<LedgerState> {
  return createGenesisState(genesis, { judge, programs: createPrograms() });
}
