import { stateKey } from "@aethel/ledger";
import {
  decodeValidatorSet,
  type Evidence,
  equalBytes,
  type Genesis,
  type StateTransition,
  toHex,
  type Validator,
} from "@aethel/models";

/** A set of the state, from the first sequence that it votes on. */
interface NamedSet {
  readonly from: number;
  readonly members: ReadonlyMap<string, Pick<Validator, "key" | "power">>;
  readonly totalPower: bigint;
}

/** Members of a chain's sets, by sequence. */
export interface NamedSets {
  /** Follows the changes of a block, in order. */
  readonly follow: (transition: StateTransition) => void;
  /**
   * Returns the member whose key the evidence is about; undefined when no set of that sequence
   * names it.
   */
  readonly named: (item: Evidence) => NamedMember | undefined;
  /** Returns the power of the set that votes on a sequence. */
  readonly totalPower: (sequence: number) => bigint;
  /**
   * Returns the last sequence of an unbroken membership of a validator, in hex; undefined as long
   * as the newest set has it.
   */
  readonly lastFrom: (id: string, sequence: number) => number | undefined;
  /** Returns whether a validator, in hex, votes on a sequence. */
  readonly isMember: (id: string, sequence: number) => boolean;
}

/** A member at some sequence. */
export interface NamedMember {
  readonly power: bigint;
  /** First sequence of its unbroken membership. */
  readonly since: number;
}

/** Creates the sets from genesis on, from the state only: no record of keys is used. */
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
      const at = indexAt(signedAt(item));
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

/** Returns the sequence at which the accused signed. */
export function signedAt(item: Evidence): number {
  switch (item.type) {
    case "double-vote":
    case "double-proposal":
      return item.sequence;
    case "hidden-lock":
      return item.body.sequence;
    case "false-header":
      return item.header.sequence;
  }
}
