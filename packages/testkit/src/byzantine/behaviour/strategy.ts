import type {
  ConsensusMessage,
  Digest,
  Proof,
  ProofBlock,
  Sequence,
  Signer,
  SyncRequest,
  SyncResponse,
  View,
} from "@aethel/models";
import type { Application, ApplicationHead, Clock, PeerName } from "@aethel/pbft";
import type { LieAbout } from "../../applications/application-kind.ts";
import type { Random } from "../../random.ts";

/** A message on its way to one receiver, perhaps later. */
export interface Dispatch {
  readonly to: PeerName;
  readonly message: ConsensusMessage;
  readonly delayMs: number;
}

/**
 * What a Byzantine node has to work with: its own keys, all that it sees, and its accomplices. It
 * runs a production replica whose messages pass through the strategy, so it knows the protocol's
 * state; what it sends beside is made with `signer`.
 */
export interface StrategyContext {
  readonly random: Random;
  readonly genesis: Digest;
  readonly id: PeerName;
  readonly signer: Signer;
  readonly clock: Clock;
  /** All other nodes, Byzantine ones included. */
  readonly others: readonly PeerName[];
  /** Whether a peer is Byzantine too. */
  readonly isAccomplice: (peer: PeerName) => boolean;
  readonly conspiracy: Conspiracy;
  /** Of the node's own application. */
  readonly head: () => ApplicationHead;
  /**
   * The block with a lie about what it holds; undefined where there is nothing to lie about, and in
   * worlds without a ledger.
   */
  readonly lie: (block: ProofBlock, about: LieAbout) => Promise<ProofBlock | undefined>;
  /** Sends past all strategies. */
  readonly send: (dispatch: Dispatch) => void;
  /** Acts later, unless the node has crashed by then. */
  readonly after: (delayMs: number, action: () => void) => void;
}

/** A block that two halves of the network are shown in the same place. */
export interface SplitProposal {
  readonly sequence: Sequence;
  readonly view: View;
  readonly digests: readonly [Digest, Digest];
  /** Hex names of the nodes that are shown the second block. */
  readonly second: ReadonlySet<string>;
}

/** What all Byzantine nodes of one world know together. */
export interface Conspiracy {
  readonly splits: SplitProposal[];
  /** Blocks that no honest node may have, by digest in hex. */
  readonly blocks: Map<string, ProofBlock>;
  /** Digest of another right block by the same proposer for the same place, by digest in hex. */
  readonly twins: Map<string, Digest>;
}

/** What one Byzantine node does differently. Everything left out is done by the protocol. */
export interface Behaviour {
  /** What leaves in place of a dispatch of the node's own replica or of an earlier behaviour. */
  readonly outgoing?: (dispatch: Dispatch) => readonly Dispatch[];
  /** False: the node's own replica does not get to see it. */
  readonly incoming?: (message: ConsensusMessage) => boolean;
  /**
   * Answers a request in place of the replica, perhaps late or never; undefined leaves it to the
   * replica. `byReplica` is what that would answer.
   */
  readonly answer?: (
    request: SyncRequest,
    byReplica: () => Promise<SyncResponse>,
  ) => SyncResponse | Promise<SyncResponse> | undefined;
  /** False: the proof does not get to the node's own mempool, so that it never proposes it. */
  readonly takes?: (proof: Proof) => boolean;
  /** Stands between the replica and its application. */
  readonly application?: (inner: Application) => Application;
  /** Acts of its own accord, about four times a virtual second. */
  readonly act?: () => void;
}

/** A named way of misbehaving. Several compose: each sees what the one before it lets out. */
export interface Strategy {
  readonly name: string;
  /** Drawn in worlds with a ledger alone: it acts on what only a ledger has, or makes much of it. */
  readonly isOfLedger?: true;
  /** Called once for each incarnation of each node that follows it. */
  readonly create: (context: StrategyContext) => Behaviour;
}
