import {
  type Digest,
  equalBytes,
  type FinalizedBlock,
  toHex,
  toSequence,
  type VerifySigned,
} from "@aethel/models";
import { findFinalizedDefect } from "../authenticate.ts";
import type { Trail } from "./trail.ts";

/**
 * Answer of a peer that was asked for its certified block at a sequence. `head`: the peer has no
 * block there, and this is the sequence of its head. `none`: it gave no usable answer.
 */
export type PeersBlock = FinalizedBlock | "none" | { readonly head: number };

/** Block of another history, certified by the set that votes on its sequence. */
export interface Rival {
  readonly sequence: number;
  /** Digests of the block in this replica's history and of the other block, in hexadecimal. */
  readonly digests: readonly [string, string];
}

/**
 * Finds by binary search the first block in which a peer's history differs from the trail (the
 * blocks that this replica followed). If the digests at a sequence are equal, all blocks before are
 * equal too. At the first difference, one set votes on both blocks, so the peer's certificate can
 * be verified. Undefined if no difference was proved.
 */
export async function findRival(options: {
  readonly trail: Trail;
  readonly start: number;
  readonly genesis: Digest;
  readonly verify: VerifySigned | undefined;
  readonly ask: (sequence: number) => Promise<PeersBlock>;
}): Promise<Rival | undefined> {
  const { trail, start, ask } = options;
  let differs: FinalizedBlock | undefined;
  let [low, high] = [start, trail.end() + 1];
  let at = trail.end();
  while (high - low > 1) {
    const block = await ask(at);
    if (block === "none") return undefined;
    if ("head" in block) {
      // The peer is behind, or keeps no block that is as old: its own head is as good.
      if (differs !== undefined || block.head <= low || block.head >= at) return undefined;
      high = block.head + 1;
      at = block.head;
      continue;
    }
    const own = trail.digestAt(at);
    if (own !== undefined && equalBytes(own, block.certificate.digest)) low = at;
    else {
      high = at;
      differs = block;
    }
    at = Math.floor((low + high) / 2);
  }
  return differs === undefined ? undefined : proven(options, differs, high);
}

function proven(
  options: {
    readonly trail: Trail;
    readonly genesis: Digest;
    readonly verify: VerifySigned | undefined;
  },
  block: FinalizedBlock,
  sequence: number,
): Rival | undefined {
  const { trail, genesis, verify } = options;
  const [own, sets] = [trail.digestAt(sequence), trail.setsAt(sequence)];
  if (own === undefined || sets === undefined) return undefined;
  if (block.certificate.sequence !== toSequence(sequence)) return undefined;
  const context = { genesis, ...sets, ...(verify === undefined ? {} : { verify }) };
  if (findFinalizedDefect(block, context) !== undefined) return undefined;
  return { sequence, digests: [toHex(own), toHex(block.certificate.digest)] };
}
