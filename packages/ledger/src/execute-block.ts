import { type Hasher, hasherOf, hashListRoot, releaseTree } from "@aethel/merkle";
import {
  type BlockHeader,
  blockDigest,
  type Digest,
  equalBytes,
  evidenceRoot,
  Proof,
  type ProofBlock,
  parentCertificateRoot,
  type StateTransition,
  type Timestamp,
  toSequence,
  toTimestamp,
  VerificationResult,
} from "@aethel/models";
import { noteSize } from "./admission.ts";
import {
  type BlockExecution,
  type BlockOpening,
  beginBlock,
  type ExecutionTools,
  type OpeningDefect,
} from "./execution.ts";
import type { Judgement } from "./ports.ts";
import type { Receipt } from "./receipt.ts";
import type { Refusal } from "./refusal.ts";
import { type LedgerState, restoreClock } from "./state.ts";

/** Why a block is not a next block of this chain. Every honest replica says the same. */
export type BlockDefect =
  | { readonly code: "chain" }
  | { readonly code: "sequence"; readonly expected: number; readonly actual: number }
  | { readonly code: "parent" }
  | {
      readonly code: "timestamp";
      readonly earliest: number;
      readonly latest: number;
      readonly actual: number;
    }
  | { readonly code: "body"; readonly defect: string }
  | OpeningDefect
  | { readonly code: "proof"; readonly at: number; readonly refusal: Refusal }
  /** A field of the header is not what execution gives. */
  | { readonly code: "header"; readonly field: string };

/** What executing a block came to. */
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
 * Executes a block on a state: evidence, rewards for the parent, proofs, epoch change, in this
 * order. A pure function; `judgements[i]` is what the Judge says of `proofs[i]`, undefined for
 * invokes. `executed` only when the header says exactly what execution gave.
 */
export function executeBlock(
  state: LedgerState,
  block: ProofBlock,
  judgements: readonly (Judgement | undefined)[],
  tools: ExecutionTools,
): ExecutedBlock {
  const linkage = findLinkageDefect(state, block);
  if (linkage !== undefined) return invalid(linkage);
  return executeLinkedBlock(state, block, judgements, tools);
}

/** `executeBlock` for a block in which `findLinkageDefect` found nothing on this state. */
export function executeLinkedBlock(
  state: LedgerState,
  block: ProofBlock,
  judgements: readonly (Judgement | undefined)[],
  tools: ExecutionTools,
): ExecutedBlock {
  const { header, proofs } = block;
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
  const body = { ...opening, proofs, leadership };
  const expected = sealHeader(state, body, execution, header);
  const field = findDifference(expected, header);
  if (field !== undefined) {
    if (execution.tree !== state.tree) releaseTree(execution.tree);
    return invalid({ code: "header", field });
  }
  return { type: "executed", ...stateAfter(state, expected, execution) };
}

/**
 * What can be said of a block without executing it: its place in the chain, and that the body is
 * the header's. Cheap, so it comes before any judging.
 */
export function findLinkageDefect(state: LedgerState, block: ProofBlock): BlockDefect | undefined {
  const { header } = block;
  if (!equalBytes(header.chain, state.chain)) return { code: "chain" };
  const expected = state.header.sequence + 1;
  if (header.sequence !== expected) {
    return { code: "sequence", expected, actual: header.sequence };
  }
  if (!equalBytes(header.parent, state.digest)) return { code: "parent" };
  const earliest = earliestTimestamp(state);
  if (header.timestamp < earliest || header.timestamp > LATEST) {
    return { code: "timestamp", earliest, latest: LATEST, actual: header.timestamp };
  }
  const defect = findBodyDefect(block, hasherOf(state.tree));
  return defect === undefined ? undefined : { code: "body", defect };
}

/** With any duration on top, it is still a date. Consensus keeps far closer to the clock. */
const LATEST = 2 ** 52;

/** The header's commitments to what is given rather than computed. */
type BodyRoots = Pick<BlockHeader, "proofsRoot" | "evidenceRoot" | "parentCertificateRoot">;

/** Encodes each proof once: its size and hash, which execution asks for, come from the same bytes. */
function bodyRoots(body: Omit<ProofBlock, "header">, hasher: Hasher): BodyRoots {
  const encodings = body.proofs.map((proof) => {
    const encoded = Proof.encode(proof);
    noteSize(proof, encoded);
    return encoded;
  });
  return {
    proofsRoot: hashListRoot(encodings, hasher),
    evidenceRoot: evidenceRoot(body.evidence),
    parentCertificateRoot: parentCertificateRoot(body.parentCertificate),
  };
}

function findBodyDefect(block: ProofBlock, hasher: Hasher): string | undefined {
  const { header } = block;
  const roots = bodyRoots(block, hasher);
  if (!equalBytes(header.proofsRoot, roots.proofsRoot)) return "proofs-root";
  if (!equalBytes(header.evidenceRoot, roots.evidenceRoot)) return "evidence-root";
  if (equalBytes(header.parentCertificateRoot, roots.parentCertificateRoot)) return undefined;
  return "parent-certificate-root";
}

/** The parent's timestamp plus the minimum block interval. */
export function earliestTimestamp(state: LedgerState): Timestamp {
  return toTimestamp(state.header.timestamp + state.parameters.minBlockIntervalMs);
}

/** Part of a block that the ledger is told. Leadership is consensus' own: it does not look into it. */
export interface SealedBody extends BlockOpening, Pick<ProofBlock, "proofs"> {
  /** Default: the parent's. */
  readonly leadership?: Digest | undefined;
}

/** The header that commits to an execution. `roots` are those of the body, where they are known. */
export function sealHeader(
  state: LedgerState,
  body: SealedBody,
  execution: BlockExecution,
  roots: BodyRoots = bodyRoots(body, hasherOf(state.tree)),
): BlockHeader {
  const { transition } = execution;
  const results = execution.results.map((result) => VerificationResult.encode(result));
  return {
    chain: state.chain,
    sequence: toSequence(state.header.sequence + 1),
    timestamp: body.now,
    parent: state.digest,
    proofsRoot: roots.proofsRoot,
    verificationRoot: hashListRoot(results, hasherOf(state.tree)),
    evidenceRoot: roots.evidenceRoot,
    parentCertificateRoot: roots.parentCertificateRoot,
    stateRootBefore: transition.rootBefore,
    stateRootAfter: transition.rootAfter,
    supplyBefore: transition.supplyBefore,
    supplyAfter: transition.supplyAfter,
    validators: state.votingSet.hash,
    nextValidators: execution.nextSet.hash,
    leadership: body.leadership ?? state.header.leadership,
    proposer: body.proposer,
    totalDifficulty: execution.totalDifficulty,
    judgeVersion: state.parameters.judge.version,
  };
}

/** The state after a block, with what the block did. */
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
  const fields = Object.keys(expected) as (keyof BlockHeader)[];
  return fields.find((field) => !isSame(expected[field], actual[field])) ?? "encoding";
}

function isSame(left: BlockHeader[keyof BlockHeader], right: typeof left): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return equalBytes(left, right);
  return left === right;
}

function invalid(defect: BlockDefect): ExecutedBlock {
  return { type: "invalid", defect, reason: describeBlockDefect(defect) };
}

/** A defect in one line, for logs and refusals. */
export function describeBlockDefect(defect: BlockDefect): string {
  switch (defect.code) {
    case "proof":
      return `proof ${defect.at}: ${defect.refusal.code}: ${defect.refusal.message}`;
    case "evidence":
      return `evidence ${defect.at}: ${defect.defect}`;
    case "parent-certificate":
      return `parent certificate: ${defect.defect}`;
    case "header":
      return `the header's ${defect.field} is not what execution gives`;
    case "body":
      return `the body does not fit the header: ${defect.defect}`;
    case "sequence":
      return `sequence ${defect.actual}, expected ${defect.expected}`;
    case "timestamp":
      return `timestamp ${defect.actual} is not in ${defect.earliest} .. ${defect.latest}`;
    case "chain":
    case "parent":
      return `another ${defect.code}`;
    case "proposer":
      return "the proposer is not in the validator set";
  }
}
