import {
  type AccountId,
  equalBytes,
  indexOfValidator,
  leaderOfSlot,
  type QuorumCertificate,
  toHex,
  toSequence,
  type ValidatorIndex,
  type ValidatorSet,
} from "@aethel/models";
import { leaderOfView, type Standings } from "./passed-over.ts";
import { type LeadershipRecord, LOSSES_MAX, type Standing, TURNS_MAX } from "./record.ts";

/** Parts of a final block from which the leaders' record is updated. */
export interface RecordedBlock {
  readonly sequence: number;
  /** Set that voted on the block. */
  readonly set: ValidatorSet;
  /** Leader of view 0 of the block's sequence, by the record before it. */
  readonly first: ValidatorIndex;
  /**
   * Proposer of the block's parent. The record after a block does not yet say who built that block.
   */
  readonly parentProposer: AccountId;
  /** Certificate of the parent, which is in the block's body. Undefined in the first block. */
  readonly parentCertificate: QuorumCertificate | undefined;
  /** Set that voted on the parent. The record before the block has the order of this set. */
  readonly previousSet: ValidatorSet;
}

/**
 * Returns the leaders' record after a block, from the record before it. It adds who is named in the
 * parent's certificate, who built the parent, who led the view in which the parent became final,
 * and who lost the views before that. It depends on final blocks only, so it is the same whoever
 * proposes the block with that certificate.
 */
export function recordAfter(
  before: LeadershipRecord | undefined,
  block: RecordedBlock,
): LeadershipRecord {
  const { sequence, set, previousSet, first, parentProposer, parentCertificate } = block;
  const places = placesIn(set, previousSet);
  const standings = set.validators.map((_, index) => {
    const place = places.of(index);
    const known = place === undefined ? undefined : before?.standings[place];
    // In the first block nobody is named, and nobody could vote for the parent who joins with this.
    const isNamed = place === undefined || (parentCertificate?.signers[place] ?? true);
    return { ...(known ?? NOTHING), ...(isNamed ? { named: sequence } : {}) };
  });
  const change = (index: number | undefined, how: (known: Standing) => Standing): void => {
    const known = index === undefined ? undefined : standings[index];
    if (index !== undefined && known !== undefined) standings[index] = how(known);
  };
  change(leaderOfSlot(set, BigInt(sequence)), ({ turns, ...rest }) => ({
    ...rest,
    turns: Math.max(0, turns - 1),
  }));
  if (before !== undefined && parentCertificate !== undefined) {
    const parent = toSequence(sequence - 1);
    change(indexOfValidator(set, parentProposer), (known) => ({ ...known, proposed: parent }));
    const { view } = parentCertificate;
    const at = (of: number): number | undefined =>
      places.from(leaderOfView(previousSet, { sequence: parent, view: of }, before.first));
    for (let of = Math.max(0, view - previousSet.validators.length); of < view; of++) {
      change(at(of), (known) => lose(known, parent));
    }
    change(at(view), (known) => ({ ...known, lost: 0, losses: 0, turns: 0 }));
  }
  return { first, standings };
}

/**
 * Returns the standings after a block, in the order of the next set. A validator keeps its standing
 * even if its index changes. Unlike the record, they already say who built the block.
 */
export function standingsAfter(
  record: LeadershipRecord,
  block: Pick<RecordedBlock, "sequence" | "set"> & { readonly proposer: AccountId },
  nextSet: ValidatorSet,
): Standings {
  const places = placesIn(nextSet, block.set);
  const builder = indexOfValidator(nextSet, block.proposer);
  return nextSet.validators.map((_, index) => {
    const place = places.of(index);
    const known = place === undefined ? undefined : record.standings[place];
    return known === undefined || index !== builder
      ? known
      : { ...known, proposed: block.sequence };
  });
}

const NOTHING: Standing = { named: 0, proposed: 0, lost: 0, losses: 0, turns: 0 };

/**
 * Returns the standing of a leader after it has lost a view. After the k-th loss in a row, the
 * leader is passed over for 2^(k+1) turns.
 */
function lose(known: Standing, sequence: number): Standing {
  const losses = Math.min(LOSSES_MAX, known.losses + 1);
  return { ...known, lost: sequence, losses, turns: Math.min(TURNS_MAX, 2 ** (losses + 1)) };
}

interface Places {
  /**
   * Returns the index in `other` of the member of `set` with this index. Undefined if it is not in
   * both.
   */
  readonly of: (index: number) => number | undefined;
  /**
   * Returns the index in `set` of the member of `other` with this index. Undefined if it is not in
   * both.
   */
  readonly from: (index: number) => number | undefined;
}

function placesIn(set: ValidatorSet, other: ValidatorSet): Places {
  if (isSameSet(set, other)) return { of: (index) => index, from: (index) => index };
  const indices = ({ validators }: ValidatorSet): ReadonlyMap<string, number> =>
    new Map(validators.map(({ id }, index) => [toHex(id), index]));
  const finder = (from: ValidatorSet, to: ValidatorSet): Places["of"] => {
    const places = indices(to);
    return (index) => {
      const id = from.validators[index]?.id;
      return id === undefined ? undefined : places.get(toHex(id));
    };
  };
  return { of: finder(set, other), from: finder(other, set) };
}

function isSameSet(left: ValidatorSet, right: ValidatorSet): boolean {
  return left === right || equalBytes(left.hash, right.hash);
}
