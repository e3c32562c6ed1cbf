import { count } from "@aethel/terminal";
import { formatDuration } from "../terminal/format.ts";
import type { Finding } from "./finding.ts";
import { isBehind } from "./membership.ts";
import type { Situation } from "./situation.ts";

/** Least deviation of this machine's clock that is reported, in milliseconds. */
const CLOCK_MS = 1_000;
const COMPARE = "compare this machine's clock with a time server (chronyc tracking, timedatectl)";

/**
 * Lists findings about this machine's clock, and about a chain whose genesis time is in the future.
 */
export function clockFindings(situation: Situation): readonly Finding[] {
  const { nowMs, genesisMs, head, consensus, quietMs } = situation;
  if (genesisMs - nowMs > CLOCK_MS) {
    const until = new Date(genesisMs).toISOString();
    const message = `the chain begins in ${formatDuration(genesisMs - nowMs)}, at ${until}, by this machine's clock`;
    return [{ code: "clock", message, next: `wait; if that time is wrong, ${COMPARE}` }];
  }
  // Measured when the block came: since then the clock has gone on by the quiet time.
  const dated = head.sequence === 0 ? 0 : head.timestampMs - nowMs + quietMs;
  const ahead = Math.max(consensus?.headAheadMs ?? 0, dated);
  if (ahead > CLOCK_MS) {
    const message =
      `the last block was dated ${formatDuration(ahead)} ahead of this machine's clock when it came: ` +
      "this clock is behind by that, or the clocks of more than two thirds were ahead";
    return [{ code: "clock", message, next: COMPARE }];
  }
  return untimelyFindings(situation);
}

/**
 * Lists findings from proposals that this node refused because of their timestamp. One such
 * proposal shows nothing, because its leader's clock may be wrong. This node's clock is probably
 * wrong if a quorum accepted the timestamp, or if two or more such proposals came since the last
 * final block.
 */
function untimelyFindings(situation: Situation): readonly Finding[] {
  const { consensus, untimelyMs, untimelySinceFinal } = situation;
  if (consensus?.clockDoubted !== true && untimelySinceFinal < 2) return [];
  // A node that is behind receives proposals of long ago.
  if (untimelyMs.length === 0 || isBehind(situation)) return [];
  const late = untimelyMs.filter((difference) => difference < 0).length;
  const isAhead = late < untimelyMs.length - late;
  const sizes = untimelyMs.map(Math.abs).toSorted((left, right) => left - right);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const were = `${count(untimelyMs.length, "recent proposal")} ${untimelyMs.length === 1 ? "was" : "were"}`;
  const message =
    `${were} dated ${formatDuration(median)} ${isAhead ? "ahead of" : "behind"} this machine's clock, ` +
    `which is probably ${isAhead ? "behind" : "ahead"}`;
  return [{ code: "clock", message, next: COMPARE }];
}
