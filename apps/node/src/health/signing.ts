import { formatDuration, formatTokens } from "../terminal/format.ts";
import type { Finding } from "./finding.ts";
import { reachedPower, share } from "./membership.ts";
import type { ConsensusSituation, Situation, StakeRecord } from "./situation.ts";

/**
 * Milliseconds after which a listening validator reports that others have not answered. A connected
 * validator that does not itself listen answers much sooner.
 */
const LISTENING_PATIENCE_MS = 15_000;

/**
 * Lists findings about a validator that signs nothing: it listens, its signing log is ahead of its
 * blocks, or it is not in the set.
 */
export function signingFindings(situation: Situation): readonly Finding[] {
  const { role, head, consensus } = situation;
  if (role !== "validator" || consensus === undefined) return [];
  const { quiet, signsFrom } = consensus;
  switch (quiet) {
    case "listening":
      return [listeningFinding(situation, consensus)];
    case "log-ahead": {
      const message =
        `signing.log has votes up to sequence ${(signsFrom ?? 1) - 1}, and the database ends at ` +
        `${head.sequence}: this node signs again from sequence ${signsFrom ?? "?"} on`;
      const next = "wait: the missing blocks are fetched from peers";
      return [{ code: "log-ahead", message, next }];
    }
    case "key-not-in-set": {
      const message =
        "this validator is in the set with another consensus key than those that this node holds";
      const next =
        "put the key that `aethel validators` shows into keys/; during a rotation wait for the epoch " +
        "boundary";
      return [{ code: "key-not-in-set", message, next }];
    }
    case "not-in-set":
      return [{ code: "not-in-set", ...whyOutside(situation.record) }];
    default:
      return [];
  }
}

const OUTSIDE = "this validator is not in the current set: it follows the chain and signs nothing";

function whyOutside(record: StakeRecord | undefined): Omit<Finding, "code"> {
  if (record === undefined) {
    return {
      message: `${OUTSIDE}; this node knows of no stake of it`,
      next: "stake, see docs/operating/becoming-a-validator.md; after staking start the node again",
    };
  }
  const { status, stake, minimumStake } = record;
  if (status === "jailed") {
    return {
      message: `${OUTSIDE}; it is jailed for its absence`,
      next:
        "once this node has all blocks, unjail the validator by the intent `ask_back`: see " +
        "docs/operating/slashed.md",
    };
  }
  if (status === "ejected") {
    return {
      message: `${OUTSIDE}; it is ejected`,
      next:
        "make sure that no second instance runs, then run `aethel rotate-key`: see " +
        "docs/operating/slashed.md",
    };
  }
  if (stake < minimumStake) {
    const [own, least] = [formatTokens(stake), formatTokens(minimumStake)];
    return {
      message: `${OUTSIDE}; its stake is ${own} tokens, and the minimum is ${least}`,
      next: `stake ${formatTokens(minimumStake - stake)} tokens more; if the validator has left, stop the node`,
    };
  }
  return {
    message: `${OUTSIDE}; it waits for an epoch boundary`,
    next: "wait: the next epoch boundary takes it in, or a later one when many validators wait",
  };
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
      ? "a signature of this key is not in signing.log: another process uses the key, or the log is old"
      : "signing.log was lost";
  const listened = formatDuration(Math.max(0, nowMs - sinceMs));
  const since = `listening since ${new Date(sinceMs).toISOString()} (${listened}): ${why}`;
  const end =
    signsFrom === undefined
      ? `has signed heads of ${share(heardPower, totalPower)} of the voting power and needs more than ${share(neededPower, totalPower)}`
      : `heard of sequence ${highest ?? "?"} at most, and signs from sequence ${signsFrom} on`;
  // All that could answer are connected and were asked long ago.
  const isUnanswered =
    signsFrom === undefined &&
    reachedPower(members) > neededPower &&
    quietMs > LISTENING_PATIENCE_MS;
  const next = nextOfListening({ cause, possible, isUnanswered });
  return { code: "listening", message: `${since}; ${end}`, next };
}

function nextOfListening(about: {
  readonly cause: string;
  readonly possible: boolean;
  readonly isUnanswered: boolean;
}): string {
  const page = "see docs/operating/more-than-a-third-listens.md";
  if (!about.possible) {
    return `this validator has a third of the power or more, so the others have no quorum without it: ${page}`;
  }
  if (about.isUnanswered) {
    return (
      "connected validators do not answer: ask their operators whether they listen too (aethel status); " +
      `if too many listen for a quorum, ${page}`
    );
  }
  if (about.cause === "own-signature") {
    return "make sure that no other process or machine uses this key, or it will be slashed; then wait";
  }
  return "wait: it ends by itself when the others answer";
}
