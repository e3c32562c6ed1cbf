import { count, group } from "@aethel/terminal";
import { formatDuration, short } from "../terminal/format.ts";
import type { Finding } from "./finding.ts";
import { isBehind, isOutside, powerOf, reachedPower, share } from "./membership.ts";
import type { Situation } from "./situation.ts";

/**
 * Milliseconds after which missing headers of a checkpoint are reported. A peer that knows the
 * checkpoint's block sends a thousand headers at a time, and much sooner.
 */
const SEEKING_PATIENCE_MS = 15_000;
/** Milliseconds of fetching after which this node assumes that its peers have sent their heads. */
const HIGH_PATIENCE_MS = 5_000;

const CHECKPOINT =
  "ask the operator of a node that you trust to run `aethel checkpoint` there today, and start this node " +
  "once with --checkpoint and what it prints";
const JOINING = {
  "checkpoint-needed": {
    message:
      "this node is new or was away, and validators have left since: who has left the set could sign " +
      "another history, so certificates alone do not show which one is right",
    next: CHECKPOINT,
  },
  "history-forked": {
    message:
      "two blocks of one sequence have certificates: a third of the voting power or more signed both",
    next: `stop this node and talk to the other operators; then ${CHECKPOINT}`,
  },
  "checkpoint-contradicted": {
    message:
      "this node's head is not among the blocks before the checkpoint: one of the two is wrong",
    next:
      "ask another operator for a checkpoint; if the database is wrong, move it away and start the node " +
      "again",
  },
} as const;

/**
 * Lists findings about a node that joins, that is behind, or that sees no block although one is
 * due.
 */
export function progressFindings(situation: Situation): readonly Finding[] {
  const { consensus, head, nowMs, genesisMs } = situation;
  // Before genesis nothing of the chain is late.
  if (consensus === undefined || nowMs < genesisMs) return [];
  if (consensus.joining !== undefined) return [{ code: "joining", ...JOINING[consensus.joining] }];
  const seeking = seekingFinding(situation, Math.max(consensus.behind ?? 0, head.sequence));
  if (seeking !== undefined) return [seeking];
  if (isBehind(situation)) {
    const blocks = `this node has ${group(head.sequence)} blocks and peers have ${group(consensus.behind ?? 0)}`;
    const votes = isOutside(situation) ? "" : ", and votes when it has them";
    const next = `wait: it fetches the missing blocks${votes}`;
    return [{ code: "behind", message: `behind: ${blocks}`, next }];
  }
  return silence(situation);
}

function seekingFinding({ seeking, peers }: Situation, highest: number): Finding | undefined {
  if (seeking === undefined) return undefined;
  const { sequence, forMs } = seeking;
  if (peers > 0 && sequence > highest && forMs > HIGH_PATIENCE_MS) {
    const message = `the checkpoint ${sequence} is above the heads of all peers, of which the highest is ${highest}`;
    const next =
      "if the chain is that far, name a peer that has the block; otherwise compare the number with the " +
      "operator who gave the checkpoint";
    return { code: "joining", message, next };
  }
  if (forMs <= SEEKING_PATIENCE_MS) return undefined;
  const message = `no peer has sent the headers of the checkpoint ${sequence} for ${formatDuration(forMs)}`;
  const next =
    "compare its digest with the operator who gave it, and make sure that a peer of this node has the block";
  return { code: "joining", message, next };
}

function silence(situation: Situation): readonly Finding[] {
  const { consensus, head, hasWork, proofs, quietMs, patienceMs } = situation;
  if (consensus === undefined || !hasWork || quietMs <= patienceMs) return [];
  const { view, leader } = consensus;
  const who = leader === undefined ? "" : `, led by ${short(leader)}`;
  const why =
    proofs > 0
      ? `although ${count(proofs, "proof")} ${proofs === 1 ? "waits" : "wait"}`
      : "although an empty one is due";
  const message =
    `no block for ${formatDuration(quietMs)} ${why}; sequence ${head.sequence + 1} is in view ` +
    `${view}${who}${reachOf(situation)}`;
  const next = "run `aethel status` on the other validators: each names its own reasons";
  return [{ code: "no-progress", message, next }];
}

/** Returns the part of a message for nodes outside of the validator set; empty for members. */
function reachOf(situation: Situation): string {
  const { members } = situation;
  if (!isOutside(situation)) return "";
  const reached = share(reachedPower(members), powerOf(members));
  return `; this node has no vote, and is connected to ${reached} of the voting power`;
}
