import { Account, type Receipt, stateKey, TREASURY } from "@aethel/ledger";
import {
  type AccountId,
  type Block,
  type Digest,
  type Evidence,
  equalBytes,
  type Genesis,
  offenceSequence,
  type StateTransition,
  toHex,
} from "@aethel/models";
import type { Checker } from "../checker.ts";
import { type Convict, partOf, raisesAt } from "./correlation.ts";
import {
  allHeld,
  copyHeld,
  countOffence,
  describeHeld,
  type Held,
  heldAfter,
  heldAtGenesis,
  moveStake,
  movesIn,
  releaseAt,
  takeStake,
} from "./held-stake.ts";
import { createNamedSets, type NamedSets } from "./named-sets.ts";
import { type Cost, findWrongRecord, findWrongStatus } from "./records.ts";

/** A block with its receipts and its changes to the state of a ledger. */
export interface SlashedBlock {
  readonly block: Block;
  readonly receipts: readonly Receipt[];
  readonly transition: StateTransition;
}

/** Facts about the chain that the slashing checker needs. */
export interface SlashingOptions {
  /** Ids of the honest nodes. */
  readonly honest: readonly AccountId[];
  readonly genesis: Pick<Genesis, "validators" | "parameters" | "timestamp">;
  /** Digests of the two standard intents that move stake. */
  readonly intents: { readonly stake: Digest; readonly unstake: Digest };
}

/**
 * Checks properties P16 and P19: which validators each block punishes, and how much it takes. The
 * checker computes the stakes itself, from the state before and the block. Each offence costs a
 * fraction of all stake that the offender had then, unbonding stake included, and is punished once.
 * At each epoch boundary an equivocation costs more if others equivocated too. Only keys that a
 * validator set named are punished, and no honest validator is accused.
 */
export function createSlashingChecker(options: SlashingOptions): Checker {
  const find = createSlashingFinder(options);
  const executed = new Map<number, Omit<SlashedBlock, "block">>();
  let next = 1;
  return {
    name: "slashing",
    observe: (observation) => {
      const { node } = observation;
      if (observation.type === "executed") {
        executed.set(node, observation);
        return undefined;
      }
      if (observation.type !== "applied") return undefined;
      const { block } = observation.finalized;
      const effect = executed.get(node);
      // The first node to apply a block is checked; agreement and their own roots cover the others.
      if (block.header.sequence !== next || effect?.transition.sequence !== next) return undefined;
      next += 1;
      const fault = find({ block, ...effect });
      return fault === undefined ? undefined : `node ${node} at sequence ${next - 1}: ${fault}`;
    },
  };
}

/**
 * Creates a function that returns what is wrong with the slashes of a block, or undefined. The
 * function MUST be called for all blocks, from the first on.
 */
export function createSlashingFinder(
  options: SlashingOptions,
): (slashed: SlashedBlock) => string | undefined {
  const honest = new Set(options.honest.map((id) => toHex(id)));
  const chain: Chain = {
    ...options,
    sets: createNamedSets(options.genesis),
    punished: new Set(),
    convicts: [],
    boundaries: [],
  };
  let held = heldAtGenesis(options.genesis);
  let [parentMs, boundaryMs]: readonly number[] = [options.genesis.timestamp, 0];
  return (slashed) => {
    const before = held;
    held = heldAfter(before, slashed.transition);
    const accused = slashed.block.evidence.find(({ validator }) => honest.has(toHex(validator)));
    if (accused !== undefined) return `evidence of ${offenceName(accused, 0)}, who is honest`;
    const { timestamp } = slashed.block.header;
    const isBoundary = epochAt(timestamp, options) > epochAt(parentMs ?? 0, options);
    parentMs = timestamp;
    if (isBoundary) boundaryMs = timestamp;
    const step = { ...slashed, before, after: held, isBoundary, boundaryMs: boundaryMs ?? 0 };
    const fault = findWrongAmount(step, chain) ?? findWrongStatus({ before, after: held, honest });
    chain.sets.follow(slashed.transition);
    return fault;
  };
}

/** State that the slashing checker keeps from block to block. */
interface Chain extends SlashingOptions {
  readonly sets: NamedSets;
  /** Names of the offences that were punished. */
  readonly punished: Set<string>;
  /** Convicts whose equivocations still raise each other's cost, oldest first. */
  readonly convicts: Convict[];
  /** Epoch boundaries so far, oldest first. */
  readonly boundaries: { readonly sequence: number; readonly timestamp: number }[];
}

/** A block, with all stakes before and after it. */
interface Step extends SlashedBlock {
  readonly before: Held;
  readonly after: Held;
  readonly isBoundary: boolean;
  /** Timestamp of the last epoch boundary up to this block. */
  readonly boundaryMs: number;
}

function epochAt(time: number, { genesis }: Pick<SlashingOptions, "genesis">): number {
  return Math.floor((time - genesis.timestamp) / genesis.parameters.epochMs);
}

function findWrongAmount(step: Step, chain: Chain): string | undefined {
  const { block, transition, receipts, before, after, isBoundary, boundaryMs } = step;
  const expected = copyHeld(before);
  const costs: Cost[] = [];
  for (const item of block.evidence) {
    const cost = convict(item, expected, { step, chain });
    if (typeof cost === "string") return cost;
    const isNoted = costs.some((one) => one.convict !== undefined && one.convict === cost.convict);
    if (!isNoted) costs.push(cost);
  }
  for (const move of movesIn(block, receipts, chain.intents)) moveStake(expected, move);
  if (isBoundary) raiseCosts(costs, expected, { step, chain });
  const wrong = findWrongRecord(transition, costs);
  if (wrong !== undefined) return wrong;
  releaseAt(expected, boundaryMs);
  for (const id of new Set([...expected.keys(), ...after.keys()])) {
    const [should, has] = [expected, after].map((each) => describeHeld(each.get(id)));
    if (should !== has) return `${id.slice(0, 8)} has ${has} and should have ${should}`;
  }
  const fees = receipts.reduce((sum, { fee, burned }) => sum + fee - burned, 0n);
  const banked = costs.reduce((sum, { amount }) => sum + amount, fees);
  const gained = balanceGained(transition, TREASURY);
  return gained === banked ? undefined : `the treasury gained ${gained} instead of ${banked}`;
}

/**
 * Punishes an offence, or raises the power that counts for a known equivocation. Returns the cost,
 * or what is wrong if neither is allowed. The cost of a known equivocation is 0, because the next
 * epoch boundary takes more.
 */
function convict(
  item: Evidence,
  expected: Held,
  { step, chain }: { readonly step: Step; readonly chain: Chain },
): Cost | string {
  const { sets, punished, convicts, genesis } = chain;
  const id = toHex(item.validator);
  const member = sets.named(item);
  if (member === undefined) {
    return `evidence at ${offenceSequence(item)} is about a key that no set named for ${id.slice(0, 8)}`;
  }
  const name = offenceName(item, member.since);
  const { power, since } = member;
  const part = partOf(power, sets.totalPower(offenceSequence(item)));
  if (punished.has(name)) {
    const known = convicts.find((one) => one.id === id && one.since === since);
    const isMore = item.type !== "false-header" && known !== undefined && part > known.part;
    if (!isMore) return `${name} is punished twice`;
    known.part = part;
    return { id, convict: known, amount: 0n };
  }
  punished.add(name);
  const base = allHeld(expected, id);
  const due = (base * BigInt(basisPoints(item, genesis))) / 10_000n;
  if (item.type === "false-header" && due === 0n)
    return `${name} takes nothing: the stake is gone already`;
  const amount = takeStake(expected, id, due);
  countOffence(expected, id);
  if (item.type === "false-header") return { id, convict: undefined, amount };
  const { sequence } = step.block.header;
  const one: Convict = { id, since, base, sequence, part, total: amount };
  convicts.push(one);
  return { id, convict: one, amount };
}

/** Adds to the costs of a block at an epoch boundary what the boundary takes from convicts. */
function raiseCosts(
  costs: Cost[],
  expected: Held,
  { step, chain }: { readonly step: Step; readonly chain: Chain },
): void {
  const { convicts, boundaries, sets, genesis } = chain;
  const { sequence, timestamp: now } = step.block.header;
  boundaries.push({ sequence, timestamp: now });
  const lastOf = ({ id, since }: Convict): number | undefined => sets.lastFrom(id, since);
  const boundary = { now, boundaries, lastOf };
  for (const { convict: one, owed } of raisesAt(convicts, boundary, genesis.parameters)) {
    const amount = takeStake(expected, one.id, owed);
    const known = costs.find((cost) => cost.convict === one);
    if (known !== undefined) known.amount += amount;
    else if (amount > 0n) costs.push({ id: one.id, convict: one, amount });
  }
}

function basisPoints(item: Evidence, { parameters }: SlashingOptions["genesis"]): number {
  return item.type === "false-header"
    ? parameters.slashVerificationBasisPoints
    : parameters.slashDoubleSignBasisPoints;
}

/**
 * Names an offence. The name does not depend on which evidence shows it; all equivocations of one
 * membership have one name.
 */
function offenceName(item: Evidence, since: number): string {
  const who = toHex(item.validator);
  return item.type === "false-header"
    ? `invalid-verification of ${who} at ${offenceSequence(item)}`
    : `equivocation of ${who} since ${since}`;
}

function balanceGained({ changes }: StateTransition, id: AccountId): bigint {
  const key = stateKey.account(id);
  const change = changes.find((each) => equalBytes(each.key, key));
  return balanceIn(change?.after) - balanceIn(change?.before);
}

function balanceIn(bytes: Uint8Array | undefined): bigint {
  return bytes === undefined ? 0n : Account.decode(bytes).balance;
}
