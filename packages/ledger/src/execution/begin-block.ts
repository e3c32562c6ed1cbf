import {
  type AccountId,
  type Evidence,
  indexOfValidator,
  type QuorumCertificate,
  type Timestamp,
  toSequence,
} from "@aethel/models";
import { noteMembers } from "../admission/signers.ts";
import { openingUnits } from "../metering/opening.ts";
import { type EvidenceRefusal, refuseEvidence } from "../slashing/evidence.ts";
import { createEvidenceRoom } from "../slashing/evidence-room.ts";
import { punish } from "../slashing/punish.ts";
import { STATE_BOUNDS } from "../state/bounds.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { createStateOverlay } from "../state/state-overlay.ts";
import {
  findParentCertificateDefect,
  type ParentCertificateDefect,
} from "../validators/parent-certificate.ts";
import { settleParent } from "../validators/settlement.ts";
import { type BlockRun, createRun } from "./block-run.ts";
import type { ExecutionTools } from "./execution-tools.ts";
import { createWireRoom } from "./wire-room.ts";

/** Part of a block that is executed before the block's proofs. */
export interface BlockOpening {
  /** Timestamp of the block. */
  readonly now: Timestamp;
  readonly proposer: AccountId;
  readonly evidence: readonly Evidence[];
  readonly parentCertificate: QuorumCertificate | undefined;
}

/**
 * Defect of the opening of a block: its proposer, parent certificate or evidence. `proposer`: the
 * proposer is not in the validator set that votes on the block. `at`: index of the piece of
 * evidence.
 */
export type OpeningDefect =
  | { readonly code: "proposer" }
  | { readonly code: "parent-certificate"; readonly defect: ParentCertificateDefect }
  | {
      readonly code: "evidence";
      readonly at: number;
      readonly defect: EvidenceRefusal | "no-room";
    };

/**
 * Begins a block: slashes for the offences that its evidence shows, then pays the rewards for the
 * parent. The caller can then add proofs to the returned run.
 */
export function beginBlock(
  state: LedgerState,
  opening: BlockOpening,
  tools: ExecutionTools,
):
  | { readonly type: "run"; readonly run: BlockRun }
  | ({ readonly type: "defect" } & OpeningDefect) {
  const sequence = toSequence(state.header.sequence + 1);
  const overlay = createStateOverlay(state.tree);
  const { bounds = STATE_BOUNDS } = tools;
  const opened = openingUnits(opening);
  const { now, proposer } = opening;
  const where = { sequence, now, proposer, overlay, state, bounds, opened: opened.all };
  if (indexOfValidator(state.votingSet, opening.proposer) === undefined)
    return { type: "defect", code: "proposer" };
  const room = createEvidenceRoom(bounds);
  for (const [at, item] of opening.evidence.entries()) {
    const defect = room.takes(item) ? refuseEvidence(item, where) : "no-room";
    if (defect !== undefined) return { type: "defect", code: "evidence", at, defect };
    punish(item, where);
  }
  const { parentCertificate } = opening;
  noteMembers(state.previousSet);
  const defect = findParentCertificateDefect(parentCertificate, state, tools.verifySigned);
  if (defect !== undefined) return { type: "defect", code: "parent-certificate", defect };
  if (parentCertificate !== undefined) settleParent(parentCertificate, opening.proposer, where);
  const wire = createWireRoom(opening, room.bytes());
  return { type: "run", run: createRun({ ...where, wire }, tools) };
}
