import { short } from "../terminal/format.ts";
import type { Finding } from "./finding.ts";
import { isCatchingUp, isOutside, powerOf, reachedPower, share } from "./membership.ts";
import type { Situation } from "./situation.ts";

/** Most absent validators that one message names. */
const NAMES_MAX = 4;
/**
 * Hint that another node runs on a copy of this data directory, and so takes over this node's
 * connections.
 */
const TWIN =
  "if peers connect and leave again, a second node uses this network key: see " +
  "docs/operating/two-instances.md";

/**
 * Lists findings about connections: no peer is connected, or the connected validators are no
 * quorum.
 */
export function peerFindings(situation: Situation): readonly Finding[] {
  const { peers, members, quietMs, patienceMs } = situation;
  const others = members.filter(({ self }) => !self);
  if (others.length === 0) return [];
  if (peers === 0) {
    const message = `no peer is connected, and the set has ${others.length} other validators`;
    const next = `check the peers in config.json, this machine's network, and its firewall; ${TWIN}`;
    return [{ code: "no-peers", message, next }];
  }
  const total = powerOf(members);
  const here = reachedPower(members);
  // A quorum is more than two thirds.
  if (here * 3n > total * 2n) return [];
  // Gossip reaches further than connections: while blocks become final there is no fault.
  if (quietMs <= patienceMs) return [];
  // Members may reach one another without this node, and an old set may have left.
  if (isOutside(situation) || isCatchingUp(situation)) return [];
  const away = members.filter(({ connected }) => !connected);
  const names = away.slice(0, NAMES_MAX).map(({ id }) => short(id));
  const rest = away.length > NAMES_MAX ? ` and ${away.length - NAMES_MAX} more` : "";
  const needed = (total * 2n) / 3n + 1n;
  const message =
    `no quorum: this node is connected to ${share(here, total)} of the voting power and needs ` +
    `${share(needed, total)}; not connected: ${names.join(", ")}${rest}`;
  const next = `ask the operators of these validators; blocks go on once enough are connected; ${TWIN}`;
  return [{ code: "no-quorum", message, next }];
}
