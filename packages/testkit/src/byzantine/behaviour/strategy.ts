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

/** A message to one receiver, perhaps delayed. */
export interface Dispatch {
  readonly to: PeerName;
  readonly message: ConsensusMessage;
  readonly delayMs: number;
}

/**
 * Means of a Byzantine node: its own keys, all that it receives, and its accomplices. It runs a
 * production replica whose messages pass through the strategy, so it knows the protocol's state.
 * Other messages are made with `signer`.
 */
export interface StrategyContext {
  readonly random: Random;
  readonly genesis: Digest;
  readonly id: PeerName;
  readonly signer: Signer;
  readonly clock: Clock;
  /** All other nodes, Byzantine ones included. */
  readonly others: readonly PeerName[];
  /** Returns whether a peer is Byzantine too. */
  readonly isAccomplice: (peer: PeerName) => boolean;
  readonly conspiracy: Conspiracy;
  /** Returns the head of the node's own application. */
  readonly head: () => ApplicationHead;
  /**
   * Returns the block with a lie about what it holds; undefined where there is nothing to lie
   * about, and in worlds without a ledger.
   */
  readonly lie: (block: Block, about: LieAbout) => Promise<Block | undefined>;
  /** Sends without passing any strategy. */
  readonly send: (dispatch: Dispatch) => void;
  /** Runs an action later, unless the node has crashed by then. */
  readonly after: (delayMs: number, action: () => void) => void;
}

/** Two blocks for one place, each shown to half of the network. */
export interface SplitProposal {
  readonly sequence: Sequence;
  readonly view: View;
  readonly digests: readonly [Digest, Digest];
  /** Hex names of the nodes that are shown the second block. */
  readonly second: ReadonlySet<string>;
}

/** Shared knowledge of all Byzantine nodes of one world. */
export interface Conspiracy {
  readonly splits: SplitProposal[];
  /** Blocks that no honest node may have, by digest in hex. */
  readonly blocks: Map<string, Block>;
  /** Digest of another valid block by the same proposer for the same place, by digest in hex. */
  readonly twins: Map<string, Digest>;
}

/** Deviations of one Byzantine node. For what is left out it follows the protocol. */
export interface Behaviour {
  /**
   * Returns what is sent in place of a dispatch of the node's own replica or of an earlier
   * behaviour.
   */
  readonly outgoing?: (dispatch: Dispatch) => readonly Dispatch[];
  /** Returns false to hide a message from the node's own replica. */
  readonly incoming?: (message: ConsensusMessage) => boolean;
  /**
   * Answers a request in place of the replica, perhaps late or never; undefined leaves it to the
   * replica. `byReplica` returns what the replica would answer.
   */
  readonly answer?: (
    request: SyncRequest,
    byReplica: () => Promise<SyncResponse>,
  ) => SyncResponse | Promise<SyncResponse> | undefined;
  /** Returns false to keep an item out of the node's own mempool, so that it never proposes it. */
  readonly takes?: (item: Item) => boolean;
  /** Wraps the application of the replica. */
  readonly application?: (inner: Application) => Application;
  /** Acts of its own accord, about four times a virtual second. */
  readonly act?: () => void;
}

/** A named misbehaviour. Several can be combined: each sees what the one before it sends. */
export interface Strategy {
  readonly name: string;
  /**
   * Drawn only in worlds with a ledger: it acts on what only a ledger has, or needs many of its
   * blocks.
   */
  readonly isOfLedger?: true;
  /** Called once for each incarnation of each node that follows the strategy. */
  readonly create: (context: StrategyContext) => Behaviour;
}
