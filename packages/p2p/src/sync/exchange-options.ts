import type { SyncRequest, SyncResponse } from "@aethel/models";
import type { DropReason, RefusalReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { ObserversBudget } from "../peers/peer-budget.ts";
import type { Session, Sessions } from "../peers/sessions.ts";

/** Parts of the transport that the exchange of requests and answers uses. */
export interface SyncExchangeOptions {
  readonly protocol: string;
  readonly limits: PeerLimits;
  readonly sessions: Sessions;
  readonly observers: ObserversBudget;
  /** Answers a request. Undefined until a handler is attached. */
  answer(request: SyncRequest, session: Session): Promise<SyncResponse> | undefined;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
  readonly refuse: (session: Session, reason: RefusalReason) => void;
}
