import {
  FinalizedBlock as Codec,
  type FinalizedBlock,
  type SyncRequest,
  toSequence,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createConfig, createState } from "../src/index.ts";
import { answerRequest } from "../src/peers/serve.ts";
import { Counter } from "./counter.ts";
import { createChain, fetchParameters } from "./fetch-world.ts";
import { asApplication } from "./hub.ts";
import { GENESIS } from "./keys.ts";

const LENGTH = 24;
const MIB = 1_048_576;
const { blocks, membership } = createChain(LENGTH);

/** Answers about the chain at the head `height`, by an application that has all of it. */
async function answer(
  request: Exclude<SyncRequest, { readonly type: "signed-head" }>,
  options: {
    readonly height?: number;
    readonly weigh?: (block: FinalizedBlock) => FinalizedBlock;
  } = {},
) {
  const { height = LENGTH, weigh = (block) => block } = options;
  const counter = new Counter(GENESIS, membership.set);
  for (const block of blocks.slice(0, height)) counter.commit(block);
  const id = membership.members[0]?.id ?? counter.head.header.proposer;
  const config = createConfig({ genesis: GENESIS, id, parameters: fetchParameters });
  const read: number[] = [];
  const headers: number[] = [];
  const application = {
    ...asApplication(counter),
    finalized: async (sequence: number) => {
      read.push(sequence);
      const block = blocks[sequence - 1];
      return block === undefined ? undefined : weigh(block);
    },
    header: async (sequence: number) => {
      headers.push(sequence);
      return blocks[sequence - 1]?.block.header;
    },
  };
  const response = await answerRequest({
    request,
    state: createState(config, counter.head),
    application,
  });
  const found =
    response.type === "headers"
      ? response.headers.map(({ sequence }) => Number(sequence))
      : response.type === "blocks"
        ? response.blocks.map(({ block }) => Number(block.header.sequence))
        : response.type;
  return { found, read, headers };
}

/** A block that takes so many bytes to read. */
function heavy({ block, certificate }: FinalizedBlock, bytes: number): FinalizedBlock {
  const [one] = certificate.seal.signatures;
  const count = Math.ceil(
    (bytes - Codec.encode({ block, certificate }).length) / (one?.length ?? 1),
  );
  const signatures = Array.from({ length: count }, () => one);
  return { block, certificate: { ...certificate, seal: { type: "ed25519", signatures } as never } };
}

const upTo = (last: number, first = 1): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

describe("an answer to a peer", () => {
  test("begins with the first header, where so many are asked for", async () => {
    for (const count of [5, 6, 100]) {
      const { found } = await answer({ type: "headers", to: toSequence(5), count });
      expect(found).toEqual(upTo(5));
    }
    expect((await answer({ type: "headers", to: toSequence(5), count: 4 })).found).toEqual(
      upTo(5, 2),
    );
    expect((await answer({ type: "headers", to: toSequence(1), count: 1 })).found).toEqual([1]);
  });

  test("holds headers of large blocks, of which no block is read", async () => {
    const weigh = (block: FinalizedBlock): FinalizedBlock => heavy(block, MIB);
    const { found, read, headers } = await answer(
      { type: "headers", to: toSequence(LENGTH), count: LENGTH },
      { weigh },
    );
    expect(found).toEqual(upTo(LENGTH));
    expect(read).toEqual([]);
    expect(headers).toEqual(upTo(LENGTH).toReversed());
  });

  test("ends with the block that makes 2 MiB, and no block is read that it does not hold", async () => {
    for (const [bytes, count] of [
      [0.75 * MIB, 3],
      [1.9 * MIB, 2],
      [2 * MIB + 1, 1],
    ] as const) {
      const weigh = (block: FinalizedBlock): FinalizedBlock => heavy(block, bytes);
      const { found, read } = await answer(
        { type: "blocks", from: toSequence(3), count: 10 },
        { weigh },
      );
      expect(found).toEqual(upTo(2 + count, 3));
      expect(read).toEqual(found);
    }
  });

  test("holds no block beyond the head, though the application has it already", async () => {
    const { found, read } = await answer(
      { type: "blocks", from: toSequence(8), count: 10 },
      { height: 10 },
    );
    expect(found).toEqual([8, 9, 10]);
    expect(read).toEqual([8, 9, 10]);
    expect(
      (await answer({ type: "blocks", from: toSequence(11), count: 1 }, { height: 10 })).found,
    ).toBe("absent");
    expect(
      (await answer({ type: "headers", to: toSequence(11), count: 1 }, { height: 10 })).found,
    ).toBe("absent");
  });
});
