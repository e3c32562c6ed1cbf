import type { Receipt } from "@aethel/ledger";
import type {
  Block,
  ConsensusMessage,
  Evidence,
  FinalizedBlock,
  StateTransition,
} from "@aethel/models";
import type { ApplicationHead } from "@aethel/pbft";

/**
 * An act of an honest node, or one done to it, as a checker is told. Byzantine nodes may do
 * anything.
 */
export type Observation =
  /** A node's replica sent this message, whether or not the network delivers it. */
  | {
      readonly type: "said";
      readonly node: number;
      readonly message: ConsensusMessage;
      /** Time on its clock, without jumps. */
      readonly clockMs?: number;
    }
  /** A node's process, disk or clock was disturbed from outside. */
  | { readonly type: "disturbed"; readonly node: number }
  /** A node has applied a block durably. */
  | {
      readonly type: "applied";
      readonly node: number;
      readonly finalized: FinalizedBlock;
      readonly head: ApplicationHead;
    }
  /**
   * Changes by a block to the state of a node's ledger; told just before the node has applied it.
   */
  | {
      readonly type: "executed";
      readonly node: number;
      readonly transition: StateTransition;
      readonly receipts: readonly Receipt[];
    }
  /** A node's application accepted a block before its replica voted. */
  | { readonly type: "verified"; readonly node: number; readonly block: Block }
  /** A node found that a validator broke the protocol. */
  | { readonly type: "accused"; readonly node: number; readonly evidence: Evidence }
  /** A node took a proof, by its hash in hex, into its mempool. */
  | { readonly type: "known"; readonly node: number; readonly proof: string }
  /**
   * A node dropped a proof that it had taken: no block can include it any more, or there was no
   * room.
   */
  | { readonly type: "dropped"; readonly node: number; readonly proof: string }
  /** A node started, with the head on its disk, which may have been rolled back from outside. */
  | {
      readonly type: "opened";
      readonly node: number;
      readonly head: ApplicationHead;
      readonly isRolledBack: boolean;
    };

/**
 * Watches one property. It is told everything that happened in a step, in order, before the next
 * step begins.
 */
export interface Checker {
  readonly name: string;
  /** Returns the violation in words; undefined if there is none. */
  readonly observe: (observation: Observation) => string | undefined;
  /** Called when the faults are over: from now on the network is good and all nodes run. */
  readonly healed?: () => void;
  /** Called after each step in which something was observed, for checks that take promises. */
  readonly afterStep?: () => Promise<string | undefined>;
}
