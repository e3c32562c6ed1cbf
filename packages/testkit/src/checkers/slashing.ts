import { Account, KEY_KIND, OffenceRecord, type Receipt, stateKey, TREASURY } from "@aethel/ledger";
import {
  type AccountId,
  type Digest,
  type Evidence,
  equalBytes,
  type Genesis,
  type ProofBlock,
  type StateTransition,
  toHex,
} from "@aethel/models";
import type { Checker } from "./checker.ts";
import {
  copyHeld,
  describeHeld,
  type Held,
  heldAfter,
  heldAtGenesis,
  moveStake,
  movesIn,
  releaseAt,
  takeSlash,
} from "./held-stake.ts";

/** A block, and what it did to the state of a ledger. */
export interface SlashedBlock {
  readonly block: ProofBlock;
  readonly receipts: readonly Receipt[];
  readonly transition: StateTransition;
}

/** What the slashing checker has to know of the chain. */
export interface SlashingOptions {
  /** Ids of the honest nodes. */
  readonly honest: readonly AccountId[];
  readonly genesis: Pick<Genesis, "validators" | "parameters" | "timestamp">;
  /** Digests of the two standard intents that move stake. */
  readonly intents: { readonly stake: Digest; readonly unstake: Digest };
}

/**
 * P16, P19: of every block, whom it punishes and for how much. Stake is counted anew from the state
 * before and the block, with arithmetic of its own: each offence costs its part of all that the
 * offender had at that time, unbonding included, once; and nobody honest is ever accused.
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
      // Whoever comes first is looked at; of the others agreement and their own roots say the same.
      if (block.header.sequence !== next || effect?.transition.sequence !== next) return undefined;
      next += 1;
      const fault = find({ block, ...effect });
      return fault === undefined ? undefined : `node ${node} at sequence ${next - 1}: ${fault}`;
    },
  };
}

/** Says of one block after the other, from the first on, what is wrong with its slashes. */
export function createSlashingFinder(
  options: SlashingOptions,
): (slashed: SlashedBlock) => string | undefined {
  const honest = new Set(options.honest.map((id) => toHex(id)));
  const punished = new Set<string>();
  let held = heldAtGenesis(options.genesis);
  let parentMs: number = options.genesis.timestamp;
  return (slashed) => {
    const before = held;
    const about = { ...options, parentMs };
    parentMs = slashed.block.header.timestamp;
    held = heldAfter(before, slashed.transition);
    for (const item of slashed.block.evidence) {
      const name = offenceName(item);
      if (honest.has(toHex(item.validator))) return `evidence of ${name}, who is honest`;
      if (punished.has(name)) return `${name} is punished twice`;
      punished.add(name);
    }
    return (
      findWrongAmount(slashed, { before, after: held, ...about }) ??
      findWrongStatus({ before, after: held, honest })
    );
  };
}

function findWrongAmount(
  { block, transition, receipts }: SlashedBlock,
  options: SlashingOptions & {
    readonly before: Held;
    readonly after: Held;
    /** Timestamp of the block before. */
    readonly parentMs: number;
  },
): string | undefined {
  const { before, after, genesis, intents } = options;
  const expected = copyHeld(before);
  const slashes = block.evidence.map((item) => {
    const id = toHex(item.validator);
    return { id, amount: takeSlash(expected, id, basisPoints(item, genesis)) };
  });
  const recorded = offencesIn(transition);
  if (recorded === undefined) return "an offence record was written over";
  const convicted = slashes.map(({ id, amount }) => `${id} ${amount}`);
  const [wanted, found] = [convicted, recorded].map((list) => list.toSorted(byCodeUnit).join());
  if (wanted !== found) return `offences are recorded as ${found}, by evidence they are ${wanted}`;
  for (const move of movesIn(block, receipts, intents)) moveStake(expected, move);
  const { timestamp } = block.header;
  const epochAt = (time: number): number =>
    Math.floor((time - genesis.timestamp) / genesis.parameters.epochMs);
  if (epochAt(timestamp) > epochAt(options.parentMs)) releaseAt(expected, timestamp);
  for (const id of new Set([...expected.keys(), ...after.keys()])) {
    const [should, has] = [expected, after].map((each) => describeHeld(each.get(id)));
    if (should !== has) return `${id.slice(0, 8)} has ${has} and should have ${should}`;
  }
  const fees = receipts.reduce((sum, { fee, burned }) => sum + fee - burned, 0n);
  const banked = slashes.reduce((sum, { amount }) => sum + amount, fees);
  const gained = balanceGained(transition, TREASURY);
  return gained === banked ? undefined : `the treasury gained ${gained} instead of ${banked}`;
}

/** Nobody honest has an offence or a slash, and nobody is jailed but for its absence. */
function findWrongStatus(about: {
  readonly before: Held;
  readonly after: Held;
  readonly honest: ReadonlySet<string>;
}): string | undefined {
  for (const [id, { record }] of about.after) {
    if (record === undefined) continue;
    const who = id.slice(0, 8);
    if (about.honest.has(id) && (record.offences > 0 || record.slashed > 0n)) {
      return `${who} has offences, and is honest`;
    }
    const wasJailed = about.before.get(id)?.record?.status === "jailed";
    if (record.status === "jailed" && !wasJailed && record.absent === 0) {
      return `${who} is jailed, and was not absent`;
    }
  }
  return undefined;
}

function basisPoints(item: Evidence, { parameters }: SlashingOptions["genesis"]): number {
  return item.type === "invalid-verification"
    ? parameters.slashVerificationBasisPoints
    : parameters.slashDoubleSignBasisPoints;
}

/** Who did what where: one offence, whatever proves it. */
function offenceName(item: Evidence): string {
  const who = `${item.type} of ${toHex(item.validator)}`;
  switch (item.type) {
    case "double-vote":
      return `${who} at ${item.sequence} in view ${item.view}, ${item.phase}`;
    case "double-proposal":
      return `${who} at ${item.sequence} in view ${item.view}`;
    case "hidden-lock":
      return `${who} at ${item.body.sequence} in view ${item.view}`;
    case "invalid-verification":
      return `${who} at ${item.header.sequence}`;
  }
}

/** Validator and amount of each new record; undefined when an old one has changed. */
function offencesIn({ changes }: StateTransition): readonly string[] | undefined {
  const written = changes.filter(({ key }) => key[0] === KEY_KIND.offence);
  if (written.some(({ before, after }) => before !== undefined || after === undefined)) {
    return undefined;
  }
  return written.flatMap(({ after }) => {
    if (after === undefined) return [];
    const { validator, slashed } = OffenceRecord.decode(after);
    return [`${toHex(validator)} ${slashed}`];
  });
}

function balanceGained({ changes }: StateTransition, id: AccountId): bigint {
  const key = stateKey.account(id);
  const change = changes.find((each) => equalBytes(each.key, key));
  return balanceIn(change?.after) - balanceIn(change?.before);
}

function balanceIn(bytes: Uint8Array | undefined): bigint {
  return bytes === undefined ? 0n : Account.decode(bytes).balance;
}

function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
