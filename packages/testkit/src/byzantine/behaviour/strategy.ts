import type {
  Block,
  ConsensusMessage,
  Digest,
  Item,
  Sequence,
  Signer,
  SyncRequest,
  SyncResponse,
  View,
} from "@aethel/models";
import type { Application, ApplicationHead, Clock, PeerName } from "@aethel/pbft";
import type { LieAbout } from "../../applications/application-kind.ts";
import type { Random } from "../../random.ts";

/** A message to one receiver, sent after `delayMs` milliseconds (0: at once). */
export interface Dispatch {
  readonly to: PeerName;
  readonly message: ConsensusMessage;
  readonly delayMs: number;
}

/**
 * Everything that a Byzantine node's strategy can use: its own keys, its clock and its accomplices.
 * The node runs a production replica whose messages pass through the strategy, so the strategy need
 * not follow the protocol itself. It signs other messages with `signer`.
 */
export interface StrategyContext {
  readonly random: Random;
  readonly genesis: Digest;
  readonly id: PeerName;
  readonly signer: Signer;
  readonly clock: Clock;
  /** All other nodes, including Byzantine ones. */
  readonly others: readonly PeerName[];
  /** Returns whether a peer is Byzantine too. */
  readonly isAccomplice: (peer: PeerName) => boolean;
  readonly conspiracy: Conspiracy;
  /** Returns the head of the node's own application. */
  readonly head: () => ApplicationHead;
  /**
   * Returns the block with a false claim of this kind in it. Undefined if the block contains
   * nothing to make such a claim about, and in worlds without a ledger.
   */
  readonly lie: (block: Block, about: LieAbout) => Promise<Block | undefined>;
  /** Sends a message directly: no strategy sees or changes it. */
  readonly send: (dispatch: Dispatch) => void;
  /** Runs an action later, unless the node has crashed by then. */
  readonly after: (delayMs: number, action: () => void) => void;
}

/** Two blocks for one sequence and view, each shown to one half of the honest nodes. */
export interface SplitProposal {
  readonly sequence: Sequence;
  readonly view: View;
  readonly digests: readonly [Digest, Digest];
  /** Ids, in hex, of the nodes that are shown the second block. */
  readonly second: ReadonlySet<string>;
}

/** Shared knowledge of all Byzantine nodes of one world. */
export interface Conspiracy {
  readonly splits: SplitProposal[];
  /**
   * Blocks that Byzantine nodes made and can serve, by digest in hex. Honest nodes may lack them.
   */
  readonly blocks: Map<string, Block>;
  /**
   * For a block, by digest in hex: the digest of another valid block that the same proposer made
   * for the same sequence.
   */
  readonly twins: Map<string, Digest>;
}

/** Deviations of one Byzantine node. Where a method is left out, the node follows the protocol. */
export interface Behaviour {
  /**
   * Returns the messages that are sent in place of `dispatch`, which comes from the node's own
   * replica or from an earlier behaviour. An empty list drops the message.
   */
  readonly outgoing?: (dispatch: Dispatch) => readonly Dispatch[];
  /**
   * Returns false to hide a message from the node's own replica. Undefined: no message is hidden.
   */
  readonly incoming?: (message: ConsensusMessage) => boolean;
  /**
   * Answers a request in place of the replica, perhaps late or never. If it returns undefined, the
   * next behaviour answers, or else the replica. `byReplica` returns what the replica would answer.
   */
  readonly answer?: (
    request: SyncRequest,
    byReplica: () => Promise<SyncResponse>,
  ) => SyncResponse | Promise<SyncResponse> | undefined;
  /**
   * Returns false to keep an item out of the node's own mempool, so that it never proposes it.
   * Undefined: no item is kept out.
   */
  readonly takes?: (item: Item) => boolean;
  /** Wraps the application of the replica. Undefined: the application is not wrapped. */
  readonly application?: (inner: Application) => Application;
  /** Called about four times per virtual second, to send messages that nothing else causes. */
  readonly act?: () => void;
}

/**
 * A named misbehaviour. Several can be combined: each one receives what the one before it sends.
 */
export interface Strategy {
  readonly name: string;
  /**
   * Restricts the strategy to worlds with a ledger: it uses something that only a ledger has, or
   * needs many blocks of a ledger.
   */
  readonly isOfLedger?: true;
  /** Creates the behaviour. Called at each start of each node that has this strategy. */
  readonly create: (context: StrategyContext) => Behaviour;
}
