import {
  type AccountId,
  type Block,
  type Commit,
  type ConsensusMessage,
  type Digest,
  type Evidence,
  equalBytes,
  indexOfValidator,
  type Phase,
  type Prepare,
  type Proposal,
  type QuorumCertificate,
  type Sequence,
  toSequence,
  toView,
  type ValidatorIndex,
  type ValidatorSet,
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
import { emptyVoteBook, type Vote, type VoteBook } from "./books/vote-book.ts";
import type { Config } from "./config.ts";
import { holdsKeyOf } from "./own-key.ts";
import type { ApplicationHead } from "./ports.ts";
import type { SignedDigest, SigningEntry } from "./record.ts";

/** Block of the current sequence, and this replica's verdict on it. */
export interface KnownBlock {
  readonly digest: Digest;
  readonly block: Block;
  /**
   * `abstained`: the application abstained under a time limit. `postponed`: it abstained without
   * one, and is asked again when the resend timer fires.
   */
  readonly verdict: "unchecked" | "accepted" | "refused" | "abstained" | "postponed";
  readonly reason: string;
  /**
   * Bytes by which the application shows the header to be false. A vote for this block is then an
   * offence. Undefined if no such bytes are known.
   */
  readonly claim: Uint8Array | undefined;
  /** Whether the signing log has the block. */
  readonly durable: boolean;
}

/** Proposal of the current view that this replica accepted. There is at most one in each view. */
export interface AcceptedProposal {
  readonly proposal: Proposal;
  /**
   * Whether the proposal is of a new block. If it is not, a PREPARE certificate justifies it, and
   * its timestamp and proposer are not checked.
   */
  readonly fresh: boolean;
  /**
   * Whether the block's proposer and timestamp allow a vote. Undefined until this replica has the
   * block.
   */
  readonly votable: boolean | undefined;
}

/**
 * Last statements that this replica signed at the current sequence. It must never contradict them.
 */
export interface OwnSigned {
  readonly proposal: SignedDigest | undefined;
  readonly prepare: SignedDigest | undefined;
  readonly commit: SignedDigest | undefined;
}

/** Last signed messages of this replica at the current sequence, kept to be sent again. */
export interface OwnMessages {
  readonly proposal: ConsensusMessage | undefined;
  readonly prepare: Prepare | undefined;
  readonly commit: Commit | undefined;
  readonly viewChange: ViewChange | undefined;
}

/**
 * Messages of the next sequence that came early, at most one of each type and validator. They are
 * kept until the current sequence is over. The next leader is not certain yet, so one proposal of
 * each validator is kept.
 */
export interface EarlyMessages {
  readonly prepares: Slots<ConsensusMessage>;
  readonly commits: Slots<ConsensusMessage>;
  readonly viewChanges: Slots<ConsensusMessage>;
  /** Proposals of view 0, by leader. Only the likely leader's proposal has its outline. */
  readonly proposals: Slots<EarlyProposal>;
  /**
   * NewViews of the highest view for which a NewView was proved: at most one of each of the two
   * validators that may lead that view.
   */
  readonly newViews: readonly EarlyNewView[];
}

/** Proposal of the next sequence. */
export type EarlyProposal = Extract<ConsensusMessage, { readonly type: "pre-prepare" }>;

/** NewView of the next sequence. */
export type EarlyNewView = Extract<ConsensusMessage, { readonly type: "new-view" }>;

/** Votes of a sequence that is over. Their voters may be rewarded for them or convicted by them. */
export interface LateVotes {
  readonly prepare: VoteBook;
  readonly commit: VoteBook;
  /**
   * Blocks that were neither accepted nor final, so that a vote for one may have been an offence.
   */
  readonly suspects: readonly KnownBlock[];
  readonly requests: Slots<readonly SignedRequest[]>;
  readonly toldProposals: readonly Proposal[];
  /** View that this replica had reached at the sequence of these votes. */
  readonly view: View;
}

/** Vote with its phase. */
export interface CastVote extends Vote {
  readonly phase: Phase;
}

/** Block that the application is searching for proof that its header is false. */
export interface SuspectBlock {
  readonly digest: Digest;
  readonly block: Block;
  /** Set that votes on the block's sequence. */
  readonly set: ValidatorSet;
  /**
   * Votes for the block if its sequence is lower than the head's. All other votes of that sequence
   * are forgotten.
   */
  readonly votes: readonly CastVote[];
}

/** Searches for false headers: the running one, and the blocks that were searched. */
export interface ClaimSearches {
  readonly running: SuspectBlock | undefined;
  readonly done: readonly Digest[];
}

/** State of the current sequence, which is dropped when the sequence is over. */
export interface Round {
  readonly view: View;
  /**
   * `active`: this replica votes in `view`. `changing`: it has requested `view` and waits for the
   * NewView. `committing`: the application is applying the final block.
   */
  readonly phase: "active" | "changing" | "committing";
  readonly proposal: AcceptedProposal | undefined;
  /**
   * Digest of the proposed block whose outline (hashes in place of items) arrived and was right.
   * Its items are being fetched until this replica has the block. A repeated outline adds nothing.
   */
  readonly outlined: Digest | undefined;
  readonly blocks: readonly KnownBlock[];
  readonly prepares: VoteBook;
  readonly commits: VoteBook;
  readonly viewChanges: ViewChangeBook;
  /**
   * Requests of each validator with which a COMMIT of it may show that it hid a lock. Of two that
   * convict in the same cases one is kept.
   */
  readonly requests: Slots<readonly SignedRequest[]>;
  /**
   * Accepted proposals of this view and earlier ones. A different proposal of the same view
   * convicts the leader.
   */
  readonly toldProposals: readonly Proposal[];
  /**
   * Known PREPARE certificate of the highest view, whoever made it. It is never forgotten (B1, B4).
   * Undefined if there is none.
   */
  readonly prepared: QuorumCertificate | undefined;
  readonly committed: QuorumCertificate | undefined;
  /** Final block that the application is applying. Undefined if it applies none. */
  readonly committing: Block | undefined;
  readonly signed: OwnSigned;
  readonly sent: OwnMessages;
  readonly validating: Digest | undefined;
  /** View for which the application is building a block. Undefined if it builds none. */
  readonly proposing: View | undefined;
  readonly viewTimerRuns: boolean;
  /**
   * Elapsed time at which the certificate in `prepared` became known, for measuring commit rounds.
   * Undefined if there is none.
   */
  readonly preparedAt: number | undefined;
  readonly pace: RoundPace;
}

/**
 * Whole state of a replica. It is plain data, so it can be copied, compared, printed and replayed.
 */
export interface State extends Round {
  readonly head: ApplicationHead;
  /** Current sequence: the head's plus one. */
  readonly sequence: Sequence;
  /**
   * Index of this replica in the set of the current sequence. Undefined: it follows without voting.
   */
  readonly me: ValidatorIndex | undefined;
  readonly stopped: boolean;
  /** Highest sequence at which nothing may be signed any more; 0 if there is no such bound. */
  readonly floor: Sequence;
  /** Whether this replica has the key that the current set names for it. */
  readonly holdsKey: boolean;
  /**
   * Progress of listening, during which nothing new is signed. Undefined if the replica does not
   * listen.
   */
  readonly listening: Listening | undefined;
  /**
   * Recent statements of this replica. Undefined if messages are not searched for unknown
   * signatures of it.
   */
  readonly own: OwnStatements | undefined;
  /** Validators that listen (follow without signing) and are granted blocks. */
  readonly listeners: Listeners;
  /** Whether the signing log fails now, so that nothing is signed. */
  readonly suspended: boolean;
  /**
   * Log entries of sequences that were above the head when this replica started. Each is restored
   * when its sequence is reached.
   */
  readonly kept: readonly SigningEntry[];
  readonly work: boolean;
  readonly heartbeatDue: boolean;
  readonly evidence: readonly PendingEvidence[];
  /** Offences that a final block includes or that the application declined, the newest last. */
  readonly closedOffences: readonly ClosedOffence[];
  readonly early: EarlyMessages;
  /**
   * Votes and proposals of the head's sequence, for messages that come after its block is final.
   */
  readonly late: LateVotes;
  readonly searches: ClaimSearches;
  /**
   * Last claim of a peer to have finalized a sequence, and that peer. Undefined if there is none
   * now.
   */
  readonly ahead: { readonly sequence: Sequence; readonly peer: AccountId | undefined } | undefined;
  readonly measures: Measures;
}

/** Evidence that no final block includes yet. */
export interface PendingEvidence {
  readonly evidence: Evidence;
  /**
   * Whether this evidence is no reason to make another block. It is none if a block of this replica
   * included it, or if the application declined other evidence of its sender.
   */
  readonly offered: boolean;
  /** Whether this evidence was passed to the application for the block that is being built. */
  readonly asked: boolean;
  /** Whether this evidence was sent to peers. */
  readonly shared: boolean;
  /** Validator that sent this evidence. Undefined if this replica has found it. */
  readonly from: AccountId | undefined;
}

/** Evidence for which nothing more is to be done. */
export interface ClosedOffence {
  /**
   * Identity of the offence if a final block includes it. Identity of the piece of evidence if the
   * application declined it.
   */
  readonly key: string;
  /** Sender of a declined piece. Undefined if this replica found it or a block includes it. */
  readonly by: AccountId | undefined;
}

/** Returns the state at the beginning of a sequence. */
export function emptyRound(): Round {
  return {
    view: toView(0),
    phase: "active",
    proposal: undefined,
    outlined: undefined,
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

/** Returns an empty set of early messages. */
export function noEarlyMessages(): EarlyMessages {
  return {
    prepares: emptySlots(),
    commits: emptySlots(),
    viewChanges: emptySlots(),
    proposals: emptySlots(),
    newViews: [],
  };
}

/** Returns the state of a replica on top of `head` that has signed nothing yet. */
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
      suspects: [],
      requests: emptySlots(),
      toldProposals: [],
      view: toView(0),
    },
    searches: { running: undefined, done: [] },
    ahead: undefined,
    measures: noMeasures(),
  };
}

/**
 * Returns this replica's index if it may sign something new at the current sequence. Undefined if
 * it may not.
 */
export function signingIndex(state: State): ValidatorIndex | undefined {
  return state.suspended || state.listening !== undefined ? undefined : statingIndex(state);
}

/**
 * Returns this replica's index if it may send what it has signed at the current sequence again.
 * Undefined if it may not.
 */
export function statingIndex(state: State): ValidatorIndex | undefined {
  const { stopped, holdsKey, sequence, floor, me } = state;
  const silent = stopped || isListening(state) || !holdsKey || sequence <= floor;
  return silent ? undefined : me;
}

/**
 * Whether this replica listens because its key may have signed messages that it does not know.
 * False for a replica that listens only because it has just started.
 */
export function isListening({ listening }: Pick<State, "listening">): boolean {
  return listening !== undefined && listening.cause !== "starting";
}

/**
 * Returns a block of the current sequence by its digest; undefined if this replica does not have
 * it.
 */
export function knownBlock(
  { blocks }: Pick<State, "blocks">,
  digest: Digest,
): KnownBlock | undefined {
  return blocks.find((known) => equalBytes(known.digest, digest));
}
