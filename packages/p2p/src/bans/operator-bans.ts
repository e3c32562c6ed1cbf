import { isIP } from "node:net";
import type { Libp2p } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import type { OperatorBans } from "./ban.ts";
import type { Bans } from "./create-bans.ts";
import { hostOf } from "./host-of.ts";

/** Longest ban that an operator can order: ten years. */
const FOR_MS_MAX = 315_360_000_000;
/** Most characters of a reason. */
const REASON_MAX = 200;

/** Creates the bans as the operator sees and changes them. */
export function operatorBans({
  bans,
  libp2p,
}: {
  readonly bans: Bans;
  readonly libp2p: Pick<Libp2p, "getConnections">;
}): OperatorBans {
  return {
    list: bans.list,
    ban({ target, forMs, reason }) {
      if (isIP(target) === 0 && !/^[1-9A-HJ-NP-Za-km-z]{40,64}$/.test(target)) {
        throw wrong("target", `${target.slice(0, 80)} is neither a peer id nor an IP address`);
      }
      if (!Number.isSafeInteger(forMs) || forMs <= 0 || forMs > FOR_MS_MAX) {
        throw wrong("forMs", `${forMs} is not in 1 .. ${FOR_MS_MAX}`);
      }
      const ban = bans.order(target, reason.slice(0, REASON_MAX), forMs);
      for (const connection of libp2p.getConnections()) {
        const isTarget =
          connection.remotePeer.toString() === target || hostOf(connection.remoteAddr) === target;
        if (isTarget) connection.abort(new Error("banned by the operator"));
      }
      return ban;
    },
    unban: bans.lift,
  };
}

function wrong(option: string, reason: string): P2pError {
  return new P2pError({ code: "OPTION", option, reason });
}
