import { Account, type Receipt, stateKey, TREASURY } from "@aethel/ledger";
import {
  type AccountId,
  type Block,
  type Digest,
  type Evidence,
  equalBytes,
  type Genesis,
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
import { createNamedSets, type NamedSets, signedAt } from "./named-sets.ts";
import { type Cost, findWrongRecord, findWrongStatus } from "./records.ts";

/** A block, and its effect on the state of a ledger. */
export interface SlashedBlock {
  readonly block: Block;
  readonly receipts: readonly Receipt[];
  readonly transition: StateTransition;
}

/** Facts of the chain that the slashing checker needs. */
export interface SlashingOptions {
  /** Ids of the honest nodes. */
  readonly honest: readonly AccountId[];
  readonly genesis: Pick<Genesis, "validators" | "parameters" | "timestamp">;
  /** Digests of the two standard intents that move stake. */
  readonly intents: { readonly stake: Digest; readonly unstake: Digest };
}

/**
 * P16, P19: checks whom every block punishes and for how much. Stake is counted anew from the state
 * before and the block, with arithmetic of the checker's own. Each offence costs once its part of
 * all that the offender had at that time, unbonding included. At each epoch boundary equivocations
 * cost what their correlation adds. Only keys that a set named are punished, and nobody honest is
 * accused.
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
 * Creates a function that says of each block in turn, from the first on, what is wrong with its
 * slashes.
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

/** Memory of the checker between blocks. */
interface Chain extends SlashingOptions {
  readonly sets: NamedSets;
  /** Offences by their names. */
  readonly punished: Set<string>;
  /** Convicts whose equivocations still count together, oldest first. */
  readonly convicts: Convict[];
  /** Epoch boundaries so far, oldest first. */
  readonly boundaries: { readonly sequence: number; readonly timestamp: number }[];
}

/** A block with the stakes before and after it. */
interface Step extends SlashedBlock {
  readonly before: Held;
  readonly after: Held;
  readonly isBoundary: boolean;
  /** Timestamp of the last epoch boundary, this block included. */
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
 * Punishes an offence for the first time, or raises the power it counts with; returns words when
 * neither is allowed. An equivocation shown later with more power than was known costs nothing at
 * once.
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
    return `evidence at ${signedAt(item)} is about a key that no set named for ${id.slice(0, 8)}`;
  }
  const name = offenceName(item, member.since);
  const { power, since } = member;
  const part = partOf(power, sets.totalPower(signedAt(item)));
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

/** Adds the amounts that an epoch boundary raises to the costs of its block. */
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
 * Names an offence, whatever evidence proves it; equivocations of one membership are one offence.
 */
function offenceName(item: Evidence, since: number): string {
  const who = toHex(item.validator);
  return item.type === "false-header"
    ? `invalid-verification of ${who} at ${signedAt(item)}`
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
