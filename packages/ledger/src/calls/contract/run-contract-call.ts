import { fromHex, toAccountId } from "@aethel/models";
import {
  type ContractChanges,
  type ContractState,
  type FieldWrite,
  runCall,
  type Span,
  type TypedContract,
} from "@aethel/verifier";
import { readAccount } from "../../state/accounts.ts";
import type { CallContext, CallRun } from "../call-run.ts";
import type { PendingWrites } from "../pending-writes.ts";
import type { PreparedContract } from "../prepare-calls.ts";
import { findChangeDefect } from "./change-defect.ts";
import { receiptOf } from "./contract-receipt.ts";
import { messageCheck } from "./message-check.ts";
import type { PendingContract } from "./pending-contracts.ts";

/**
 * Runs a call of a contract on what the calls before it left, and adds its changes to the buffers.
 * If it stops, it adds nothing. `findChangeDefect` checks the changes again first. `unitsMax`: most
 * execution units that the call may take.
 */
export function runContractCall(
  { program: { contract, intent }, values }: PreparedContract,
  { block, pending, contracts, signed, verifySigned }: CallContext,
  unitsMax: number,
): CallRun {
  const stored = contracts.of(contract);
  const state = stateOf(pending, stored);
  const { sequence, overlay } = block;
  const { chain, clock } = block.state;
  const result = runCall(contract, intent, {
    arguments: values,
    signers: signed,
    sequence: BigInt(sequence),
    // Timestamp of the parent, in seconds. A quorum certified it, so the proposer cannot choose it.
    now: BigInt(Math.floor(clock.now / 1_000)),
    state,
    unitsMax,
    isSignature: messageCheck({ chain, contract: contract.digest, verify: verifySigned }),
    isNewKey: (account) => readAccount(overlay, toAccountId(fromHex(account))).nonce === 0,
  });
  const { units } = result;
  switch (result.type) {
    case "out-of-units":
      return { type: "out-of-units" };
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
  return { type: "done", units, changes: receiptOf(contract, intent, changes) };
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
