import type { Receipt } from "@aethel/ledger";
import type {
  Block,
  ConsensusMessage,
  Evidence,
  FinalizedBlock,
  Sequence,
  StateTransition,
} from "@aethel/models";
import type { ApplicationHead } from "@aethel/pbft";

/**
 * Event that is reported to the checkers. It is always about an honest node, since Byzantine nodes
 * may do anything.
 */
export type Observation =
  /** A node's replica sent this message. The network may still lose it. */
  | {
      readonly type: "said";
      readonly node: number;
      readonly message: ConsensusMessage;
      /** Time on the node's clock, without jumps, in milliseconds. */
      readonly clockMs?: number;
    }
  /** A node's process, disk or clock was disturbed by an action of the world. */
  | { readonly type: "disturbed"; readonly node: number }
  /** A node has applied a block durably. */
  | {
      readonly type: "applied";
      readonly node: number;
      readonly finalized: FinalizedBlock;
      readonly head: ApplicationHead;
    }
  /**
   * A node's ledger executed a block with these changes. Reported just before the node has applied
   * the block.
   */
  | {
      readonly type: "executed";
      readonly node: number;
      readonly transition: StateTransition;
      readonly receipts: readonly Receipt[];
    }
  /** A node's application accepted a block, which the replica may now vote for. */
  | { readonly type: "verified"; readonly node: number; readonly block: Block }
  /** A node gave a view up because it refused the block that was proposed there. */
  | {
      readonly type: "refused";
      readonly node: number;
      readonly sequence: Sequence;
      readonly view: number;
    }
  /** A node made evidence that a validator broke the protocol. */
  | { readonly type: "accused"; readonly node: number; readonly evidence: Evidence }
  /** A node took a proof into its mempool. `proof` is its hash in hex. */
  | { readonly type: "known"; readonly node: number; readonly proof: string }
  /**
   * A node dropped a proof from its mempool: no block can include it any more, or the mempool was
   * full.
   */
  | { readonly type: "dropped"; readonly node: number; readonly proof: string }
  /**
   * A node started. `head` is the head on its disk; `isRolledBack` says whether an action of the
   * world removed blocks from there.
   */
  | {
      readonly type: "opened";
      readonly node: number;
      readonly head: ApplicationHead;
      readonly isRolledBack: boolean;
    };

/**
 * Checker of one property. After each step of the world it is told, in order, everything that
 * happened in the step.
 */
export interface Checker {
  readonly name: string;
  /** Returns what is violated, in words. Undefined if nothing is. */
  readonly observe: (observation: Observation) => string | undefined;
  /**
   * Called when the faults end: from now on the network works and all nodes run. Undefined: the
   * checker does not need to know.
   */
  readonly healed?: () => void;
  /**
   * Called after each step in which something was observed, for asynchronous checks. Resolves with
   * what is violated, or undefined.
   */
  readonly afterStep?: () => Promise<string | undefined>;
}
