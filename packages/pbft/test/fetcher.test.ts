import {
  type Block,
  blockDigest,
  type Digest,
  equalBytes,
  findBodyDefect,
  type SyncResponse,
  sha256,
  toHex,
  toSequence,
} from "@aethel/models";
import { expect, test } from "vitest";
import type { PeerName } from "../src/index.ts";
import { createFetcher, type Fetcher } from "../src/peers/fetcher.ts";
import { createMembership } from "./keys.ts";
import { createRuleStage } from "./rule-stage.ts";

const digestOf = (index: number): Digest => sha256(Uint8Array.of(index));

const peers = createMembership([1, 1, 1, 1], "ed25519").members.map(({ id }) => id);

/** What a peer answers to a request for a block. */
type Answer = (peer: PeerName) => SyncResponse;

/** A fetcher, how often each block was asked for, and the peers that were blamed, in order. */
function createRigged(answer: Answer = () => ({ type: "absent", head: toSequence(0) })): {
  readonly fetcher: Fetcher;
  readonly asked: Map<string, number>;
  readonly blamed: PeerName[];
  readonly fetched: Block[];
  readonly turns: (count: number) => Promise<void>;
} {
  const asked = new Map<string, number>();
  const blamed: PeerName[] = [];
  const fetched: Block[] = [];
  const waiting: (() => void)[] = [];
  const fetcher = createFetcher({
    transport: {
      peers: () => peers,
      blame: (peer) => blamed.push(peer),
      request: (peer, request) => {
        if (request.type === "block") {
          const name = toHex(request.digest);
          asked.set(name, (asked.get(name) ?? 0) + 1);
        }
        return Promise.resolve(answer(peer));
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
      block: (digest, block) => {
        if (!equalBytes(blockDigest(block.header), digest) || findBodyDefect(block)) return false;
        fetched.push(block);
        return true;
      },
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
  return { fetcher, asked, blamed, fetched, turns };
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

test("a peer whose block has another body than its header is blamed for it, and another is asked", async () => {
  const [block] = createRuleStage(2).blocks;
  if (block === undefined) throw new Error("the stage has blocks");
  const digest = blockDigest(block.header);
  const spoilt = { ...block, annex: [Uint8Array.of(1)] };
  const [liar, ...others] = peers;
  const { fetcher, blamed, fetched, turns } = createRigged((peer) => ({
    type: "block",
    block: peer === liar ? spoilt : block,
  }));
  fetcher.fetchBlock({ digest, hint: liar, outline: undefined }, [digest]);
  // Before any timer, since those of this clock end requests too.
  await new Promise((resolve) => setImmediate(resolve));
  await turns(20);
  await fetcher.stop();

  expect(others).toHaveLength(3);
  expect(fetched.map((each) => each === block)).toEqual([true]);
  expect(blamed.map(toHex)).toEqual(liar === undefined ? [] : [toHex(liar)]);
});
