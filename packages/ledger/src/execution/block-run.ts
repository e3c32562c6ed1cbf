import type { Tree } from "@aethel/merkle";
import {
  type AccountId,
  assert,
  ledgerHeader,
  type Proof,
  type Root,
  type Sequence,
  type StateTransition,
  type Timestamp,
  toAmount,
  toDifficulty,
  type ValidatorSet,
  type VerificationResult,
} from "@aethel/models";
import { emissionCap, mintingDifficulty } from "@aethel/rewards";
import { refuseLimits, refuseSignatures, sizedProof } from "../admission/admission.ts";
import { baseFeesOf, createLaneCount } from "../fees/base-fees.ts";
import { findConservationDefect } from "../history/conservation.ts";
import type { BlockRoom } from "../metering/block-room.ts";
import type { Judgement } from "../programs/judge-port.ts";
import type { Receipt } from "../results/receipt.ts";
import type { Refusal } from "../results/refusal.ts";
import { loadAccounts, openAccount } from "../state/accounts.ts";
import type { StateBounds } from "../state/bounds.ts";
import { spanTo } from "../state/clock.ts";
import { type LedgerState, supplyOf, totalSupply } from "../state/ledger-state.ts";
import { BaseFees, TREASURY } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { payTips } from "../validators/tips.ts";
import { createBlockBudget } from "./block-budget.ts";
import { executeProof } from "./execute-proof.ts";
import type { ExecutionTools } from "./execution-tools.ts";
import { expectedAccounts } from "./expected-accounts.ts";
import { turnEpoch } from "./turn-epoch.ts";
import type { WireRoom } from "./wire-room.ts";

/**
 * Result of executing a block: the state tree after the block, and everything to which the header
 * commits.
 */
export interface BlockExecution {
  readonly tree: Tree;
  readonly root: Root;
  readonly nextSet: ValidatorSet;
  readonly transition: StateTransition;
  readonly results: readonly VerificationResult[];
  readonly receipts: readonly Receipt[];
  readonly totalDifficulty: VerificationResult["difficulty"];
}

/** Execution of a block in progress. */
export interface BlockRun {
  /** Loads the accounts of proofs that will be added later, all in one read. Only saves time. */
  expect(proofs: readonly Proof[]): void;
  /** Capacity that is left in the block for proofs. */
  readonly room: BlockRoom;
  /**
   * Executes one more proof. Returns undefined if the proof is now in the block, whatever its
   * outcome. A refused proof changes nothing, and more proofs can be added after it.
   */
  add(proof: Proof, judgement: Judgement | undefined): Refusal | undefined;
  /**
   * Ends the epoch if the block is an epoch boundary, and returns the result. No proof can be added
   * afterwards.
   */
  finish(): BlockExecution;
}

interface Where {
  readonly sequence: Sequence;
  readonly now: Timestamp;
  readonly proposer: AccountId;
  readonly overlay: StateOverlay;
  readonly state: LedgerState;
  readonly bounds: StateBounds;
  /** Execution units that checking the parent's certificate and the evidence takes. */
  readonly opened: number;
}

export function createRun(
  where: Where & { readonly wire: WireRoom },
  tools: ExecutionTools,
): BlockRun {
  const { state, overlay } = where;
  const { parameters } = state;
  const treasury = openAccount(overlay, TREASURY);
  const results: VerificationResult[] = [];
  const receipts: Receipt[] = [];
  const budget = createBlockBudget(where, parameters);
  const { meter, room } = budget;
  const prices = {
    parameters,
    baseFees: baseFeesOf(state.tree),
    cap: emissionCap(spanTo(state.clock, where.now), parameters),
  };
  const lanes = createLaneCount(room.all);
  let isOpen = true;
  return {
    room,
    expect: (proofs) => loadAccounts(overlay, expectedAccounts(proofs)),
    add: (proof, judgement) => {
      assert(isOpen, "a finished block takes no proofs");
      const sized = sizedProof(proof);
      // Room first: nothing is verified, loaded or run for which the block has no units.
      const refused =
        refuseLimits(sized, state, prices.baseFees) ??
        budget.refuse(sized, judgement) ??
        refuseSignatures(sized, tools.checkProof);
      if (refused !== undefined) return refused;
      const { programs, verifySigned } = tools;
      const of = { programs, verifySigned, meter, prices, treasury, index: results.length };
      const executed = executeProof(sized, judgement, { ...where, ...of });
      if ("code" in executed) return executed;
      budget.take(sized, executed);
      lanes.add({ ...executed.taken, growth: executed.growth });
      results.push(executed.result);
      receipts.push(executed.receipt);
      return undefined;
    },
    finish: () => {
      assert(isOpen, "a block is finished once");
      isOpen = false;
      payTips(overlay, where.proposer, receipts);
      overlay.write(stateKey.baseFees, BaseFees, lanes.next(prices.baseFees, parameters));
      return close(where, results, receipts);
    },
  };
}

function close(
  where: Where,
  results: readonly VerificationResult[],
  receipts: readonly Receipt[],
): BlockExecution {
  const { overlay, sequence, state } = where;
  const nextSet = turnEpoch(where);
  const changes = overlay.changes();
  const tree = state.tree.update(changes.map(({ key, after }) => ({ key, value: after })));
  const { root } = tree;
  const [before, after] = [supplyOf(state.tree), supplyOf(tree)];
  const transition: StateTransition = {
    sequence,
    changes,
    rootBefore: ledgerHeader(state.header).stateRootAfter,
    rootAfter: root,
    supplyBefore: toAmount(totalSupply(before)),
    supplyAfter: toAmount(totalSupply(after)),
    minted: toAmount(after.minted - before.minted),
    burned: toAmount(after.burned - before.burned),
  };
  const defect = findConservationDefect(transition, state.parameters);
  assert(defect === undefined, `value is conserved (${defect?.rule})`);
  const difficulty = results.reduce(
    (sum, result) => sum + mintingDifficulty(result, state.parameters),
    0,
  );
  return {
    tree,
    root,
    nextSet,
    transition,
    results,
    receipts,
    totalDifficulty: toDifficulty(difficulty),
  };
}
