import {
  assert,
  EVIDENCE_MAX,
  type Evidence,
  type Proof,
  type ProofBlock,
  toSequence,
} from "@aethel/models";
import { noteMeasured } from "./admission.ts";
import type { BlockRequest } from "./application.ts";
import { createDraft } from "./draft.ts";
import { type ExecutedBlock, sealHeader, stateAfter } from "./execute-block.ts";
import { type BlockRun, beginBlock, type ExecutionTools } from "./execution.ts";
import type { Mempool } from "./mempool/mempool.ts";
import { punish, refuseEvidence } from "./punish.ts";
import { queueOf } from "./stake.ts";
import type { LedgerState } from "./state.ts";
import { stateKey } from "./state-layout.ts";

/** A block that this leader built, already executed. */
export interface BuiltBlock {
  readonly block: ProofBlock;
  readonly executed: Extract<ExecutedBlock, { readonly type: "executed" }>;
}

/**
 * Builds a block from what the mempool serves. `undefined` when nothing is to be done and the
 * request is not for a heartbeat.
 */
export function buildBlock(
  state: LedgerState,
  mempool: Mempool,
  request: Omit<BlockRequest, "signal">,
  tools: ExecutionTools,
): BuiltBlock | undefined {
  assert(request.sequence === state.header.sequence + 1, "a leader builds on its head");
  const { proposer, parentCertificate, timestamp, leadership } = request;
  const evidence = admissibleEvidence(state, request);
  const opening = { now: timestamp, proposer, parentCertificate, evidence };
  const begun = beginBlock(state, opening, tools);
  assert(begun.type === "run", `a leader's own block can begin (${describe(begun)})`);
  const proofs = fill(begun.run, mempool);
  const isEmpty = proofs.length === 0 && evidence.length === 0;
  if (isEmpty && request.reason === "work" && !hasUnsettled(state)) return undefined;
  const execution = begun.run.finish();
  const header = sealHeader(state, { ...opening, proofs, leadership }, execution);
  return {
    block: { header, proofs, evidence, parentCertificate },
    executed: { type: "executed", ...stateAfter(state, header, execution) },
  };
}

/**
 * Whether only a block can settle something: the head has minted nothing yet for its proofs, or
 * changes of power wait for a border. An empty block leaves nothing behind, so this ends.
 */
export function hasUnsettled(state: LedgerState): boolean {
  if (state.header.totalDifficulty > 0) return true;
  // A set with three units of power or less can never change; waiting for it would never end.
  if (state.votingSet.totalPower <= 3n) return false;
  return queueOf(createDraft(state.tree), stateKey.powerQueue).accounts.length > 0;
}

function fill(run: BlockRun, mempool: Mempool): readonly Proof[] {
  const proofs: Proof[] = [];
  const serving = mempool.serve();
  for (let offered = serving.next(); offered !== undefined; offered = serving.next()) {
    noteMeasured(offered);
    const refusal = run.add(offered.proof, offered.judgement);
    if (refusal === undefined) {
      proofs.push(offered.proof);
      serving.taken(offered.judgement?.resource ?? offered.proof.body.resourceLimit);
    } else {
      serving.skipped(refusal.code === "block-full" ? "full" : "refused");
    }
  }
  return proofs;
}

/** What of the evidence can be in the block, one after the other. */
function admissibleEvidence(
  state: LedgerState,
  { evidence, timestamp: now }: Pick<BlockRequest, "evidence" | "timestamp">,
): readonly Evidence[] {
  const sequence = toSequence(state.header.sequence + 1);
  const where = { sequence, now, draft: createDraft(state.tree), state };
  const admitted: Evidence[] = [];
  for (const item of evidence) {
    if (admitted.length >= EVIDENCE_MAX) break;
    if (refuseEvidence(item, where) !== undefined) continue;
    punish(item, where);
    admitted.push(item);
  }
  return admitted;
}

function describe(begun: ReturnType<typeof beginBlock>): string {
  return begun.type === "run" ? "it did" : begun.code;
}
