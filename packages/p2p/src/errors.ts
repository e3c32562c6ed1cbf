import { AethelError } from "@aethel/models";

/** Errors that the transport throws at its caller. Violations by peers are events instead. */
export type P2pFault =
  /** An option that cannot work. */
  | { readonly code: "OPTION"; readonly option: string; readonly reason: string }
  /** No address could be opened for listening. */
  | { readonly code: "LISTEN"; readonly addresses: readonly string[]; readonly reason: string }
  /** The validator has no authenticated connection to this node. */
  | { readonly code: "UNREACHABLE"; readonly peer: string }
  /** As many requests as allowed already wait for this peer's answer. */
  | { readonly code: "BUSY"; readonly peer: string; readonly requestsMax: number }
  /** The peer closed the stream, or did not answer in time. */
  | { readonly code: "NO_ANSWER"; readonly peer: string; readonly reason: string }
  /** The peer's answer is not a valid answer to the request. */
  | { readonly code: "BAD_ANSWER"; readonly peer: string; readonly reason: string }
  /** A frame that was sent or received is larger than its bound. */
  | { readonly code: "OVERSIZE"; readonly bytes: number; readonly bytesMax: number }
  /** The stream ended before a whole frame had arrived. */
  | { readonly code: "CUT_OFF"; readonly reason: string }
  /** The transport was stopped, or a handler was attached twice. */
  | { readonly code: "STATE"; readonly reason: string };

/** The one error class of `@aethel/p2p`. */
export class P2pError extends AethelError<P2pFault> {
  override readonly name = "P2pError";
}
