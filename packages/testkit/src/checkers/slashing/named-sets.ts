import { stateKey } from "@aethel/ledger";
import {
  decodeValidatorSet,
  type Evidence,
  equalBytes,
  type Genesis,
  offenceSequence,
  type StateTransition,
  toHex,
  type Validator,
} from "@aethel/models";

/** A validator set that the state named, with the first sequence on which it votes. */
interface NamedSet {
  readonly from: number;
  readonly members: ReadonlyMap<string, Pick<Validator, "key" | "power">>;
  readonly totalPower: bigint;
}

/** Validator sets of a chain, by the sequences on which they vote. */
export interface NamedSets {
  /** Adds the set that a block's changes name, if any. MUST be called for all blocks in order. */
  readonly follow: (transition: StateTransition) => void;
  /**
   * Returns the member that evidence is about. Undefined if the set at that sequence does not name
   * this validator with this key.
   */
  readonly named: (item: Evidence) => NamedMember | undefined;
  /** Returns the total power of the set that votes on a sequence. */
  readonly totalPower: (sequence: number) => bigint;
  /**
   * Returns the last sequence at which a validator (id in hex) is a member without interruption
   * since `sequence`. Undefined if the newest set still has it.
   */
  readonly lastFrom: (id: string, sequence: number) => number | undefined;
  /** Returns whether a validator (id in hex) is in the set that votes on a sequence. */
  readonly isMember: (id: string, sequence: number) => boolean;
}

/** A member of the validator set at some sequence. */
export interface NamedMember {
  readonly power: bigint;
  /** First sequence from which the validator was a member without interruption. */
  readonly since: number;
}

/**
 * Creates the record of a chain's validator sets, from genesis on. Uses only the validator sets in
 * the state, not the state's records of keys.
 */
export function createNamedSets({ validators }: Pick<Genesis, "validators">): NamedSets {
  const first = validators.map(({ id, key, stake }) => ({ id, key, power: stake }));
  const sets: NamedSet[] = [namedSet(1, first)];
  const indexAt = (sequence: number): number => sets.findLastIndex(({ from }) => from <= sequence);
  return {
    follow: ({ sequence, changes }) => {
      const after = changes.find(({ key }) => equalBytes(key, stateKey.votingSet))?.after;
      if (after === undefined) return;
      sets.push(namedSet(sequence + 1, decodeValidatorSet(after).validators));
    },
    named: (item) => {
      const id = toHex(item.validator);
      const at = indexAt(offenceSequence(item));
      const member = sets[at]?.members.get(id);
      if (member === undefined || !equalBytes(member.key, item.key)) return undefined;
      let start = at;
      while (sets[start - 1]?.members.has(id) === true) start -= 1;
      return { power: member.power, since: sets[start]?.from ?? 1 };
    },
    totalPower: (sequence) => sets[indexAt(sequence)]?.totalPower ?? 0n,
    lastFrom: (id, sequence) => {
      const gone = sets.find(({ from, members }) => from > sequence && !members.has(id));
      return gone === undefined ? undefined : gone.from - 1;
    },
    isMember: (id, sequence) => sets[indexAt(sequence)]?.members.has(id) === true,
  };
}

function namedSet(from: number, validators: readonly Validator[]): NamedSet {
  const members = new Map(validators.map(({ id, key, power }) => [toHex(id), { key, power }]));
  let totalPower = 0n;
  for (const { power } of validators) totalPower += power;
  return { from, members, totalPower };
}
