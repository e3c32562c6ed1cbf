import { releaseTree } from "@aethel/merkle";
import {
  annexOf,
  type Block,
  type BlockHeader,
  blockDigest,
  equalBytes,
  ledgerHeader,
  ModelsError,
  type StateTransition,
  type VerificationResult,
} from "@aethel/models";
import type { Judgement } from "../programs/judge-port.ts";
import type { Receipt } from "../results/receipt.ts";
import { type LedgerState, restoreClock } from "../state/ledger-state.ts";
import { beginBlock } from "./begin-block.ts";
import { type BlockDefect, describeBlockDefect } from "./block-defect.ts";
import { proofsIn } from "./block-proofs.ts";
import type { BlockExecution } from "./block-run.ts";
import type { ExecutionTools } from "./execution-tools.ts";
import { findLinkageDefect } from "./linkage.ts";
import { headerOf } from "./seal-block.ts";

/** Result of executing a block. */
export type ExecutedBlock =
  | {
      readonly type: "executed";
      readonly state: LedgerState;
      readonly transition: StateTransition;
      readonly results: readonly VerificationResult[];
      readonly receipts: readonly Receipt[];
    }
  | { readonly type: "invalid"; readonly defect: BlockDefect; readonly reason: string };

/**
 * Executes a block on a state, in this order: evidence, rewards for the parent, proofs, end of the
 * epoch. It is a pure function. `judgements[i]` is the judgement of the proof in `items[i]`,
 * undefined for invokes. The result is `executed` only if every field of the header equals the
 * value that the execution gives.
 */
export function executeBlock(
  state: LedgerState,
  block: Block,
  judgements: readonly (Judgement | undefined)[],
  tools: ExecutionTools,
): ExecutedBlock {
  const linkage = findLinkageDefect(state, block);
  if (linkage !== undefined) return invalid(linkage);
  return executeLinkedBlock(state, block, judgements, tools);
}

/** Executes a block in which `findLinkageDefect` found no defect for this state. */
export function executeLinkedBlock(
  state: LedgerState,
  block: Block,
  judgements: readonly (Judgement | undefined)[],
  tools: ExecutionTools,
): ExecutedBlock {
  const { header } = block;
  const read = proofsIn(block);
  if (read.type === "undecodable")
    return invalid({ code: "item", at: read.at, reason: read.reason });
  const { proofs } = read;
  const { proposer, timestamp: now, leadership } = header;
  const opening = { ...block, proposer, now };
  const begun = beginBlock(state, opening, tools);
  if (begun.type === "defect") return invalid(begun);
  begun.run.expect(proofs);
  for (const [at, proof] of proofs.entries()) {
    const refusal = begun.run.add(proof, judgements[at]);
    if (refusal !== undefined) return invalid({ code: "proof", at, refusal });
  }
  const execution = begun.run.finish();
  const annex = annexOf(proofs, execution.results);
  const expected = headerOf(state, { ...opening, proofs, annex, leadership }, execution, header);
  const field = findDifference(expected, header);
  if (field !== undefined) {
    if (execution.tree !== state.tree) releaseTree(execution.tree);
    return invalid({ code: "header", field });
  }
  return { type: "executed", ...stateAfter(state, expected, execution) };
}

/** Returns the state after a block that was executed. */
export function stateAfter(
  state: LedgerState,
  header: BlockHeader,
  execution: BlockExecution,
): Omit<Extract<ExecutedBlock, { readonly type: "executed" }>, "type"> {
  const { tree, nextSet, transition, results, receipts } = execution;
  return {
    state: {
      ...state,
      tree,
      header,
      digest: blockDigest(header),
      clock: restoreClock(tree),
      votingSet: nextSet,
      previousSet: state.votingSet,
    },
    transition,
    results,
    receipts,
  };
}

function findDifference(expected: BlockHeader, actual: BlockHeader): string | undefined {
  if (equalBytes(blockDigest(expected), blockDigest(actual))) return undefined;
  const field = differing(expected, actual);
  if (field !== "application") return field ?? "encoding";
  try {
    return differing(ledgerHeader(expected), ledgerHeader(actual)) ?? "encoding";
  } catch (error) {
    if (error instanceof ModelsError) return "application";
    throw error;
  }
}

function differing<T extends object>(expected: T, actual: T): (keyof T & string) | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of this very object
  const fields = Object.keys(expected) as (keyof T & string)[];
  return fields.find((field) => !isSame(expected[field], actual[field]));
}

function isSame(left: unknown, right: unknown): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return equalBytes(left, right);
  return left === right;
}

/** Creates the result for a block that has a defect. */
export function invalid(defect: BlockDefect): Extract<ExecutedBlock, { readonly type: "invalid" }> {
  return { type: "invalid", defect, reason: describeBlockDefect(defect) };
}
