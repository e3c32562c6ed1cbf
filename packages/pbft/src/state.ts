import {
  type AccountId,
  type Block,
  type Commit,
  type ConsensusMessage,
  type Digest,
  type Evidence,
  equalBytes,
  indexOfValidator,
  type Prepare,
  type Proposal,
  type QuorumCertificate,
  type Sequence,
  toSequence,
  toView,
  type ValidatorIndex,
  type View,
  type ViewChange,
} from "@aethel/models";
import type { Listeners } from "./books/listeners.ts";
import type { Listening } from "./books/listening.ts";
import { emptyPace, type Measures, noMeasures, type RoundPace } from "./books/measures.ts";
import type { OwnStatements } from "./books/own-statements.ts";
import type { SignedRequest } from "./books/signed-request.ts";
import { emptySlots, type Slots } from "./books/slots.ts";
import { emptyViewChangeBook, type ViewChangeBook } from "./books/view-change-book.ts";
import { emptyVoteBook, type VoteBook } from "./books/vote-book.ts";
import type { Config } from "./config.ts";
import { holdsKeyOf } from "./own-key.ts";
import type { ApplicationHead } from "./ports.ts";
import type { SignedDigest, SigningEntry } from "./record.ts";

/** A block of the current sequence, and what this replica thinks of it. */
export interface KnownBlock {
  readonly digest: Digest;
  readonly block: Block;
  /** `postponed`: an abstention without a watchdog; tried again with the resend timer. */
  readonly verdict: "unchecked" | "accepted" | "refused" | "abstained" | "postponed";
  readonly reason: string;
  /**
   * The application's claim that shows the header to be false: to vote for this block is an
   * offence.
   */
  readonly claim: Uint8Array | undefined;
  /** Whether the signing log holds it. */
  readonly durable: boolean;
}

/** The proposal of the current view that this replica accepted, at most one in each view. */
export interface AcceptedProposal {
  readonly proposal: Proposal;
  /** False when a PREPARE certificate justifies it: then neither clock nor proposer matter. */
  readonly fresh: boolean;
  /** Own clock and leader agree with the block; undefined until the block is here. */
  readonly votable: boolean | undefined;
}

/** The last statements of this replica at the sequence, which it must never contradict. */
export interface OwnSigned {
  readonly proposal: SignedDigest | undefined;
  readonly prepare: SignedDigest | undefined;
  readonly commit: SignedDigest | undefined;
}

/** The last messages of this replica at the sequence, signed, to send again. */
export interface OwnMessages {
  readonly proposal: ConsensusMessage | undefined;
  readonly prepare: Prepare | undefined;
  readonly commit: Commit | undefined;
  readonly viewChange: ViewChange | undefined;
}

/** Messages of the next sequence, one of each type and validator, until this one is over. */
export interface EarlyMessages {
  readonly prepares: Slots<ConsensusMessage>;
  readonly commits: Slots<ConsensusMessage>;
  readonly viewChanges: Slots<ConsensusMessage>;
  readonly prePrepare: ConsensusMessage | undefined;
  readonly newView: ConsensusMessage | undefined;
}

/** The votes of a sequence that is over: they may be paid for, or convict who cast them. */
export interface LateVotes {
  readonly prepare: VoteBook;
  readonly commit: VoteBook;
  /**
   * Blocks that were refused for a false claim, one a view at most: who votes for one is convicted.
   */
  readonly falseHeaders: readonly KnownBlock[];
  readonly requests: Slots<SignedRequest>;
  readonly toldProposals: readonly Proposal[];
  /** The view that this replica had reached. */
  readonly view: View;
}

/** State of one sequence, dropped with it. */
export interface Round {
  readonly view: View;
  /**
   * `active`: votes in `view`. `changing`: asked for `view`, waits for its NewView.
   * `committing`: the application applies the final block.
   */
  readonly phase: "active" | "changing" | "committing";
  readonly proposal: AcceptedProposal | undefined;
  readonly blocks: readonly KnownBlock[];
  readonly prepares: VoteBook;
  readonly commits: VoteBook;
  readonly viewChanges: ViewChangeBook;
  /** The request of each validator that owns up to least: a COMMIT of its voter may convict. */
  readonly requests: Slots<SignedRequest>;
  /** Proposals that were accepted in this and earlier views: another one convicts the leader. */
  readonly toldProposals: readonly Proposal[];
  /** PREPARE certificate of the highest view known, own or seen: never forgotten (B1, B4). */
  readonly prepared: QuorumCertificate | undefined;
  readonly committed: QuorumCertificate | undefined;
  /** The final block, while the application applies it. */
  readonly committing: Block | undefined;
  readonly signed: OwnSigned;
  readonly sent: OwnMessages;
  readonly validating: Digest | undefined;
  /** View for which the application builds a block now. */
  readonly proposing: View | undefined;
  readonly viewTimerRuns: boolean;
  /**
   * Elapsed time at which the certificate in `prepared` became known, for the measure of commit
   * rounds.
   */
  readonly preparedAt: number | undefined;
  readonly pace: RoundPace;
}

/** A replica's whole memory. Plain data: it can be copied, compared, printed and replayed. */
export interface State extends Round {
  readonly head: ApplicationHead;
  /** Current sequence: the head's plus one. */
  readonly sequence: Sequence;
  /** Own position in the set of the sequence; undefined: follows without voting. */
  readonly me: ValidatorIndex | undefined;
  readonly stopped: boolean;
  /** Nothing is signed at sequences up to this one; 0 when there is no such limit. */
  readonly floor: Sequence;
  /** Whether one of the own keys is the one that the current set names. */
  readonly holdsKey: boolean;
  /** While it listens, nothing is signed. */
  readonly listening: Listening | undefined;
  /** Statements that it has signed of late; undefined: nobody has said what its log holds. */
  readonly own: OwnStatements | undefined;
  /** Validators that listen, and wait for blocks. */
  readonly listeners: Listeners;
  /** The signing log does not take anything now, so nothing is signed. */
  readonly suspended: boolean;
  /**
   * Entries of the log at the start that are of sequences beyond the head: taken up when it is
   * their turn.
   */
  readonly kept: readonly SigningEntry[];
  readonly work: boolean;
  readonly heartbeatDue: boolean;
  readonly evidence: readonly PendingEvidence[];
  /** Offences that a final block holds or that the application declined; newest last. */
  readonly closedOffences: readonly ClosedOffence[];
  readonly early: EarlyMessages;
  /** Data kept of the head's sequence, for votes that come after its block. */
  readonly late: LateVotes;
  /** Highest sequence a peer claims to have finalized, and who. */
  readonly ahead: { readonly sequence: Sequence; readonly peer: AccountId | undefined } | undefined;
  readonly measures: Measures;
}

/** Evidence that no final block holds yet. */
export interface PendingEvidence {
  readonly evidence: Evidence;
  /** Put into an own proposal once; it is no reason for another block then. */
  readonly offered: boolean;
  /** Part of the proposal that the application builds now. */
  readonly asked: boolean;
  /** Told to peers. */
  readonly shared: boolean;
  /** The validator that sent it; undefined: this replica has found it. */
  readonly from: AccountId | undefined;
}

/** Evidence of which nothing more is to be done. */
export interface ClosedOffence {
  /**
   * Key of the offence, when a final block holds it; of the piece, when the application declined
   * it.
   */
  readonly key: string;
  /** Sender of the piece that was declined. */
  readonly by: AccountId | undefined;
}

/** The beginning of a sequence. */
export function emptyRound(): Round {
  return {
    view: toView(0),
    phase: "active",
    proposal: undefined,
    blocks: [],
    prepares: emptyVoteBook(),
    commits: emptyVoteBook(),
    viewChanges: emptyViewChangeBook(),
    requests: emptySlots(),
    toldProposals: [],
    prepared: undefined,
    committed: undefined,
    committing: undefined,
    signed: { proposal: undefined, prepare: undefined, commit: undefined },
    sent: {
      proposal: undefined,
      prepare: undefined,
      commit: undefined,
      viewChange: undefined,
    },
    validating: undefined,
    proposing: undefined,
    viewTimerRuns: false,
    preparedAt: undefined,
    pace: emptyPace(),
  };
}

/** Nothing early. */
export function noEarlyMessages(): EarlyMessages {
  return {
    prepares: emptySlots(),
    commits: emptySlots(),
    viewChanges: emptySlots(),
    prePrepare: undefined,
    newView: undefined,
  };
}

/** A replica on top of `head` that has signed nothing yet. */
export function createState(config: Config, head: ApplicationHead): State {
  return {
    ...emptyRound(),
    head,
    sequence: toSequence(head.header.sequence + 1),
    me: indexOfValidator(head.validators, config.id),
    stopped: false,
    floor: toSequence(0),
    holdsKey: holdsKeyOf(config, head.validators),
    listening: undefined,
    own: undefined,
    listeners: [],
    suspended: false,
    kept: [],
    work: false,
    heartbeatDue: false,
    evidence: [],
    closedOffences: [],
    early: noEarlyMessages(),
    late: {
      prepare: emptyVoteBook(),
      commit: emptyVoteBook(),
      falseHeaders: [],
      requests: emptySlots(),
      toldProposals: [],
      view: toView(0),
    },
    ahead: undefined,
    measures: noMeasures(),
  };
}

/** Own index if this replica may sign something new at the current sequence, else undefined. */
export function signingIndex(state: State): ValidatorIndex | undefined {
  return state.suspended || state.listening !== undefined ? undefined : statingIndex(state);
}

/**
 * Own index if this replica may state at the current sequence what it has signed, else undefined.
 */
export function statingIndex(state: State): ValidatorIndex | undefined {
  const { stopped, holdsKey, sequence, floor, me } = state;
  const silent = stopped || isListening(state) || !holdsKey || sequence <= floor;
  return silent ? undefined : me;
}

/** Whether it may have signed what it does not know; not so long as it has only just started. */
export function isListening({ listening }: Pick<State, "listening">): boolean {
  return listening !== undefined && listening.cause !== "starting";
}

/** A block of the current sequence by its digest. */
export function knownBlock(
  { blocks }: Pick<State, "blocks">,
  digest: Digest,
): KnownBlock | undefined {
  return blocks.find((known) => equalBytes(known.digest, digest));
}
