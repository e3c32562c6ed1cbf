import { hasherOf, hashListRoot, releaseTree } from "@aethel/merkle";
import {
  annexRoot,
  type Block,
  type BlockHeader,
  type BodyDefect,
  blockDigest,
  type Digest,
  equalBytes,
  evidenceRoot,
  findBodyDefect,
  LedgerHeader,
  ledgerHeader,
  ModelsError,
  type Proof,
  parentCertificateRoot,
  payloadRoot,
  proofItem,
  type StateTransition,
  type Timestamp,
  toSequence,
  toTimestamp,
  VerificationResult,
  WIRE_VERSION,
} from "@aethel/models";
import { annexOf } from "./annex.ts";
import { proofsIn } from "./block-proofs.ts";
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
  | { readonly code: "body"; readonly defect: BodyDefect }
  /** An item is no proof. */
  | { readonly code: "item"; readonly at: number; readonly reason: string }
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
 * order. A pure function; `judgements[i]` is what the Judge says of the proof in `items[i]`, undefined
 * for invokes. `executed` only when the header says exactly what execution gave.
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

/** `executeBlock` for a block in which `findLinkageDefect` found nothing on this state. */
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
  const expected = headerOf(state, { ...opening, annex, leadership }, execution, header);
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
export function findLinkageDefect(state: LedgerState, block: Block): BlockDefect | undefined {
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
  const defect = findBodyDefect(block);
  return defect === undefined ? undefined : { code: "body", defect };
}

/** With any duration on top, it is still a date. Consensus keeps far closer to the clock. */
const LATEST = 2 ** 52;

/** Commitments of a header to what a block is given, rather than to what its execution computes. */
type GivenRoots = Pick<BlockHeader, "payloadRoot" | "evidenceRoot" | "parentCertificateRoot">;

function givenRoots(body: Pick<Block, "items" | "evidence" | "parentCertificate">): GivenRoots {
  return {
    payloadRoot: payloadRoot(body.items),
    evidenceRoot: evidenceRoot(body.evidence),
    parentCertificateRoot: parentCertificateRoot(body.parentCertificate),
  };
}

/** The parent's timestamp plus the minimum block interval. */
export function earliestTimestamp(state: LedgerState): Timestamp {
  return toTimestamp(state.header.timestamp + state.parameters.minBlockIntervalMs);
}

/** What a leader puts into a block. Leadership is consensus' own: the ledger does not look into it. */
export interface BlockBody extends BlockOpening {
  readonly proofs: readonly Proof[];
  /** Default: the parent's. */
  readonly leadership?: Digest | undefined;
}

/** The block that commits to an execution of its body on a state. */
export function sealBlock(state: LedgerState, body: BlockBody, execution: BlockExecution): Block {
  const { proofs, evidence, parentCertificate } = body;
  const items = proofs.map(proofItem);
  const annex = annexOf(proofs, execution.results);
  const given = { items, annex, evidence, parentCertificate };
  const header = headerOf(state, { ...body, annex }, execution, givenRoots(given));
  return { version: WIRE_VERSION, header, ...given };
}

/** The header that commits to an execution; `roots` are those of the body. */
function headerOf(
  state: LedgerState,
  body: Pick<BlockBody, "now" | "proposer" | "leadership"> & Pick<Block, "annex">,
  execution: BlockExecution,
  roots: GivenRoots,
): BlockHeader {
  const { transition } = execution;
  const results = execution.results.map((result) => VerificationResult.encode(result));
  return {
    version: WIRE_VERSION,
    chain: state.chain,
    sequence: toSequence(state.header.sequence + 1),
    timestamp: body.now,
    parent: state.digest,
    payloadRoot: roots.payloadRoot,
    annexRoot: annexRoot(body.annex),
    evidenceRoot: roots.evidenceRoot,
    parentCertificateRoot: roots.parentCertificateRoot,
    validators: state.votingSet.hash,
    nextValidators: execution.nextSet.hash,
    leadership: body.leadership ?? state.header.leadership,
    proposer: body.proposer,
    application: LedgerHeader.encode({
      verificationRoot: hashListRoot(results, hasherOf(state.tree)),
      stateRootBefore: transition.rootBefore,
      stateRootAfter: transition.rootAfter,
      supplyBefore: transition.supplyBefore,
      supplyAfter: transition.supplyAfter,
      totalDifficulty: execution.totalDifficulty,
      judgeVersion: state.parameters.judge.version,
    }),
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
  const fields = Object.keys(expected) as (keyof T & string)[];
  return fields.find((field) => !isSame(expected[field], actual[field]));
}

function isSame(left: unknown, right: unknown): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return equalBytes(left, right);
  return left === right;
}

/** A block that has a defect, said in a line. */
export function invalid(defect: BlockDefect): Extract<ExecutedBlock, { readonly type: "invalid" }> {
  return { type: "invalid", defect, reason: describeBlockDefect(defect) };
}

/** A defect in one line, for logs and refusals. */
export function describeBlockDefect(defect: BlockDefect): string {
  switch (defect.code) {
    case "proof":
      return `proof ${defect.at}: ${defect.refusal.code}: ${defect.refusal.message}`;
    case "item":
      return `item ${defect.at} is no proof: ${defect.reason}`;
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
