import type { VerifySigned } from "@aethel/models";
import type { CallReceipt } from "../results/call-receipt.ts";
import type { ResultCode } from "../results/result-code.ts";
import type { BoundedContext } from "../state/block-context.ts";
import type { PendingContracts } from "./contract/pending-contracts.ts";
import type { PendingWrites } from "./pending-writes.ts";

/** Context in which the calls of one invoke run, one after the other. */
export interface CallContext {
  readonly block: BoundedContext;
  /** Writes of the invoke so far. A call reads through it what the calls before it wrote. */
  readonly pending: PendingWrites;
  /** Writes of the invoke to the state of contracts so far. */
  readonly contracts: PendingContracts;
  /** Accounts that signed the invoke, each as its id in hexadecimal digits. */
  readonly signed: ReadonlySet<string>;
  /**
   * Verifies signatures of records. It MUST give the same results as `verifySigned`, the default.
   */
  readonly verifySigned?: VerifySigned | undefined;
}

/** Part of a call's receipt about the state of its contract. */
export type ContractReceipt = Pick<CallReceipt, "cells" | "vaults" | "events">;

/**
 * Result of one call. A call that is `done` has added its writes to the pending ones. After any
 * other result the whole invoke fails and none of the pending writes is applied. `units`: execution
 * units that the call took.
 */
export type CallRun =
  | { readonly type: "done"; readonly units: number; readonly changes?: ContractReceipt }
  | ({ readonly type: "stopped"; readonly units: number } & Stop)
  /** The call needs more units than it may take. */
  | { readonly type: "out-of-units" };

/** Reason for which a call, and with it the whole invoke, is not applied. */
export interface Stop {
  readonly outcome: "guard-false" | "forbidden";
  readonly code: ResultCode;
  readonly detail: string;
}
