import type { ResultCode } from "../results/result-code.ts";
import type { BoundedContext } from "../state/block-context.ts";
import type { PendingWrites } from "./pending-writes.ts";

/** Context in which the calls of one invoke run, one after the other. */
export interface CallContext {
  readonly block: BoundedContext;
  /** Writes of the invoke so far. A call reads through it what the calls before it wrote. */
  readonly pending: PendingWrites;
  /** Accounts that signed the invoke, each as its id in hexadecimal digits. */
  readonly signed: ReadonlySet<string>;
}

/**
 * Result of one call. A call that is `done` has added its writes to the pending ones. After any
 * other result the whole invoke fails and none of the pending writes is applied. `units`: execution
 * units that the call took.
 */
export type CallRun =
  | { readonly type: "done"; readonly units: number }
  | ({ readonly type: "stopped"; readonly units: number } & Stop)
  /** The call needs more units than it may take. */
  | { readonly type: "out-of-units" };

/** Reason for which a call, and with it the whole invoke, is not applied. */
export interface Stop {
  readonly outcome: "guard-false" | "forbidden";
  readonly code: ResultCode;
  readonly detail: string;
}
