import {
  assert,
  type Block,
  type ChainParameters,
  type Evidence,
  ledgerHeader,
  type Proof,
  toSequence,
} from "@aethel/models";
import { beginBlock } from "../execution/begin-block.ts";
import type { BlockRun } from "../execution/block-run.ts";
import { type ExecutedBlock, stateAfter } from "../execution/execute-block.ts";
import type { ExecutionTools } from "../execution/execution-tools.ts";
import { sealBlock } from "../execution/seal-block.ts";
import type { Mempool } from "../mempool/mempool.ts";
import { refuseEvidence } from "../slashing/evidence.ts";
import { createEvidenceRoom } from "../slashing/evidence-room.ts";
import { punish } from "../slashing/punish.ts";
import { STATE_BOUNDS, type StateBounds } from "../state/bounds.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { createStateOverlay } from "../state/state-overlay.ts";
import { canMove } from "../validators/change-set.ts";
import { hasDueRelease } from "../validators/unbonding.ts";
import type { BlockRequest } from "./application.ts";

/** Block that this node built as leader, with the result of its execution. */
export interface BuiltBlock {
  readonly block: Block;
  readonly executed: Extract<ExecutedBlock, { readonly type: "executed" }>;
}

/**
 * Builds a block from the proofs that the mempool serves. Returns undefined if the block would be
 * empty, unless the request is for a heartbeat, or the state or the mempool needs an empty block.
 */
export function buildBlock(
  state: LedgerState,
  mempool: Mempool,
  request: Omit<BlockRequest, "signal">,
  tools: ExecutionTools,
): BuiltBlock | undefined {
  assert(request.sequence === state.header.sequence + 1, "a leader builds on its head");
  const { proposer, parentCertificate, timestamp, leadership } = request;
  const evidence = admissibleEvidence(state, request, tools);
  const opening = { now: timestamp, proposer, parentCertificate, evidence };
  const begun = beginBlock(state, opening, tools);
  assert(begun.type === "run", `a leader's own block can begin (${describe(begun)})`);
  const proofs = fill(begun.run, mempool);
  const isEmpty = proofs.length === 0 && evidence.length === 0;
  const isDue = hasUnsettled(state, tools.bounds) || mempool.hasPriced();
  if (isEmpty && request.reason === "work" && !isDue) return undefined;
  const execution = begun.run.finish();
  const block = sealBlock(state, { ...opening, proofs, leadership }, execution);
  return {
    block,
    executed: { type: "executed", ...stateAfter(state, block.header, execution) },
  };
}

/**
 * Whether the state needs another block, even an empty one. It does if the reward of the head's
 * proofs is not minted yet, or if stake is due for release. It also does if changes of power wait
 * for an epoch boundary and heartbeats are too rare to reach it in time. Empty blocks settle all of
 * this, so a chain without new proofs soon makes no more blocks.
 */
export function hasUnsettled(state: LedgerState, bounds: StateBounds = STATE_BOUNDS): boolean {
  if (ledgerHeader(state.header).totalDifficulty > 0) return true;
  const overlay = createStateOverlay(state.tree);
  if (hasDueRelease(overlay, state.clock.boundary)) return true;
  return isHeartbeatRare(state.parameters) && canMove(overlay, state, bounds);
}

/**
 * Whether heartbeats are disabled or no more frequent than epoch boundaries. If so, an idle chain
 * with waiting changes of power makes empty blocks until the epoch boundary. If not, a heartbeat
 * reaches the boundary in time.
 */
function isHeartbeatRare({ heartbeatIntervalMs, epochMs }: ChainParameters): boolean {
  return heartbeatIntervalMs === 0 || heartbeatIntervalMs >= epochMs;
}

function fill(run: BlockRun, mempool: Mempool): readonly Proof[] {
  const proofs: Proof[] = [];
  const serving = mempool.serve(run.room);
  for (let offered = serving.next(); offered !== undefined; offered = serving.next()) {
    const refusal = run.add(offered.proof, offered.judgement);
    if (refusal === undefined) {
      proofs.push(offered.proof);
      serving.taken();
    } else {
      // What has no room in an empty block has none in any on this state.
      const isFull = refusal.code === "block-full" && proofs.length > 0;
      serving.skipped(isFull ? "full" : "refused", refusal.needs);
    }
  }
  return proofs;
}

/**
 * Selects the evidence that the block can include. Each selected piece convicts after those before
 * it, and fits into the block.
 */
function admissibleEvidence(
  state: LedgerState,
  { evidence, timestamp: now }: Pick<BlockRequest, "evidence" | "timestamp">,
  { bounds = STATE_BOUNDS }: ExecutionTools,
): readonly Evidence[] {
  const sequence = toSequence(state.header.sequence + 1);
  const where = { sequence, now, overlay: createStateOverlay(state.tree), state, bounds };
  const room = createEvidenceRoom(bounds);
  const admitted: Evidence[] = [];
  for (const item of evidence) {
    if (refuseEvidence(item, where) !== undefined || !room.takes(item)) continue;
    punish(item, where);
    admitted.push(item);
  }
  return admitted;
}

function describe(begun: ReturnType<typeof beginBlock>): string {
  return begun.type === "run" ? "it did" : begun.code;
}
