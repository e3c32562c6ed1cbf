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

/** A set as the state had it, from the first sequence that it votes on. */
interface NamedSet {
  readonly from: number;
  readonly members: ReadonlyMap<string, Pick<Validator, "key" | "power">>;
  readonly totalPower: bigint;
}

/** Whom the sets of a chain name, sequence by sequence. */
export interface NamedSets {
  /** Takes in what a block did, in order. */
  readonly follow: (transition: StateTransition) => void;
  /** What the set of a sequence says of a key of a validator; undefined when it does not name it. */
  readonly named: (item: Evidence) => NamedMember | undefined;
  /** Power of the set that votes on a sequence. */
  readonly totalPower: (sequence: number) => bigint;
  /**
   * Last sequence on which a validator, in hex, votes without a break from one on; undefined as long as
   * the newest set has it.
   */
  readonly lastFrom: (id: string, sequence: number) => number | undefined;
  /** Whether a validator, in hex, votes on a sequence. */
  readonly isMember: (id: string, sequence: number) => boolean;
}

/** A member at some sequence. */
export interface NamedMember {
  readonly power: bigint;
  /** First sequence since which its validator is in the set without a break. */
  readonly since: number;
}

/** Sets from genesis on, read off the state alone: no record about keys is asked. */
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

/** Sequence at which the accused signed. */
export function signedAt(item: Evidence): number {
  switch (item.type) {
    case "double-vote":
    case "double-proposal":
      return item.sequence;
    case "hidden-lock":
      return item.body.sequence;
    case "invalid-verification":
      return item.header.sequence;
  }
}
