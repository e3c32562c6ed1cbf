import {
  type BlockOpening,
  type BlockRun,
  beginBlock,
  createPrograms,
  earliestTimestamp,
  isBoundary,
  type Judged,
  type LedgerState,
  sealBlock,
} from "@aethel/ledger";
import { Block, type Evidence, type QuorumCertificate, toHex } from "@aethel/models";
import type { Person } from "../chain.ts";
import { equivocationOf, lieOf } from "./accusations.ts";
import { actionOffers } from "./actions.ts";
import { callOffers, ENOUGH } from "./calls.ts";
import { publicationOffers, theoremOffers } from "./claims.ts";
import { contractOffers } from "./contract-offers.ts";
import type { Offer, Offers } from "./offers.ts";
import type { Recipe } from "./recipe.ts";
import { certificateOf, nextBoundary, type Setting, withEntries } from "./setting.ts";
import { withWaiting } from "./waiting.ts";

/** Contents of a block. */
export interface Composition {
  readonly calls: number;
  readonly publications: number;
  readonly theorems: number;
  readonly actions: number;
  /** Transactions of calls of contracts. */
  readonly contracts: number;
  readonly evidence: number;
  /** Signatures of the parent's certificate. */
  readonly votes: number;
  /** Proofs of any kind that changed more than nonces and fees. */
  readonly applied: number;
  /** 1 if the block ends an epoch. */
  readonly boundaries: number;
  /** Keys of the state that the block changes. */
  readonly changes: number;
  readonly bytes: number;
  /** Execution units that the block took of its limit. */
  readonly units: number;
  /** Micro-tokens charged. */
  readonly fees: bigint;
}

/** A full block of one recipe, the state that it is executed on, and what the Judge says. */
export interface Prepared {
  readonly state: LedgerState;
  readonly bytes: Uint8Array;
  readonly judgements: readonly Judged[];
  readonly composition: Composition;
}

/**
 * Fills a block with what a recipe says, and the rest of it with calls. Undefined if none of the
 * recipe's proofs runs.
 */
export function prepareBlock(setting: Setting, recipe: Recipe): Prepared | undefined {
  const { on, actors } = setting;
  const base = baseOf(setting, recipe);
  const about = { state: base, members: actors, count: recipe.actions, action: recipe.action };
  const groups = [
    publicationOffers(on, recipe),
    theoremOffers(on, recipe),
    actionOffers(on, about),
    contractOffers(on, recipe, contractLimit(setting, recipe)),
    callOffers(on, recipe, { limit: limitOf(setting, recipe) }),
  ];
  const entries = groups.flatMap((group) => group.entries);
  const state = withEntries(base, entries);
  const evidence = evidenceOf(setting, state, recipe);
  const certificate = certificateOf(state, peopleOf(setting));
  return fill(setting, { state, recipe, evidence, certificate, groups });
}

/** Units that a run of the recipe's calls takes, found out by running some. */
function limitOf({ on, first }: Setting, recipe: Recipe): number {
  if (recipe.limit === "one") return 1;
  const { offers, entries } = callOffers(on, recipe, { limit: ENOUGH, authors: 2 });
  const state = withEntries(first, entries);
  const { run } = begin(state, {
    now: earliestTimestamp(state),
    proposer: on.validator.id,
    evidence: [],
    parentCertificate: undefined,
  });
  take(run, offers);
  const used = run.finish().results.map(({ resource }) => resource);
  return Math.max(1, ...used);
}

/** Units that a transaction of the recipe's contract calls takes, found out by running one. */
function contractLimit({ on, first }: Setting, recipe: Recipe): number {
  if (recipe.contracts === 0) return 1;
  const { blockUnitsMax, proofResourceMax } = first.parameters;
  // A call may reserve a quarter of a block, with its signature and bytes.
  const most = Math.min(proofResourceMax, blockUnitsMax / 4);
  const one = { ...recipe, contracts: 1, instances: 1 };
  const { offers, entries } = contractOffers(on, one, Math.floor(most * 0.9));
  const state = withEntries(first, entries);
  const about = { now: earliestTimestamp(state), proposer: on.validator.id, evidence: [] };
  const { run } = begin(state, { ...about, parentCertificate: undefined });
  take(run, offers);
  const [receipt] = run.finish().receipts;
  if (receipt?.outcome === "applied") return receipt.resource;
  throw new Error(`a call of the bench is not applied: ${JSON.stringify(receipt?.errorCode)}`);
}

function baseOf({ first, later, waiting }: Setting, recipe: Recipe): LedgerState {
  const base = recipe.isCertified ? later : first;
  if (recipe.waiting === 0) return base;
  return withWaiting(base, waiting, { count: recipe.waiting, turn: recipe.turn });
}

const people = new WeakMap<Setting, ReadonlyMap<string, Person>>();

function peopleOf(setting: Setting): ReadonlyMap<string, Person> {
  const known = people.get(setting);
  if (known !== undefined) return known;
  const { on } = setting;
  const all = new Map([on.validator, ...on.members].map((who) => [toHex(who.id), who]));
  people.set(setting, all);
  return all;
}

function evidenceOf(
  { on, accused }: Setting,
  state: LedgerState,
  { equivocations, falsehoods, lie }: Recipe,
): readonly Evidence[] {
  return [
    ...accused.slice(0, equivocations).map((who) => equivocationOf(on, state, who)),
    ...accused
      .slice(equivocations, equivocations + falsehoods)
      .map((who) => lieOf(on, state, { who, kind: lie })),
  ];
}

/** The leader's work: what is refused for want of room is left out. */
function fill(
  { on }: Setting,
  draft: {
    readonly state: LedgerState;
    readonly recipe: Recipe;
    readonly evidence: readonly Evidence[];
    readonly certificate: QuorumCertificate | undefined;
    readonly groups: readonly Offers[];
  },
): Prepared | undefined {
  const { state, recipe, certificate, groups } = draft;
  const now = recipe.waiting > 0 ? nextBoundary(state) : earliestTimestamp(state);
  const about = { now, proposer: on.validator.id, parentCertificate: certificate };
  const { opening, run } = begin(state, { ...about, evidence: draft.evidence });
  const taken = groups.map(({ offers }) => take(run, offers));
  const accepted = taken.flat();
  if (accepted.length === 0) return undefined;
  const units = state.parameters.blockUnitsMax - run.room.left().units;
  const execution = run.finish();
  const proofs = accepted.map(({ proof }) => proof);
  const bytes = Block.encode(sealBlock(state, { ...opening, proofs }, execution));
  const counts = taken.map((some) => some.length);
  const [publications = 0, theorems = 0, actions = 0, contracts = 0, calls = 0] = counts;
  const isEnd = isBoundary({ ...state.clock, parent: state.clock.now, now }, state.parameters);
  const composition = {
    calls,
    publications,
    theorems,
    actions,
    contracts,
    bytes: bytes.length,
    units,
    evidence: opening.evidence.length,
    votes: certificate?.signers.filter(Boolean).length ?? 0,
    applied: execution.receipts.filter(({ outcome }) => outcome === "applied").length,
    boundaries: isEnd ? 1 : 0,
    changes: execution.transition.changes.length,
    fees: execution.receipts.reduce((sum, { fee }) => sum + fee, 0n),
  };
  const judgements = accepted.flatMap(({ judged }) => (judged === undefined ? [] : [judged]));
  return { state, bytes, judgements, composition };
}

/** Begins a block with as much of the evidence as a block has room for. */
function begin(
  state: LedgerState,
  opening: BlockOpening,
): { readonly opening: BlockOpening; readonly run: BlockRun } {
  const tools = {
    programs: createPrograms(),
    checkProof: () => undefined,
    verifySigned: () => true,
  };
  const begun = beginBlock(state, opening, tools);
  if (begun.type === "run") return { opening, run: begun.run };
  const isFull = begun.code === "evidence" && begun.defect === "no-room";
  if (!isFull) throw new Error(JSON.stringify(begun));
  return begin(state, { ...opening, evidence: opening.evidence.slice(0, begun.at) });
}

/** Adds proofs until a few of them found no room, and returns those that are in the block. */
function take(run: BlockRun, offers: readonly Offer[]): readonly Offer[] {
  const accepted: Offer[] = [];
  let full = 0;
  for (const offer of offers) {
    const refusal = run.add(offer.proof, offer.judged);
    if (refusal === undefined) accepted.push(offer);
    else if (refusal.code === "block-full" || full > 0) full += 1;
    else throw new Error(`${refusal.code}: ${refusal.message}`);
    if (full > 3) break;
  }
  return accepted;
}
