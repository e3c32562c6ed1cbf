import type { AccountId, Digest, Signer, SyncRequest, SyncResponse } from "@aethel/models";
import type { DropReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { Directory } from "../peers/directory.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import type { Routes } from "./routes.ts";

/** Parts of the transport that relayed requests use. */
export interface RelayOptions {
  readonly protocol: string;
  readonly genesis: Digest;
  readonly limits: PeerLimits;
  readonly sessions: Sessions;
  readonly directory: Directory;
  readonly routes: Routes;
  /** Returns this validator's id and the signer of its present key. Undefined on other nodes. */
  self(): { readonly id: AccountId; readonly signer: Signer } | undefined;
  readonly random: (bytes: number) => Uint8Array;
  readonly now: () => number;
  /** Answers a request. Undefined until a handler is attached. */
  answer(request: SyncRequest, from: AccountId): Promise<SyncResponse> | undefined;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
}
