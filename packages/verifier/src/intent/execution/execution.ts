import type { Value } from "../../language/evaluate.ts";
import type { DeclaredAsset } from "../../language/syntax/assets.ts";
import type { FieldName } from "../../language/syntax/fields.ts";
import type { Span } from "../../obligation.ts";

/**
 * Arguments and state of a run. Accounts are opaque keys (hexadecimal in the ledger). Equal keys
 * mean the same account.
 */
export interface ExecutionInput {
  readonly arguments: ReadonlyMap<string, Value>;
  readonly sequence: bigint;
  /**
   * Timestamp of the block, in milliseconds of header time. May be missing, because no program can
   * read it yet.
   */
  readonly now?: bigint;
  /**
   * Returns the stored amount, in `0 .. 2^64-1`. It is called once for each account and field that
   * the run reaches. If `asset` is given, the amount is of that asset and `field` is `balance`.
   */
  readonly read: (account: string, field: FieldName, asset?: DeclaredAsset) => bigint;
  /**
   * Returns the supply of a declared asset. If this function is missing, an intent that reads or
   * writes a supply ends in a fault.
   */
  readonly supply?: (asset: DeclaredAsset) => bigint;
  /**
   * Greatest number of execution units that the run may take. Work beyond it is not begun. Default:
   * no limit.
   */
  readonly unitsMax?: number;
}

/** Stored amount that the run wrote, whether it changed or not. */
export interface FieldWrite {
  readonly account: string;
  readonly field: FieldName;
  /** Declared asset. Absent for the native asset. */
  readonly asset?: DeclaredAsset;
  readonly before: bigint;
  readonly after: bigint;
}

/**
 * Supply that an `issue` or `burn` intent wrote. The caller MUST check that the asset's issuer
 * signed.
 */
export interface SupplyWrite {
  readonly asset: DeclaredAsset;
  readonly before: bigint;
  readonly after: bigint;
}

/** Result of running an intent. `executionUnits` counts the work up to the end of the run. */
export type Execution =
  | {
      readonly type: "applied";
      readonly writes: readonly FieldWrite[];
      /** Supplies that were written, in the order of first stores. */
      readonly supplies: readonly SupplyWrite[];
      readonly executionUnits: number;
    }
  | {
      readonly type: "guard-false";
      readonly span: Span;
      /** Clause that was false, in canonical text. */
      readonly label: string;
      readonly executionUnits: number;
    }
  | {
      readonly type: "fault";
      readonly code: FaultCode;
      readonly span: Span;
      readonly message: string;
      readonly executionUnits: number;
    }
  | {
      /** Run whose next step would have exceeded `unitsMax`. `executionUnits` is `unitsMax`. */
      readonly type: "out-of-units";
      readonly executionUnits: number;
    };

/**
 * Reason of a fault. `arguments` and `state` are mistakes of the caller: wrong types, or a sequence
 * or stored amount out of range. The other two cannot happen if the intent is proved and the state
 * obeys the ledger's invariants.
 */
export type FaultCode = "arguments" | "state" | "division-by-zero" | "range";
