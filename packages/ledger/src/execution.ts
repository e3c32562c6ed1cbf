import type { Tree } from "@aethel/merkle";
import {
  type AccountId,
  assert,
  type Evidence,
  indexOfValidator,
  PROOFS_MAX,
  type Proof,
  type QuorumCertificate,
  type Root,
  type Sequence,
  type StateTransition,
  type Timestamp,
  toAmount,
  toDifficulty,
  toSequence,
  type ValidatorSet,
  type VerificationResult,
  type VerifySigned,
} from "@aethel/models";
import { mintingDifficulty } from "@aethel/rewards";
import { loadAccounts, openAccount } from "./accounts.ts";
import { type CheckProof, refuseMalformed, type SizedProof, sizedProof } from "./admission.ts";
import { findConservationDefect } from "./conservation.ts";
import { createDraft, type Draft } from "./draft.ts";
import { turnEpoch } from "./epoch.ts";
import { executeProof } from "./execute-proof.ts";
import { expectedAccounts } from "./expected-accounts.ts";
import { chargedUnits } from "./fees.ts";
import type { Judgement } from "./ports.ts";
import type { Programs } from "./programs.ts";
import { type EvidenceRefusal, punish, refuseEvidence } from "./punish.ts";
import type { Receipt } from "./receipt.ts";
import { type Refusal, refusal } from "./refusal.ts";
import {
  findParentCertificateDefect,
  type ParentCertificateDefect,
  settleParent,
} from "./settlement.ts";
import { type LedgerState, supplyOf, totalSupply } from "./state.ts";
import { TREASURY } from "./state-layout.ts";

/** What execution needs beside state and block; pure, so that all replicas agree. */
export interface ExecutionTools {
  readonly programs: Programs;
  readonly checkProof: CheckProof;
  readonly verifySigned?: VerifySigned;
}

/** With what a block begins. */
export interface BlockOpening {
  /** Its timestamp. */
  readonly now: Timestamp;
  readonly proposer: AccountId;
  readonly evidence: readonly Evidence[];
  readonly parentCertificate: QuorumCertificate | undefined;
}

/** Why a block cannot even begin. */
export type OpeningDefect =
  | { readonly code: "proposer" }
  | { readonly code: "parent-certificate"; readonly defect: ParentCertificateDefect }
  | { readonly code: "evidence"; readonly at: number; readonly defect: EvidenceRefusal };

/** A block executed: the tree after it, and all that its header must commit to. */
export interface BlockExecution {
  readonly tree: Tree;
  readonly root: Root;
  readonly nextSet: ValidatorSet;
  readonly transition: StateTransition;
  readonly results: readonly VerificationResult[];
  readonly receipts: readonly Receipt[];
  readonly totalDifficulty: VerificationResult["difficulty"];
}

/** A block in the middle of its execution. */
export interface BlockRun {
  /**
   * Says which proofs are going to be added, so that their accounts are read in one go: that takes
   * less time, and makes no other difference.
   */
  expect(proofs: readonly Proof[]): void;
  /** Executes one more proof; refused, it has left no trace and the run goes on without it. */
  add(proof: Proof, judgement: Judgement | undefined): Refusal | undefined;
  /** Turns the epoch if it is due and closes. Nothing can be added afterwards. */
  finish(): BlockExecution;
}

/** Evidence first, then the rewards for the parent (DESIGN §5). Then proofs can be added. */
export function beginBlock(
  state: LedgerState,
  opening: BlockOpening,
  tools: ExecutionTools,
):
  | { readonly type: "run"; readonly run: BlockRun }
  | ({ readonly type: "defect" } & OpeningDefect) {
  const sequence = toSequence(state.header.sequence + 1);
  const draft = createDraft(state.tree);
  const where = { sequence, now: opening.now, draft, state };
  if (indexOfValidator(state.votingSet, opening.proposer) === undefined)
    return { type: "defect", code: "proposer" };
  for (const [at, item] of opening.evidence.entries()) {
    const defect = refuseEvidence(item, where);
    if (defect !== undefined) return { type: "defect", code: "evidence", at, defect };
    punish(item, where);
  }
  const { parentCertificate } = opening;
  const defect = findParentCertificateDefect(parentCertificate, state, tools.verifySigned);
  if (defect !== undefined) return { type: "defect", code: "parent-certificate", defect };
  if (parentCertificate !== undefined) settleParent(parentCertificate, opening.proposer, where);
  return { type: "run", run: createRun(where, tools) };
}

interface Where {
  readonly sequence: Sequence;
  readonly now: Timestamp;
  readonly draft: Draft;
  readonly state: LedgerState;
}

function createRun(where: Where, tools: ExecutionTools): BlockRun {
  const { state, draft } = where;
  const treasury = openAccount(draft, TREASURY);
  const results: VerificationResult[] = [];
  const receipts: Receipt[] = [];
  let bytesLeft = state.parameters.blockBytesMax;
  let resourceLeft: number = state.parameters.blockResourceMax;
  let isOpen = true;
  return {
    expect: (proofs) => loadAccounts(draft, expectedAccounts(proofs)),
    add: (proof, judgement) => {
      assert(isOpen, "a finished block takes no proofs");
      const sized = sizedProof(proof);
      const malformed = refuseMalformed(sized, state, tools.checkProof);
      if (malformed !== undefined) return malformed;
      if (results.length >= PROOFS_MAX) return refusal("block-full", "the block has no room");
      const claim = claimOf(sized, judgement);
      if (claim.bytes > bytesLeft || claim.resource > resourceLeft) {
        return refusal("block-full", "the block has no bytes or resource left for it");
      }
      const context = { ...where, programs: tools.programs, treasury, index: results.length };
      const executed = executeProof(sized, judgement, context);
      if ("code" in executed) return executed;
      bytesLeft -= sized.bytes + executed.storedBytes;
      resourceLeft -= executed.result.resource;
      results.push(executed.result);
      receipts.push(executed.receipt);
      return undefined;
    },
    finish: () => {
      assert(isOpen, "a block is finished once");
      isOpen = false;
      return close(where, results, receipts);
    },
  };
}

/** What a proof may take of its block at most; a certificate counts, since every node stores it. */
function claimOf(
  { proof, bytes }: SizedProof,
  judgement: Judgement | undefined,
): { readonly bytes: number; readonly resource: number } {
  const { resourceLimit } = proof.body;
  if (judgement?.type !== "judged") return { bytes, resource: resourceLimit };
  const resource = chargedUnits(judgement, resourceLimit);
  return { bytes: bytes + (judgement.certificate?.length ?? 0), resource };
}

function close(
  where: Where,
  results: readonly VerificationResult[],
  receipts: readonly Receipt[],
): BlockExecution {
  const { draft, sequence, state } = where;
  const nextSet = turnEpoch(where);
  const changes = draft.changes();
  const tree = state.tree.update(changes.map(({ key, after }) => ({ key, value: after })));
  const { root } = tree;
  const [before, after] = [supplyOf(state.tree), supplyOf(tree)];
  const transition: StateTransition = {
    sequence,
    changes,
    rootBefore: state.header.stateRootAfter,
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
