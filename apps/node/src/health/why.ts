import { count, group } from "@aethel/terminal";
import { formatDuration, formatTokens, short } from "../terminal/format.ts";

/** One reason why nothing becomes final, or why this node takes no part, and what to do about it. */
export interface Finding {
  readonly code: FindingCode;
  /** The fact with its numbers, for people. */
  readonly message: string;
  readonly next: string;
}

/** Kinds of findings, the gravest first. */
export type FindingCode =
  | "stopped"
  | "disk"
  | "no-peers"
  | "no-quorum"
  | "clock"
  | "joining"
  | "listening"
  | "log-ahead"
  | "key-not-in-set"
  | "not-in-set"
  | "behind"
  | "no-progress";

/** Facts that a node knows of itself when it is asked why nothing becomes final. */
export interface Situation {
  readonly role: "validator" | "observer";
  /** By the machine's clock. */
  readonly nowMs: number;
  readonly genesisMs: number;
  readonly head: { readonly sequence: number; readonly timestampMs: number };
  /** Undefined until the replica runs. */
  readonly consensus: ConsensusSituation | undefined;
  /** Something waits to become final: proofs, or an empty block that is due on an idle chain. */
  readonly hasWork: boolean;
  /** Proofs that wait. */
  readonly proofs: number;
  /** Since the last block, or since the start, became final here; never by the wall clock. */
  readonly quietMs: number;
  /** Time that a round may take before its silence means something. */
  readonly patienceMs: number;
  /** Peers of all kinds. */
  readonly peers: number;
  /** Members of the set, and whether they are connected; this node counts as connected. */
  readonly members: readonly Member[];
  /** Proposals that this node's clock did not agree with lately: positive is dated ahead of it. */
  readonly untimelyMs: readonly number[];
  /** Number of them that came since a block became final. */
  readonly untimelySinceFinal: number;
  /** Record of this node's validator; undefined when it has never staked. */
  readonly record?: StakeRecord | undefined;
  /** The checkpoint whose headers are fetched, and for how long by now. */
  readonly seeking: { readonly sequence: number; readonly forMs: number } | undefined;
}

/** Record of a validator in the state, in the set or not. */
export interface StakeRecord {
  readonly status: "active" | "ejected" | "jailed" | "leaving";
  readonly stake: bigint;
  readonly minimumStake: bigint;
}

/** One validator of the set that votes now. */
export interface Member {
  readonly id: string;
  readonly power: bigint;
  readonly connected: boolean;
  readonly self: boolean;
}

/** Status of the replica. */
export interface ConsensusSituation {
  readonly view: number;
  readonly leader: string | undefined;
  readonly running: boolean;
  readonly quiet: string | undefined;
  readonly signsFrom: number | undefined;
  readonly behind: number | undefined;
  /** Why no further block is followed, if none is. */
  readonly joining: "checkpoint-needed" | "history-forked" | "checkpoint-contradicted" | undefined;
  readonly headAheadMs: number;
  /** This node refused for its date what a quorum accepted. */
  readonly clockDoubted: boolean;
  /** Why the disk takes nothing, if it does not. */
  readonly disk: string | undefined;
  readonly listening: ListeningSituation | undefined;
}

/** Progress of listening. */
export interface ListeningSituation {
  readonly cause: string;
  readonly sinceMs: number;
  readonly heardPower: bigint;
  /** Power that must be exceeded. */
  readonly neededPower: bigint;
  readonly totalPower: bigint;
  readonly highest: number | undefined;
  /** No quorum is left without those that listen too: an operator must name a sequence. */
  readonly possible: boolean;
}

/** A clock that differs by less is nobody's business. */
const CLOCK_MS = 1_000;
/** A quorum that is connected and listens not itself has answered long before. */
const LISTENING_PATIENCE_MS = 15_000;
/** Headers come by the thousand; who knows none after this knows not this block. */
const SEEKING_PATIENCE_MS = 15_000;
/** A checkpoint above all heads cannot come. */
const HIGH_PATIENCE_MS = 5_000;
/** Names of absent validators in one message. */
const NAMES_MAX = 4;
/** Another cause of lost connections: a copy of the directory takes them. */
const TWIN = "or a second node runs with this network key: see docs/operating/two-instances.md";

/** All reasons that hold, the gravest first; empty while there is nothing to say. */
export function whyNothingIsFinal(situation: Situation): readonly Finding[] {
  return [
    ...ofReplica(situation),
    ...ofPeers(situation),
    ...ofClock(situation),
    ...ofSigning(situation),
    ...ofProgress(situation),
  ];
}

function ofReplica({ consensus }: Situation): readonly Finding[] {
  if (consensus === undefined) return [];
  const { running, disk } = consensus;
  if (!running) {
    const next = "read the last lines of node.log, which say why, then start the node again";
    return [{ code: "stopped", message: "consensus has stopped for good", next }];
  }
  if (disk === undefined) return [];
  const message = `this node signs nothing, since its disk takes nothing: ${disk}`;
  const next = "make room, or mend the disk; the node tries each second and goes on by itself";
  return [{ code: "disk", message, next }];
}

function ofPeers(situation: Situation): readonly Finding[] {
  const { peers, members } = situation;
  const others = members.filter(({ self }) => !self);
  if (others.length === 0) return [];
  if (peers === 0) {
    const message = `no peer is connected, and ${others.length} other validators are in the set`;
    const next = `check the peers in config.json, this machine's network, and its firewall; ${TWIN}`;
    return [{ code: "no-peers", message, next }];
  }
  const total = sum(members);
  const here = sum(members.filter(({ connected }) => connected));
  // A quorum is more than two thirds.
  if (here * 3n > total * 2n) return [];
  // Gossip reaches further than connections: as long as blocks come there is nothing to say.
  const { quietMs, patienceMs } = situation;
  if (quietMs <= patienceMs) return [];
  // The members may reach one another; and those of an old set may have left, or have other keys.
  if (isOutside(situation) || isCatchingUp(situation)) return [];
  const away = members.filter(({ connected }) => !connected);
  const names = away.slice(0, NAMES_MAX).map(({ id }) => short(id));
  const rest = away.length > NAMES_MAX ? ` and ${away.length - NAMES_MAX} more` : "";
  const needed = (total * 2n) / 3n + 1n;
  const message =
    `no quorum: this node reaches ${share(here, total)} of the power, and ` +
    `${share(needed, total)} is needed; not connected: ${names.join(", ")}${rest}`;
  const next = `ask their operators; it goes on by itself as soon as enough are back; ${TWIN}`;
  return [{ code: "no-quorum", message, next }];
}

/** Whether this node is no member of the set, so that its connections carry nobody's votes. */
function isOutside({ members }: Situation): boolean {
  return !members.some(({ self }) => self);
}

/** Whether the set that this node knows may be one of long ago. */
function isCatchingUp(situation: Situation): boolean {
  const { seeking, consensus } = situation;
  return seeking !== undefined || consensus?.joining !== undefined || isBehind(situation);
}

function ofClock(situation: Situation): readonly Finding[] {
  const { nowMs, genesisMs, head, consensus, untimelyMs, quietMs } = situation;
  const next = "compare this machine's clock with a time server (chronyc tracking, timedatectl)";
  if (genesisMs - nowMs > CLOCK_MS) {
    const until = new Date(genesisMs).toISOString();
    const message = `the chain begins in ${formatDuration(genesisMs - nowMs)}, at ${until}, by this machine's clock`;
    return [{ code: "clock", message, next: `wait; or, if that is wrong, ${next}` }];
  }
  // Measured when the block came: since then this clock has gone on, however wrong it is.
  const dated = head.sequence === 0 ? 0 : head.timestampMs - nowMs + quietMs;
  const ahead = Math.max(consensus?.headAheadMs ?? 0, dated);
  if (ahead > CLOCK_MS) {
    const message =
      `when the last block came it was dated ${formatDuration(ahead)} in this machine's future: its ` +
      "clock is behind by that, or those of more than two thirds were ahead";
    return [{ code: "clock", message, next }];
  }
  // One leader may date as it likes; a quorum that agrees, or several in a row, speak of this clock.
  if (consensus?.clockDoubted !== true && situation.untimelySinceFinal < 2) return [];
  if (untimelyMs.length === 0) return [];
  // Who is behind is told of proposals of long ago.
  if (isBehind(situation)) return [];
  const late = untimelyMs.filter((difference) => difference < 0).length;
  const isAhead = late < untimelyMs.length - late;
  const sizes = untimelyMs.map(Math.abs).toSorted((left, right) => left - right);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const side = isAhead ? "ahead of" : "behind";
  const own = isAhead ? "behind" : "ahead";
  const message =
    `${count(untimelyMs.length, "proposal")} of late ${untimelyMs.length === 1 ? "was" : "were"} dated ${formatDuration(median)} ${side} this ` +
    `machine's clock, which is probably ${own}`;
  return [{ code: "clock", message, next }];
}

function ofSigning(situation: Situation): readonly Finding[] {
  const { role, head, consensus } = situation;
  if (role === "observer" || consensus === undefined) return [];
  const { quiet, signsFrom, listening } = consensus;
  switch (quiet) {
    case "listening":
      return [listeningFinding(situation, { listening, signsFrom })];
    case "log-ahead": {
      const message =
        `the signing log knows of votes up to sequence ${(signsFrom ?? 1) - 1}, and the database ends at ` +
        `${head.sequence}: this node signs again from ${signsFrom ?? "there"} on`;
      const next = "wait: the missing blocks are fetched from peers";
      return [{ code: "log-ahead", message, next }];
    }
    case "key-not-in-set": {
      const message = "this node is in the set, but with another consensus key than those it holds";
      const next =
        "put the key that `aethel validators` shows into keys/, or wait for the border if you rotate";
      return [{ code: "key-not-in-set", message, next }];
    }
    case "not-in-set": {
      const message =
        "this validator is not in the set that votes now: it follows and signs nothing";
      return [{ code: "not-in-set", ...whyOutside(situation.record, message) }];
    }
    default:
      return [];
  }
}

function whyOutside(
  record: StakeRecord | undefined,
  fact: string,
): { readonly message: string; readonly next: string } {
  if (record === undefined) {
    const next =
      "stake, see docs/operating/becoming-a-validator.md; who has staked starts the node again";
    return { message: `${fact}; it has no stake that this node knows of`, next };
  }
  const { status, stake, minimumStake } = record;
  if (status === "jailed") {
    const next = "when it follows the head submit `ask_back`, see docs/operating/slashed.md";
    return { message: `${fact}; it is jailed for its absence`, next };
  }
  if (status === "ejected") {
    const next = "`aethel rotate-key`, once no second instance runs: see docs/operating/slashed.md";
    return { message: `${fact}; it is ejected`, next };
  }
  if (stake < minimumStake) {
    const missing = formatTokens(minimumStake - stake);
    const message = `${fact}; its stake is ${formatTokens(stake)}, and ${formatTokens(minimumStake)} is the least`;
    return { message, next: `stake ${missing} more, or stop it if the validator has left` };
  }
  const next = "wait: an epoch border takes it in, or one after it when many wait";
  return { message: `${fact}; it waits for the border of an epoch`, next };
}

function listeningFinding(
  { nowMs, quietMs, members }: Situation,
  { listening, signsFrom }: Pick<ConsensusSituation, "listening" | "signsFrom">,
): Finding {
  if (listening === undefined) {
    return { code: "listening", message: "this node listens before it signs", next: "wait" };
  }
  const { cause, sinceMs, heardPower, neededPower, totalPower, possible, highest } = listening;
  const why =
    cause === "own-signature"
      ? "somebody signed with this key what the signing log does not hold"
      : "the signing log was lost";
  const since = `listening since ${new Date(sinceMs).toISOString()} (${formatDuration(Math.max(0, nowMs - sinceMs))}): ${why}`;
  const end =
    signsFrom === undefined
      ? `waits for signed heads of more than ${share(neededPower, totalPower)} of the power and has ${share(heardPower, totalPower)}`
      : `heard up to sequence ${highest ?? "?"} and signs from ${signsFrom} on`;
  const reached = sum(members.filter(({ connected }) => connected));
  // All that could answer are there and have been asked for long.
  const isUnanswered =
    signsFrom === undefined && reached > neededPower && quietMs > LISTENING_PATIENCE_MS;
  const page = "see docs/operating/more-than-a-third-listens.md";
  const alone = `this validator has a third of the power or more, and the others cannot go on without it: ${page}`;
  const silent =
    "some are connected and do not answer: ask their operators whether they listen too (aethel status); " +
    `if too many listen for a quorum, ${page}`;
  const other =
    "make sure that no other process or machine uses this key, or it will be slashed; then wait";
  const wait = "wait; it ends by itself when the others answer";
  const patient = cause === "own-signature" ? other : wait;
  const next = !possible ? alone : isUnanswered ? silent : patient;
  return { code: "listening", message: `${since}; ${end}`, next };
}

const CHECKPOINT =
  "ask the operator of a node that you trust for what `aethel checkpoint` prints there today, and " +
  "start once with --checkpoint";
const JOINING = {
  "checkpoint-needed": {
    message:
      "this node was away, or is new, and validators have left since: who has left could sign " +
      "another history, so certificates alone do not tell which is the right one",
    next: CHECKPOINT,
  },
  "history-forked": {
    message: "two blocks of one sequence are certified: a third of the power has signed both",
    next: `stop here and talk to the other operators; then ${CHECKPOINT}`,
  },
  "checkpoint-contradicted": {
    message: "the own head is not among the blocks before the checkpoint: one of the two is wrong",
    next: "ask another operator for a checkpoint; if it is the database, move it away and start again",
  },
} as const;

function ofProgress(situation: Situation): readonly Finding[] {
  const { consensus, head, hasWork, quietMs, patienceMs, nowMs, genesisMs } = situation;
  // Before its time nothing of the chain is late.
  if (consensus === undefined || nowMs < genesisMs) return [];
  const { behind = 0, view, leader, joining } = consensus;
  if (joining !== undefined) return [{ code: "joining", ...JOINING[joining] }];
  const { seeking } = situation;
  const highest = Math.max(behind, head.sequence);
  const isHigh = seeking !== undefined && situation.peers > 0 && seeking.sequence > highest;
  if (isHigh && seeking.forMs > HIGH_PATIENCE_MS) {
    const message = `the checkpoint ${seeking.sequence} is above the head of all peers, of which the highest is at ${highest}`;
    const next =
      "if the chain is that far by now, name a peer that has it; else compare the numbers with the " +
      "operator who gave the checkpoint";
    return [{ code: "joining", message, next }];
  }
  if (seeking !== undefined && seeking.forMs > SEEKING_PATIENCE_MS) {
    const message = `no peer has told the headers of the checkpoint ${seeking.sequence} for ${formatDuration(seeking.forMs)}`;
    const next =
      "compare its digest with the operator who gave it, and see that a peer of this node has that block";
    return [{ code: "joining", message, next }];
  }
  if (isBehind(situation)) {
    const message = `this node is behind: it has ${group(head.sequence)} blocks and peers have ${group(behind)}`;
    const votes = isOutside(situation) ? "" : ", and votes when it is there";
    return [{ code: "behind", message, next: `wait: it fetches them${votes}` }];
  }
  if (!hasWork || quietMs <= patienceMs) return [];
  const who = leader === undefined ? "" : `, led by ${short(leader)}`;
  const why = situation.proofs > 0 ? "though proofs wait" : "though an empty one is due by now";
  const message =
    `no block for ${formatDuration(quietMs)} ${why}; sequence ${head.sequence + 1} is in view ` +
    `${view}${who}${reachOf(situation)}`;
  const next = "look at the findings of the other validators: each node says its own reasons";
  return [{ code: "no-progress", message, next }];
}

/** Findings of a node outside of the set. */
function reachOf(situation: Situation): string {
  const { members } = situation;
  if (!isOutside(situation)) return "";
  const reached = sum(members.filter(({ connected }) => connected));
  return `; this node votes on nothing, and reaches ${share(reached, sum(members))} of the power`;
}

/** By more than the block that is in hand. */
function isBehind({ consensus, head }: Situation): boolean {
  return (consensus?.behind ?? 0) > head.sequence + 1;
}

function sum(members: readonly Member[]): bigint {
  return members.reduce((total, { power }) => total + power, 0n);
}

/** As `62.5 %`; never rounded up to what is not reached. */
function share(part: bigint, total: bigint): string {
  return total === 0n ? "0 %" : `${Number((part * 1_000n) / total) / 10} %`;
}
