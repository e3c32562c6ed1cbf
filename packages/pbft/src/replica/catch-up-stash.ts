import {
  type Digest,
  equalBytes,
  type FinalizedBlock,
  NotYetError,
  type ProofBlock,
  type Sequence,
} from "@aethel/models";
import { findBlockDefect, findFinalizedDefect } from "../authenticate.ts";
import type { Occurrence } from "../input.ts";
import type { PeerName } from "../ports.ts";
import type { State } from "../state.ts";
import type { FetchResults } from "./fetcher.ts";
import type { ReplicaOptions } from "./replica.ts";
import type { ReplicaEvent } from "./replica-event.ts";

/**
 * Checks what peers answered and gives the engine one final block after another: each needs the
 * validator set that applying the one before it yields.
 */
export class CatchUpStash implements FetchResults {
  readonly #options: Pick<ReplicaOptions, "genesis" | "verify">;
  readonly #state: () => State | undefined;
  readonly #input: (occurrence: Occurrence) => void;
  readonly #emit: (event: ReplicaEvent) => void;
  #waiting: readonly FinalizedBlock[] = [];
  #fed: Sequence | undefined;

  constructor(wiring: {
    readonly options: Pick<ReplicaOptions, "genesis" | "verify">;
    readonly state: () => State | undefined;
    readonly input: (occurrence: Occurrence) => void;
    readonly emit: (event: ReplicaEvent) => void;
  }) {
    this.#options = wiring.options;
    this.#state = wiring.state;
    this.#input = wiring.input;
    this.#emit = wiring.emit;
  }

  block(digest: Digest, block: ProofBlock): boolean {
    const state = this.#state();
    if (state === undefined) return true;
    const previousSet = state.head.previousValidators;
    const context = { ...this.#verification(), previousSet };
    if (findBlockDefect({ block, digest }, context) !== undefined) return false;
    this.#input({ type: "block", digest, block });
    return true;
  }

  blocks(blocks: readonly FinalizedBlock[]): boolean {
    this.#waiting = blocks;
    this.#fed = undefined;
    return this.feed();
  }

  head(sequence: Sequence, peer: PeerName): void {
    this.#input({ type: "ahead", sequence, peer });
  }

  pruned(_peer: PeerName, head: Sequence): void {
    const error = new NotYetError({ code: "NOT_YET", feature: "catch-up by snapshot" });
    this.#emit({ type: "snapshot-needed", head, error });
  }

  /** False when no block is at hand that follows the head: more must be fetched. */
  feed(): boolean {
    const state = this.#state();
    if (state === undefined) return false;
    const { head, sequence } = state;
    this.#waiting = this.#waiting.filter(({ block }) => block.header.sequence >= sequence);
    const [next] = this.#waiting;
    if (next === undefined || next.block.header.sequence !== sequence) return false;
    if (this.#fed === sequence) return true;
    const { validators: set, previousValidators: previousSet } = head;
    const follows = equalBytes(next.block.header.parent, head.digest);
    const context = { ...this.#verification(), set, previousSet };
    if (!follows || findFinalizedDefect(next, context) !== undefined) {
      this.#waiting = [];
      return false;
    }
    this.#fed = sequence;
    this.#input({ type: "finalized", finalized: next });
    return true;
  }

  #verification(): Pick<ReplicaOptions, "genesis" | "verify"> {
    const { genesis, verify } = this.#options;
    return verify === undefined ? { genesis } : { genesis, verify };
  }
}
