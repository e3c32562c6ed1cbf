import { BLOCK_BYTES_MAX } from "@aethel/models";
import { proofBlocks } from "@aethel/testkit";
import fc from "fast-check";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { addChainRoutes } from "../src/http/chain-routes.ts";
import { onError } from "../src/http/respond.ts";

const bytes = new Uint8Array(32);
const [sample] = fc.sample(proofBlocks(), { seed: 1, numRuns: 1 });

/** A node with final blocks `1 .. head`, each with an item; it has no genesis block. */
function createApp(head: number, itemBytes = 0): Hono {
  const items = [{ bytes: new Uint8Array(itemBytes) }];
  const blockAt = (sequence: number): object => ({
    block: { header: { ...sample?.header, sequence }, items },
    certificate: { view: 0, signers: [true] },
  });
  const ledger = {
    head: () => ({ header: { sequence: head }, digest: bytes }),
    finalized: async (sequence: number) =>
      sequence >= 1 && sequence <= head ? blockAt(sequence) : undefined,
    receipts: async () => [],
  };
  const app = new Hono();
  app.onError(onError);
  addChainRoutes(app, { ledger, genesis: {}, slashes: async () => [] } as never);
  return app;
}

describe("blocks without `from`", () => {
  test("are the last ones, ascending, on a chain of any length", async () => {
    for (const [head, limit, first] of [
      [50, 10, 41],
      [50, 20, 31],
      [3, 10, 1],
      [3, 1, 3],
    ] as const) {
      const answer = await createApp(head).request(`/blocks?limit=${limit}`);

      expect(answer.status).toBe(200);
      const { blocks } = (await answer.json()) as { blocks: { sequence: number }[] };
      const expected = Array.from({ length: head - first + 1 }, (_, at) => first + at);
      expect(blocks.map(({ sequence }) => sequence)).toEqual(expected);
    }
  });
});

describe("blocks in one answer", () => {
  test("are no more than have the bytes of one full block, but at least one", async () => {
    const ask = async (query: string, bytes: number): Promise<readonly number[]> => {
      const answer = await createApp(50, bytes).request(`/blocks?${query}`);
      const { blocks } = (await answer.json()) as { blocks: { sequence: number }[] };
      return blocks.map(({ sequence }) => sequence);
    };
    const third = Math.ceil(BLOCK_BYTES_MAX / 3);

    expect(await ask("limit=10", third)).toEqual([48, 49, 50]);
    expect(await ask("limit=10&from=7", third)).toEqual([7, 8, 9]);
    expect(await ask("limit=10", BLOCK_BYTES_MAX)).toEqual([50]);
    expect(await ask("limit=2&from=7", 1)).toEqual([7, 8]);
    expect(await ask("limit=10&from=48", 1)).toEqual([48, 49, 50]);
    expect(await ask("limit=10&from=51", 1)).toEqual([]);
    expect(await ask("limit=0", 1)).toEqual([]);
  });
});
