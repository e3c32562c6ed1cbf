import type { Tree } from "@aethel/merkle";
import {
  type AccountId,
  assert,
  ITEMS_MAX,
  ledgerHeader,
  type Proof,
  type Root,
  type Sequence,
  type StateTransition,
  signersOf,
  type Timestamp,
  toAmount,
  toDifficulty,
  type ValidatorSet,
  type VerificationResult,
} from "@aethel/models";
import { emissionCap, mintingDifficulty } from "@aethel/rewards";
import {
  refuseLimits,
  refuseSignatures,
  type SizedProof,
  sizedProof,
} from "../admission/admission.ts";
import { baseFeesOf, createLaneCount } from "../fees/base-fees.ts";
import { chargedUnits } from "../fees/units.ts";
import { findConservationDefect } from "../history/conservation.ts";
import { type BlockRoom, roomOf } from "../metering/block-room.ts";
import { growthOfSigners } from "../metering/growth.ts";
import { createMeter, type Load } from "../metering/meter.ts";
import { costOf } from "../metering/units.ts";
import type { Judgement } from "../programs/judge-port.ts";
import { callOf } from "../programs/sole-call.ts";
import type { Receipt } from "../results/receipt.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import { loadAccounts, openAccount } from "../state/accounts.ts";
import type { StateBounds } from "../state/bounds.ts";
import { spanTo } from "../state/clock.ts";
import { type LedgerState, supplyOf, totalSupply } from "../state/ledger-state.ts";
import { BaseFees, TREASURY } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { payTips } from "../validators/tips.ts";
import { executeProof } from "./execute-proof.ts";
import type { ExecutionTools } from "./execution-tools.ts";
import { expectedAccounts } from "./expected-accounts.ts";
import { turnEpoch } from "./turn-epoch.ts";
import type { WireRoom } from "./wire-room.ts";

/** Result of executing a block: the tree after it, and all that its header commits to. */
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
  /**
   * Loads the accounts of proofs that will be added, in one read. It saves time and has no other
   * effect.
   */
  expect(proofs: readonly Proof[]): void;
  /** Room that is left in the block for proofs. */
  readonly room: BlockRoom;
  /**
   * Executes one more proof. Returns undefined if it is in the block. A refused proof changes
   * nothing, and more proofs can be added.
   */
  add(proof: Proof, judgement: Judgement | undefined): Refusal | undefined;
  /**
   * Ends the epoch if the block is an epoch boundary, and closes the block. Nothing can be added
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
  /** Execution units that the parent's certificate and the evidence take. */
  readonly opened: number;
}

export function createRun(
  where: Where & { readonly wire: WireRoom },
  tools: ExecutionTools,
): BlockRun {
  const { state, overlay } = where;
  const treasury = openAccount(overlay, TREASURY);
  const results: VerificationResult[] = [];
  const receipts: Receipt[] = [];
  const { parameters } = state;
  const { blockUnitsMax: unitsMax, stateGrowthMax: growthMax } = parameters;
  const meter = createMeter({ unitsMax, growthMax, opened: where.opened });
  const all = roomOf(parameters, meter.left.units);
  const prices = {
    parameters,
    baseFees: baseFeesOf(state.tree),
    cap: emissionCap(spanTo(state.clock, where.now), parameters),
  };
  const lanes = createLaneCount(all);
  let { bytes: bytesLeft, judging: resourceLeft } = all;
  let isOpen = true;
  const room: BlockRoom = {
    all,
    left: () => ({
      bytes: Math.max(0, Math.min(bytesLeft, where.wire.left)),
      judging: resourceLeft,
      ...meter.left,
    }),
    isFirstCall: (program) => meter.isFirstCall(program),
  };
  return {
    room,
    expect: (proofs) => loadAccounts(overlay, expectedAccounts(proofs)),
    add: (proof, judgement) => {
      assert(isOpen, "a finished block takes no proofs");
      const sized = sizedProof(proof);
      // Room first: nothing is verified, loaded or run for which the block has no units.
      const limited = refuseLimits(sized, state, prices.baseFees);
      if (limited !== undefined) return limited;
      const onWire = { bytes: sized.bytes, kind: proof.body.type };
      if (results.length >= ITEMS_MAX || !where.wire.fits(onWire)) {
        return refusal("block-full", "the block has no room for another proof");
      }
      const claim = claimOf(sized, judgement);
      if (claim.bytes > bytesLeft || claim.resource > resourceLeft) {
        return refusal("block-full", "the block has no bytes or resource left for it");
      }
      if (!meter.fits(loadOf(sized))) {
        return refusal("block-full", "the block has no units or room in the state left for it");
      }
      const unsigned = refuseSignatures(sized, tools.checkProof);
      if (unsigned !== undefined) return unsigned;
      const of = { programs: tools.programs, meter, prices, treasury, index: results.length };
      const executed = executeProof(sized, judgement, { ...where, ...of });
      if ("code" in executed) return executed;
      meter.take(executed);
      lanes.add({ ...executed.taken, growth: executed.growth });
      if (proof.body.type === "invoke") meter.noteCall(callOf(proof.body).intent);
      where.wire.take(onWire);
      bytesLeft -= sized.bytes + executed.storedBytes;
      if (proof.body.type !== "invoke") resourceLeft -= executed.result.resource;
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

/**
 * Returns the most bytes and Judge's units that a proof may take of its block. The bytes include
 * its certificate, since every node stores it.
 */
function claimOf(
  { proof, bytes }: SizedProof,
  judgement: Judgement | undefined,
): { readonly bytes: number; readonly resource: number } {
  const { resourceLimit } = proof.body;
  if (proof.body.type === "invoke") return { bytes, resource: 0 };
  if (judgement?.type !== "judged") return { bytes, resource: resourceLimit };
  const resource = chargedUnits(judgement, resourceLimit);
  return { bytes: bytes + (judgement.certificate?.length ?? 0), resource };
}

/**
 * Returns the most execution units and growth of a proof, without loading its program, what a call
 * writes, and its record.
 */
function loadOf({ proof: { body }, bytes }: SizedProof): Load {
  return { units: costOf({ body, bytes }), growth: growthOfSigners(signersOf(body).length) };
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
