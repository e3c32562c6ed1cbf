import type { Connection } from "@libp2p/interface";
import type { PeerLimits } from "../limits.ts";
import type { Sessions } from "../peers/sessions.ts";

/**
 * Whether one more peer that is no validator may connect. A peer that this node dialed always may:
 * the operator named it, and it may be a validator whose new key this node does not know yet. So may
 * one that is trusted.
 */
export function hasRoom(
  connection: Connection,
  {
    sessions,
    limits,
  }: { readonly sessions: Sessions; readonly limits: Pick<PeerLimits, "observersMax"> },
): boolean {
  if (connection.direction === "outbound") return true;
  if (sessions.isTrusted(connection.remotePeer.toString())) return true;
  const guests = sessions
    .all()
    .filter((session) => session.connection.direction === "inbound" && sessions.isGuest(session));
  return guests.length < limits.observersMax;
}
