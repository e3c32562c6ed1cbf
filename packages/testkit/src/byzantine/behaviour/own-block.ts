import {
  type Block,
  blockDigest,
  type Digest,
  toHex,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import { type Application, leadershipHashAfter } from "@aethel/pbft";
import type { StrategyContext } from "./strategy.ts";

const KEPT_MAX = 64;

/**
 * Creates a valid block for the current sequence that the node's replica never proposed, and adds
 * it to the blocks that all accomplices know. Its timestamp is a few milliseconds later, so that it
 * differs from a proposed block. Undefined if the application builds no block now.
 */
export async function createOwnBlock(
  context: StrategyContext,
  application: Application,
): Promise<{ readonly block: Block; readonly digest: Digest } | undefined> {
  const { random, id, clock, conspiracy } = context;
  const head = context.head();
  const { header, certificate } = head;
  const earliest = header.timestamp + 1_000;
  const request = {
    sequence: toSequence(header.sequence + 1),
    timestamp: toTimestamp(Math.max(earliest, clock.now()) + 2 + random.below(50)),
    proposer: id,
    parentCertificate: certificate,
    evidence: [],
    leadership: leadershipHashAfter(head, certificate),
    reason: "heartbeat",
    signal: new AbortController().signal,
  } as const;
  // The application is busy with its own replica, or has moved on: no block this time.
  const block = await application.propose(request).catch(() => undefined);
  if (block === undefined) return undefined;
  const digest = blockDigest(block.header);
  rememberBlock(conspiracy.blocks, block);
  return { block, digest };
}

/**
 * Keeps a block, so that accomplices can serve it. At most 64 are kept; the oldest is dropped
 * first.
 */
export function rememberBlock(blocks: Map<string, Block>, block: Block): void {
  blocks.set(toHex(blockDigest(block.header)), block);
  while (blocks.size > KEPT_MAX) {
    const [oldest] = blocks.keys();
    if (oldest === undefined) return;
    blocks.delete(oldest);
  }
}
