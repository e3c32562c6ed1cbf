import { type Sequence, toSequence } from "@aethel/models";
import { decodeSigningLog, SigningRecord } from "../record.ts";

/**
 * Returns the records of a signing log with which a key may sign from `sequence` on, whatever it
 * has signed before. For an operator whose replica is stopped, if validators with more than a third
 * of the power listen, so that a quorum of signed heads is impossible. Write the result in place of
 * the old records.
 *
 * The operator's word replaces a proof here. If the key has signed at `sequence` or above, a new
 * signature that contradicts an old one costs the key's stake, and enough of them fork the chain.
 * So choose `sequence` at least as high as the highest head of any validator, plus 3, if the chain
 * can get there. If it cannot, take the lowest sequence from which the chain can continue, the same
 * for all operators.
 *
 * The log's entries of `sequence` and above are kept.
 * @throws PbftError `SIGNING_RECORD` if a record cannot be read.
 */
export function signFrom(options: {
  /** All records of the present log. Empty if it is lost. */
  readonly records: readonly Uint8Array[];
  readonly sequence: Sequence;
}): readonly Uint8Array[] {
  const { records, sequence } = options;
  const floor = { type: "floor", sequence: toSequence(Math.max(0, sequence - 1)) } as const;
  const listens = (record: Uint8Array): boolean =>
    decodeSigningLog([record]).every((entry) => entry.type === "listen");
  // A floor after it ends a listening; entries of before say what was signed, and count as well.
  return [
    ...records.filter((record) => !listens(record)),
    SigningRecord.encode({ entries: [floor] }),
  ];
}
