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

/** A block of the current sequence, and what this replica thinks of it. */
export interface KnownBlock {
  readonly digest: Digest;
  readonly block: Block;
  /** `postponed`: an abstention without a watchdog; tried again with the resend timer. */
  readonly verdict: "unchecked" | "accepted" | "refused" | "abstained" | "postponed";
  readonly reason: string;
  /**
   * Claim of the application that shows the header to be false; then a vote for this block is an
   * offence. Undefined if there is none.
   */
  readonly claim: Uint8Array | undefined;
  /** Whether the signing log holds it. */
  readonly durable: boolean;
}

/** The proposal of the current view that this replica accepted, at most one in each view. */
export interface AcceptedProposal {
  readonly proposal: Proposal;
  /**
   * False if a PREPARE certificate justifies it: then its timestamp and proposer are not checked.
   */
  readonly fresh: boolean;
  /** Whether the block's proposer and timestamp allow a vote; undefined until the block is here. */
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

/**
 * Messages of the next sequence, one of each type and validator, until this one is over. Who leads
 * then is not certain yet, so the proposal of each validator has a place of its own.
 */
export interface EarlyMessages {
  readonly prepares: Slots<ConsensusMessage>;
  readonly commits: Slots<ConsensusMessage>;
  readonly viewChanges: Slots<ConsensusMessage>;
  /** Proposals of view 0, by leader. Only that of the likely leader has its outline. */
  readonly proposals: Slots<EarlyProposal>;
  /** NewViews of the highest view that was proved, of each validator that may lead it: two. */
  readonly newViews: readonly EarlyNewView[];
}

/** Proposal of the next sequence. */
export type EarlyProposal = Extract<ConsensusMessage, { readonly type: "pre-prepare" }>;

/** NewView of the next sequence. */
export type EarlyNewView = Extract<ConsensusMessage, { readonly type: "new-view" }>;

/** Votes of a sequence that is over: voters may be rewarded for them, or convicted by them. */
export interface LateVotes {
  readonly prepare: VoteBook;
  readonly commit: VoteBook;
  /** Blocks that were neither accepted nor final: to vote for one may have been an offence. */
  readonly suspects: readonly KnownBlock[];
  readonly requests: Slots<SignedRequest>;
  readonly toldProposals: readonly Proposal[];
  /** View that this replica had reached at that sequence. */
  readonly view: View;
}

/** Vote with its phase. */
export interface CastVote extends Vote {
  readonly phase: Phase;
}

/** Block that the application searches for what shows its header to be false. */
export interface SuspectBlock {
  readonly digest: Digest;
  readonly block: Block;
  /** Set that votes on its sequence. */
  readonly set: ValidatorSet;
  /** Votes for it of a sequence before that of the head, whose other votes are forgotten. */
  readonly votes: readonly CastVote[];
}

/** Searches for false headers: the one that runs, and the known blocks that were searched. */
export interface ClaimSearches {
  readonly running: SuspectBlock | undefined;
  readonly done: readonly Digest[];
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
  /**
   * Digest of the proposed block whose outline came, was right, and is being completed: its items
   * are looked for until the block is here. A repeated outline adds nothing.
   */
  readonly outlined: Digest | undefined;
  readonly blocks: readonly KnownBlock[];
  readonly prepares: VoteBook;
  readonly commits: VoteBook;
  readonly viewChanges: ViewChangeBook;
  /**
   * Request of each validator that names the lowest prepared view: its COMMIT may show a hidden
   * lock.
   */
  readonly requests: Slots<SignedRequest>;
  /**
   * Accepted proposals of this view and earlier ones: another of the same view convicts the leader.
   */
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
  /**
   * Progress of listening; undefined if it does not listen. Nothing new is signed while it does.
   */
  readonly listening: Listening | undefined;
  /** Recent own statements; undefined if the own signatures in messages are not checked. */
  readonly own: OwnStatements | undefined;
  /** Validators that listen, and wait for blocks. */
  readonly listeners: Listeners;
  /** Whether the signing log takes nothing now, so that nothing is signed. */
  readonly suspended: boolean;
  /** Log entries of sequences beyond the head at the start; taken up at their sequences. */
  readonly kept: readonly SigningEntry[];
  readonly work: boolean;
  readonly heartbeatDue: boolean;
  readonly evidence: readonly PendingEvidence[];
  /** Offences that a final block holds or that the application declined; newest last. */
  readonly closedOffences: readonly ClosedOffence[];
  readonly early: EarlyMessages;
  /** Votes and proposals of the head's sequence, for messages that come after its block. */
  readonly late: LateVotes;
  readonly searches: ClaimSearches;
  /**
   * Last claim of a peer to have finalized a sequence, and who made it; undefined if there is none
   * now.
   */
  readonly ahead: { readonly sequence: Sequence; readonly peer: AccountId | undefined } | undefined;
  readonly measures: Measures;
}

/** Evidence that no final block holds yet. */
export interface PendingEvidence {
  readonly evidence: Evidence;
  /**
   * Whether it was in an own proposal, or its sender had another piece declined. It is no reason
   * for another block then.
   */
  readonly offered: boolean;
  /** Whether it was offered for the block that the application builds now. */
  readonly asked: boolean;
  /** Whether peers were told. */
  readonly shared: boolean;
  /** Validator that sent it; undefined if this replica has found it. */
  readonly from: AccountId | undefined;
}

/** Evidence of which nothing more is to be done. */
export interface ClosedOffence {
  /**
   * Key of the offence if a final block holds it; key of the piece if the application declined it.
   */
  readonly key: string;
  /**
   * Sender of a piece that was declined; undefined if this replica found it or a block holds it.
   */
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

/** Returns the early messages of a sequence that begins: none. */
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
 * Returns the own index if this replica may sign something new at the current sequence, else
 * undefined.
 */
export function signingIndex(state: State): ValidatorIndex | undefined {
  return state.suspended || state.listening !== undefined ? undefined : statingIndex(state);
}

/**
 * Returns the own index if this replica may repeat what it has signed at the current sequence, else
 * undefined.
 */
export function statingIndex(state: State): ValidatorIndex | undefined {
  const { stopped, holdsKey, sequence, floor, me } = state;
  const silent = stopped || isListening(state) || !holdsKey || sequence <= floor;
  return silent ? undefined : me;
}

/**
 * Whether this replica listens because it may have signed what it does not know. False at a start.
 */
export function isListening({ listening }: Pick<State, "listening">): boolean {
  return listening !== undefined && listening.cause !== "starting";
}

/** Returns a block of the current sequence by its digest; undefined if it is not here. */
export function knownBlock(
  { blocks }: Pick<State, "blocks">,
  digest: Digest,
): KnownBlock | undefined {
  return blocks.find((known) => equalBytes(known.digest, digest));
}
