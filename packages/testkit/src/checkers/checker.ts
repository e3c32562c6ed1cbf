import type { Receipt } from "@aethel/ledger";
import type {
  ConsensusMessage,
  Evidence,
  FinalizedBlock,
  ProofBlock,
  StateTransition,
} from "@aethel/models";
import type { ApplicationHead } from "@aethel/pbft";

/** What honest nodes do, as a checker is told; Byzantine ones may do anything. */
export type Observation =
  /** A node's own replica let this message out, whether or not the network takes it. */
  | {
      readonly type: "said";
      readonly node: number;
      readonly message: ConsensusMessage;
      /** What its clock showed, jumps apart. */
      readonly clockMs?: number;
    }
  /** Something was done to a node from outside: to its process, its disk or its clock. */
  | { readonly type: "disturbed"; readonly node: number }
  /** A node has applied a block durably. */
  | {
      readonly type: "applied";
      readonly node: number;
      readonly finalized: FinalizedBlock;
      readonly head: ApplicationHead;
    }
  /** What a block did to the state of a node's ledger; told just before that it has applied it. */
  | {
      readonly type: "executed";
      readonly node: number;
      readonly transition: StateTransition;
      readonly receipts: readonly Receipt[];
    }
  /** A node's application accepted a block before its replica voted. */
  | { readonly type: "verified"; readonly node: number; readonly block: ProofBlock }
  /** A node found that a validator broke the protocol. */
  | { readonly type: "accused"; readonly node: number; readonly evidence: Evidence }
  /** A node took a proof, by its hash in hex, into its mempool. */
  | { readonly type: "known"; readonly node: number; readonly proof: string }
  /** A node let a proof go that it had taken: it can be in no block any more, or found no room. */
  | { readonly type: "dropped"; readonly node: number; readonly proof: string }
  /** A node came up, with the head that it found on its disk; somebody may have turned that back. */
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
  /** What is violated, in words; undefined when nothing is. */
  readonly observe: (observation: Observation) => string | undefined;
  /** The faults are over: from now on the network is good and all nodes run. */
  readonly healed?: () => void;
  /** After each step in which something was observed; for checks that take promises. */
  readonly afterStep?: () => Promise<string | undefined>;
}
