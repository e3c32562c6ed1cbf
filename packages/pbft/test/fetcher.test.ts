import { type Digest, sha256, toHex, toSequence } from "@aethel/models";
import { expect, test } from "vitest";
import { createFetcher, type Fetcher } from "../src/peers/fetcher.ts";
import { createMembership } from "./keys.ts";

const digestOf = (index: number): Digest => sha256(Uint8Array.of(index));

/** A fetcher whose peers have nothing, and how often each block was asked for. */
function createRigged(): {
  readonly fetcher: Fetcher;
  readonly asked: Map<string, number>;
  readonly turns: (count: number) => Promise<void>;
} {
  const asked = new Map<string, number>();
  const waiting: (() => void)[] = [];
  const peers = createMembership([1, 1], "ed25519").members.map(({ id }) => id);
  const fetcher = createFetcher({
    transport: {
      peers: () => peers,
      request: (_, request) => {
        if (request.type === "block") {
          const name = toHex(request.digest);
          asked.set(name, (asked.get(name) ?? 0) + 1);
        }
        return Promise.resolve({ type: "absent", head: toSequence(0) });
      },
    },
    clock: {
      now: () => 0,
      schedule: (_, action) => {
        waiting.push(action);
        return () => {
          const at = waiting.indexOf(action);
          if (at >= 0) waiting.splice(at, 1);
        };
      },
    },
    pauseMs: 1,
    answerMs: 1_000_000,
    results: {
      block: () => false,
      complete: () => {},
      blocks: () => undefined,
      next: () => undefined,
      holds: () => false,
      bytes: () => 0,
      head: () => {},
      pruned: () => {},
    },
    onBroken: (error) => {
      throw error;
    },
  });
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) {
      for (const action of waiting.splice(0)) action();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { fetcher, asked, turns };
}

test("P9: blocks that nobody has do not keep later ones from being asked for", async () => {
  const { fetcher, asked, turns } = createRigged();
  const certified = digestOf(0);
  for (let index = 0; index < 9; index++) {
    const wish = { digest: digestOf(index), hint: undefined, outline: undefined };
    fetcher.fetchBlock(wish, [certified, digestOf(index)]);
  }
  await turns(5);
  const before = new Map(asked);
  await turns(20);
  const still = [...asked.keys()].filter(
    (name) => (asked.get(name) ?? 0) > (before.get(name) ?? 0),
  );
  await fetcher.stop();

  // Nothing is asked for any more that is not wanted: the certified one is, and the latest.
  expect(new Set(still)).toEqual(new Set([certified, digestOf(8)].map(toHex)));
});
