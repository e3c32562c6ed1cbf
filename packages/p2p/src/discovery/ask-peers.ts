import { P2pError } from "../errors.ts";
import type { DropReason } from "../events.ts";
import { exchangeFrames } from "../framing/exchange-frames.ts";
import type { PeerLimits } from "../limits.ts";
import type { Session } from "../peers/sessions.ts";
import type { DiscoveryLimits } from "./discovery-limits.ts";
import { PeersAnswer, PeersRequest } from "./exchange-messages.ts";
import { type OpenedRecord, openRecord, RECORD_BYTES_MAX } from "./peer-record.ts";

/**
 * Asks a peer for records of others. Returns those whose signatures hold. A record that does not is
 * the peer's fault, since it should have checked it. Returns undefined if there is no answer.
 */
export type AskPeers = (session: Session) => Promise<readonly OpenedRecord[] | undefined>;

/** Creates the side that asks. */
export function createAskPeers(options: {
  readonly protocol: string;
  /** Domain of the records' signatures. */
  readonly domain: string;
  readonly limits: DiscoveryLimits & Pick<PeerLimits, "requestTimeoutMs">;
  readonly fault: (session: Session, reason: DropReason) => void;
  /** Returns the signed record of this node. Empty if it has no address. */
  ownRecord(session: Session): Promise<Uint8Array>;
}): AskPeers {
  const { protocol, domain, limits, fault } = options;
  const bytesMax = 4 + limits.recordsMax * (RECORD_BYTES_MAX + 4);

  async function exchange(session: Session): Promise<Uint8Array> {
    const signal = AbortSignal.timeout(limits.requestTimeoutMs);
    const own = await options.ownRecord(session);
    const count = Math.min(limits.recordsMax, 255);
    return await exchangeFrames(session.connection, {
      protocol,
      frame: PeersRequest.encode({ count, own }),
      bytesMax,
      signal,
      runOnLimitedConnection: true,
    });
  }

  return async (session) => {
    let bytes: Uint8Array;
    try {
      bytes = await exchange(session);
    } catch (error) {
      if (error instanceof P2pError && error.fault.code === "OVERSIZE") fault(session, "oversize");
      return undefined;
    }
    const records = decode(bytes);
    if (records === undefined || records.length > limits.recordsMax) {
      fault(session, "malformed");
      return undefined;
    }
    const opened: OpenedRecord[] = [];
    for (const each of records) {
      const record = await openRecord(each, domain);
      if (record === undefined) {
        fault(session, "forged");
        return opened;
      }
      opened.push(record);
    }
    return opened;
  };
}

function decode(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    return PeersAnswer.decode(bytes).records;
  } catch {
    return undefined;
  }
}
