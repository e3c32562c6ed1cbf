import { toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { LedgerState } from "../../src/index.ts";
import { createQueries } from "../../src/queries/create-queries.ts";
import { createDirectory } from "../../src/queries/directory.ts";
import type { Queries } from "../../src/queries/queries.ts";
import type { Named } from "../../src/queries/sorted-names.ts";
import { judgedSource } from "../fixtures/judgements.ts";
import { createWorld, publish, step, utf8 } from "../fixtures/world.ts";

const world = createWorld({ balances: [10_000_000n, 10_000_000n, 10_000_000n] });
const source = (name: string, at: number): string =>
  `intent ${name}(signer a: Account) { guard { a.balance > ${at}; } verify { true; } }`;

/** Blocks that publish some intents, two of them with one name. */
const blocks = (() => {
  const found: ReturnType<typeof step>[] = [];
  let state = world.state;
  for (const [nonce, name] of ["zoo", "tip", "tip", "ant"].entries()) {
    const text = source(name, nonce);
    const limits = { nonce, feeLimit: 1_000_000n, resourceLimit: 50_000 };
    const proofs = [publish(world, world.alice, text, limits)];
    found.push(step(world, state, { proofs, judge: () => judgedSource(utf8(text)) }));
    state = found.at(-1)?.state ?? state;
  }
  return found;
})();
const after: LedgerState = blocks.at(-1)?.state ?? world.state;

function queriesOf(state: LedgerState): Queries {
  return createQueries(() => state, world.tools.programs, createDirectory(state.tree));
}

describe("listings", () => {
  test("an index kept by the changes of blocks is the one made from the state", () => {
    const kept = createDirectory(world.state.tree);
    for (const { transition } of blocks) kept.note(transition.changes);
    const made = createDirectory(after.tree);

    const all = { limit: 1_000 };
    expect(kept.intents.page(all)).toEqual(made.intents.page(all));
    expect(kept.stakers.page(all)).toEqual(made.stakers.page(all));
    expect(kept.assets.page(all)).toEqual(made.assets.page(all));
    expect(made.intents.size).toBe(createDirectory(world.state.tree).intents.size + 4);
  });

  test("pages of intents together are all intents, by name, those of one name too", () => {
    const queries = queriesOf(after);
    for (const limit of [1, 2, 5, 100]) {
      expect(walk(queries, { limit })).toEqual(
        queries.intents().map(({ digest }) => toHex(digest)),
      );
    }
    const tips = queries.intents().filter(({ name }) => name === "tip");

    expect(tips).toHaveLength(2);
    expect(walk(queries, { limit: 1, name: "tip" })).toEqual(
      tips.map(({ digest }) => toHex(digest)),
    );
  });

  test("stakers are found by the beginning of their id, and validators page by page", () => {
    const queries = queriesOf(after);
    const ids = world.validators.map(({ id }) => toHex(id)).toSorted();
    for (const length of [1, 2, 4, 64]) {
      for (const id of ids) {
        const prefix = id.slice(0, length);
        expect(queries.stakersBeginning(prefix, 100).map(toHex)).toEqual(
          ids.filter((one) => one.startsWith(prefix)),
        );
      }
    }
    const first = queries.validatorPage({ limit: 3 });
    const second = queries.validatorPage({ after: first.next, limit: 3 });

    expect([...first.entries, ...second.entries]).toEqual(queries.validators());
    expect(second.next).toBeUndefined();
  });
});

function walk(queries: Queries, asked: { limit: number; name?: string }): readonly string[] {
  const found: string[] = [];
  let from: Named | undefined;
  for (;;) {
    const { entries, next } = queries.intentPage({ ...asked, after: from });
    expect(entries.length).toBeLessThanOrEqual(asked.limit);
    found.push(...entries.map(({ digest }) => toHex(digest)));
    if (next === undefined) return found;
    from = next;
  }
}
