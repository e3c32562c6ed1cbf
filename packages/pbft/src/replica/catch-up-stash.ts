import {
  type Block,
  blockDigest,
  type Digest,
  equalBytes,
  FinalizedBlock,
  findCertificateDefect,
  type Sequence,
} from "@aethel/models";
import { findBlockDefect, findFinalizedDefect } from "../authenticate.ts";
import type { Occurrence } from "../input.ts";
import type { ReplicaEvent } from "../interface/replica-event.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import type { Joining } from "../joining/joining.ts";
import type { FetchResults } from "../peers/fetch-results.ts";
import { RANGE_WINDOW } from "../peers/range-fetch.ts";
import type { PeerName } from "../ports.ts";
import type { State } from "../state.ts";

interface Held {
  readonly finalized: FinalizedBlock;
  readonly bytes: number;
  readonly peer: PeerName;
}

/**
 * Final blocks that peers sent, which are checked and passed to the engine one after the other:
 * each needs the validator set that results from applying the one before. Blocks of several peers
 * wait here, in any order. If a block turns out to be wrong, all blocks of the same peer are
 * dropped.
 */
export class CatchUpStash implements FetchResults {
  readonly #options: Pick<ReplicaOptions, "genesis" | "verify">;
  readonly #state: () => State | undefined;
  readonly #input: (occurrence: Occurrence) => void;
  readonly #emit: (event: ReplicaEvent) => void;
  readonly #blame: (peer: PeerName) => void;
  readonly #admit: Joining["admit"];
  readonly #waiting = new Map<number, Held>();
  #bytes = 0;
  #fed: Sequence | undefined;

  constructor(wiring: {
    readonly options: Pick<ReplicaOptions, "genesis" | "verify">;
    readonly state: () => State | undefined;
    readonly input: (occurrence: Occurrence) => void;
    readonly emit: (event: ReplicaEvent) => void;
    /** Called when a peer sent a wrong final block. */
    readonly blame?: (peer: PeerName) => void;
    /**
     * Decides whether history that this replica did not see happen may be followed. Default: it
     * may.
     */
    readonly admit?: Joining["admit"];
  }) {
    this.#options = wiring.options;
    this.#state = wiring.state;
    this.#input = wiring.input;
    this.#emit = wiring.emit;
    this.#blame = wiring.blame ?? (() => {});
    this.#admit = wiring.admit ?? (() => "go");
  }

  next(): Sequence | undefined {
    return this.#state()?.sequence;
  }

  holds(sequence: number): boolean {
    return this.#waiting.has(sequence) || this.#fed === sequence;
  }

  bytes(): number {
    return this.#bytes;
  }

  block(digest: Digest, block: Block): boolean {
    const state = this.#state();
    if (state === undefined) return true;
    const previousSet = state.head.previousValidators;
    const context = { ...this.#verification(), previousSet };
    if (findBlockDefect({ block, digest }, context) !== undefined) return false;
    this.#input({ type: "block", digest, block });
    return true;
  }

  complete(digest: Digest, block: Block): void {
    this.#input({ type: "block", digest, block });
  }

  blocks(from: Sequence, blocks: readonly FinalizedBlock[], peer: PeerName): number | undefined {
    if (!isChain(from, blocks) || this.#isForged(blocks.at(-1))) return undefined;
    const next = this.next() ?? 0;
    let total = 0;
    for (const finalized of blocks) {
      const at = finalized.block.header.sequence;
      const bytes = FinalizedBlock.encode(finalized).length;
      total += bytes;
      if (at < next || at >= next + RANGE_WINDOW || this.#waiting.has(at)) continue;
      this.#waiting.set(at, { finalized, bytes, peer });
      this.#bytes += bytes;
    }
    this.feed();
    return total;
  }

  head(sequence: Sequence, peer: PeerName): void {
    this.#input({ type: "ahead", sequence, peer });
  }

  pruned(head: Sequence, peers: number): void {
    const sequence = this.next();
    if (sequence !== undefined) this.#emit({ type: "snapshot-needed", sequence, head, peers });
  }

  /**
   * Passes the block that follows the head to the engine, if it may be applied. Returns false if it
   * is missing or wrong, so that more must be fetched.
   */
  feed(): boolean {
    const state = this.#state();
    if (state === undefined) return false;
    const { head, sequence } = state;
    if (this.#fed === sequence) return true;
    for (const at of this.#waiting.keys()) if (at < sequence) this.#drop(at);
    const held = this.#waiting.get(sequence);
    if (held === undefined) return false;
    const { finalized, peer } = held;
    const { validators: set, previousValidators: previousSet } = head;
    const follows = equalBytes(finalized.block.header.parent, head.digest);
    const context = { ...this.#verification(), set, previousSet };
    if (!follows || findFinalizedDefect(finalized, context) !== undefined) {
      this.#distrust(peer);
      return false;
    }
    const admission = this.#admit(finalized, head);
    if (admission === "wrong") {
      this.#distrust(peer);
      return false;
    }
    // Kept until it is known whether this is the history to follow.
    if (admission !== "go") return true;
    this.#drop(sequence);
    this.#fed = sequence;
    this.#input({ type: "finalized", finalized });
    return true;
  }

  /**
   * Whether the last block of an answer is not final, if the current set votes on it. The other
   * blocks are its ancestors. So a forged chain is found before any block of it is tried. Each
   * certificate is checked again when its block's turn comes.
   */
  #isForged(last: FinalizedBlock | undefined): boolean {
    const set = this.#state()?.head.validators;
    if (last === undefined || set === undefined) return false;
    const { block, certificate } = last;
    if (!equalBytes(block.header.validators, set.hash)) return false;
    return findCertificateDefect({ ...this.#verification(), set, certificate }) !== undefined;
  }

  #distrust(peer: PeerName): void {
    for (const [at, held] of this.#waiting) if (equalBytes(held.peer, peer)) this.#drop(at);
    this.#blame(peer);
  }

  #drop(at: number): void {
    this.#bytes -= this.#waiting.get(at)?.bytes ?? 0;
    this.#waiting.delete(at);
  }

  #verification(): Pick<ReplicaOptions, "genesis" | "verify"> {
    const { genesis, verify } = this.#options;
    return verify === undefined ? { genesis } : { genesis, verify };
  }
}

/**
 * Whether the blocks form a chain from `from` on, as far as this shows without a validator set: by
 * sequences, digests of headers, and each block's parent.
 */
function isChain(from: Sequence, blocks: readonly FinalizedBlock[]): boolean {
  let parent: Digest | undefined;
  return blocks.every(({ block, certificate }, at) => {
    const { header } = block;
    const digest = blockDigest(header);
    const follows = parent === undefined || equalBytes(header.parent, parent);
    parent = digest;
    const isNamed = header.sequence === certificate.sequence && header.sequence === from + at;
    return isNamed && follows && equalBytes(certificate.digest, digest);
  });
}
