import {
  type Block,
  FinalizedBlock as Finalized,
  type FinalizedBlock,
  SYNC_HEADERS_MAX,
  toSequence,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerRequest, HEADERS_LEAST } from "../src/peers/serve.ts";
import { Cluster } from "./cluster.ts";
import { asApplication } from "./hub.ts";

const MIB = 1_048_576;
const LENGTH = 40;

/** A chain of small blocks. */
const cluster = new Cluster({ parameters: { minBlockIntervalMs: 10 } }).startAll();
const isThere = (): boolean => cluster.state(0).sequence > LENGTH;
// Work that comes while a block is under way may go into it: so many pieces are not as many blocks.
for (let tries = 0; tries < 10 * LENGTH && !isThere(); tries++) {
  cluster.work();
  const { sequence } = cluster.state(0);
  cluster.run({ forMs: 1_000, until: () => cluster.state(0).sequence > sequence });
}
if (!isThere()) throw new Error("the chain is shorter than the test needs");
const light = cluster.node(0).app.blocks;

/** The same header over a body that a store must read to get at it. */
function heavier(finalized: FinalizedBlock, kibibytes: number): FinalizedBlock {
  const [one] = finalized.certificate.seal.signatures;
  const count = one === undefined ? 0 : (kibibytes * 1_024) / one.length;
  const signatures = Array.from({ length: count }, () => one);
  const seal = { type: "ed25519", signatures } as FinalizedBlock["certificate"]["seal"];
  const block: Block = finalized.block;
  return { block, certificate: { ...finalized.certificate, seal } };
}

describe("headers that a peer asks for", () => {
  test("they are those up to the one that was asked for, and few blocks are read for them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: LENGTH + 2 }),
        fc.integer({ min: 1, max: SYNC_HEADERS_MAX }),
        fc.constantFrom(0, 0, 64, 512),
        fc.nat({ max: LENGTH }),
        async (to, count, kibibytes, dropped) => {
          let bytes = 0;
          const application = {
            ...asApplication(cluster.node(0).app),
            finalized: async (sequence: number) => {
              const known = sequence <= dropped ? undefined : light[sequence - 1];
              const found =
                kibibytes === 0 || known === undefined ? known : heavier(known, kibibytes);
              bytes += found === undefined ? 0 : Finalized.encode(found).length;
              return found;
            },
          };
          const request = { type: "headers", to: toSequence(to), count } as const;
          const answer = await answerRequest({ request, state: cluster.state(0), application });

          if (to > LENGTH || to <= dropped) {
            expect(answer.type).toBe("absent");
            return;
          }
          if (answer.type !== "headers") throw new Error("there are headers");
          const sequences = answer.headers.map(({ sequence }) => Number(sequence));
          const least = Math.min(count, to - dropped, HEADERS_LEAST);
          expect(sequences).toEqual(
            Array.from({ length: sequences.length }, (_, at) => to - sequences.length + 1 + at),
          );
          expect(sequences.length).toBeGreaterThanOrEqual(least);
          expect(sequences.length).toBeLessThanOrEqual(count);
          expect(bytes).toBeLessThanOrEqual(4 * MIB + (HEADERS_LEAST + 1) * 513 * 1_024);
          if (kibibytes === 0) expect(sequences.length).toBe(Math.min(count, to - dropped));
        },
      ),
      { numRuns: 40 },
    );
  });
});
