import { type Sequence, toSequence } from "@aethel/models";
import { decodeSigningLog, SigningRecord } from "../record.ts";

/**
 * Returns the records of a signing log that lets its key sign from `sequence` on, whatever the key
 * has signed before. For an operator, offline, when more than a third of the power listens, so that
 * no quorum of heads can come together. Write them in place of the old records.
 *
 * The operator's word replaces a proof here. If the key has signed at `sequence` or above, a new
 * signature that contradicts an old one costs the key's stake, and enough of them fork the chain.
 * So let `sequence` be at least the highest head of any validator, plus 3, if the chain can get
 * there. If it cannot, take the lowest sequence from which the chain can go on, the same for all
 * operators.
 *
 * The log's entries of `sequence` and above stay.
 *
 * @throws PbftError `SIGNING_RECORD` if a record cannot be read.
 */
export function signFrom(options: {
  /** All records of the log as it is; none when it is lost. */
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
