import type { VerifySigned } from "@aethel/models";
import {
  type ContractChanges,
  type ContractState,
  type FieldValue,
  type FieldWrite,
  runCall,
  type Span,
  type TypedContract,
  type TypedIntent,
} from "@aethel/verifier";
import type { ResultCode } from "../../results/result-code.ts";
import type { BlockContext } from "../../state/block-context.ts";
import type { PendingWrites } from "../pending-writes.ts";
import { type CallSummary, summaryOf } from "./call-summary.ts";
import { findChangeDefect } from "./change-defect.ts";
import { messageCheck } from "./message-check.ts";
import type { PendingContract, PendingContracts } from "./pending-contracts.ts";

/** Call of a contract that is ready to run, with arguments and signers that fit its intent. */
export interface PreparedContractCall {
  readonly contract: TypedContract;
  readonly intent: TypedIntent;
  /** Arguments by the names of their parameters. */
  readonly values: ReadonlyMap<string, FieldValue>;
}

/** Transaction in which a call of a contract runs. */
export interface CallContext {
  readonly block: BlockContext;
  /** Amounts of accounts and supplies, with the writes of the calls before this one. */
  readonly pending: PendingWrites;
  /** State of contracts, with the writes of the calls before this one. */
  readonly contracts: PendingContracts;
  /** Accounts that signed the transaction, each as its id in hexadecimal digits. */
  readonly signed: ReadonlySet<string>;
  /** Execution units that the call may take at most. */
  readonly unitsMax: number;
  /**
   * Verifies signatures of records. It MUST give the same results as `verifySigned`, the default.
   */
  readonly verifySigned?: VerifySigned | undefined;
}

/** Result of a call of a contract. `units`: execution units of the work up to its end. */
export type ContractCallResult =
  | { readonly type: "applied"; readonly units: number; readonly summary: CallSummary }
  | {
      readonly type: "stopped";
      readonly outcome: "guard-false" | "forbidden";
      readonly code: ResultCode;
      readonly detail: string;
      readonly units: number;
    }
  /** Run that needs more than `unitsMax`. */
  | { readonly type: "out-of-units"; readonly units: number };

/**
 * Runs a call of a contract on what the calls before it left, and adds its changes to the buffers.
 * If it stops, it adds nothing. `findChangeDefect` checks the changes again first.
 */
export function runContractCall(
  { contract, intent, values }: PreparedContractCall,
  context: CallContext,
): ContractCallResult {
  const { block, pending, contracts, signed, unitsMax, verifySigned } = context;
  const stored = contracts.of(contract);
  const state = stateOf(pending, stored);
  const result = runCall(contract, intent, {
    arguments: values,
    signers: signed,
    sequence: BigInt(block.sequence),
    // The parent's time was certified before anybody proposed this block.
    now: BigInt(Math.floor(block.state.clock.now / 1_000)),
    state,
    unitsMax,
    isSignature: messageCheck({
      chain: block.state.chain,
      contract: contract.digest,
      verify: verifySigned,
    }),
  });
  const { units } = result;
  switch (result.type) {
    case "out-of-units":
      return { type: "out-of-units", units };
    case "guard-false": {
      const detail = `the guard is false: ${textAt(contract, result.span)}`;
      return { type: "stopped", outcome: "guard-false", code: "guard-false", detail, units };
    }
    case "fault": {
      const { message: detail } = result;
      return { type: "stopped", outcome: "forbidden", code: "fault", detail, units };
    }
    case "applied":
      break;
  }
  const { changes } = result;
  const defect = findChangeDefect({ contract, intent, changes, signed, state });
  if (defect !== undefined) return { type: "stopped", outcome: "forbidden", ...defect, units };
  pending.add(writesOf(changes), changes.supplies);
  stored.add(changes);
  return { type: "applied", units, summary: summaryOf(contract, intent, changes) };
}

/** Returns the state that a call reads: the buffers of its transaction over the overlay. */
function stateOf(pending: PendingWrites, stored: PendingContract): ContractState {
  return {
    holding: (account, field, asset) =>
      pending.read({ account, field, ...(asset === undefined ? {} : { asset }) }),
    supply: (asset) => pending.supply(asset),
    vault: (asset) => stored.vault(asset),
    scalar: (name) => stored.scalar(name),
    cell: (map, keys) => stored.cell(map, keys),
  };
}

function writesOf({ holdings }: ContractChanges): readonly FieldWrite[] {
  return holdings.map(({ account, asset, before, after }): FieldWrite => {
    const write = { account, field: "balance", before, after } as const;
    return asset === undefined ? write : { ...write, asset };
  });
}

/** Returns the text of a guard, on one line. */
function textAt({ canonical }: TypedContract, { start, end }: Span): string {
  return canonical.slice(start.offset, end.offset).replaceAll(/\s+/g, " ");
}
