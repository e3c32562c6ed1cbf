import { type Sequence, toSequence } from "@aethel/models";
import { decodeSigningLog, SigningRecord } from "../record.ts";

/**
 * The records of a signing log that lets its key sign from `sequence` on, whatever it has signed
 * before: for an operator, offline, when more than a third of the power listens, so that no quorum
 * of heads can come together. Write them in place of the old ones.
 *
 * This replaces a proof by the operator's word. If the key has signed at `sequence` or above, a
 * signature that contradicts it costs its stake, and enough of them fork the chain: so let
 * `sequence` be at least the highest head of any validator, plus 3, wherever the chain can get there,
 * and else the lowest that it can go on from, told to all and the same for all.
 *
 * What the log holds of `sequence` and above stays.
 *
 * @throws PbftError `SIGNING_RECORD` when a record cannot be read.
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
