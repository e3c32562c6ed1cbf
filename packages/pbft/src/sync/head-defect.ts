import {
  blockDigest,
  type Digest,
  decodeValidatorSet,
  equalBytes,
  ModelsError,
  type SnapshotHead,
  type VerifySigned,
} from "@aethel/models";
import { verifyHeader } from "../light/verify-header.ts";
import { hashLeadership } from "../schedule/record.ts";

/**
 * Returns the reason for which no honest peer sends this head of a snapshot with the digest
 * `digest`. Undefined if its parts belong to one another. That does not make its header certain,
 * since the set in it may be invented.
 */
export function findSnapshotHeadDefect(
  head: SnapshotHead,
  context: {
    readonly genesis: Digest;
    readonly digest: Digest;
    readonly verify?: VerifySigned | undefined;
  },
): string | undefined {
  const { header, certificate } = head;
  const { genesis, digest, verify } = context;
  if (!equalBytes(blockDigest(header), digest)) return "its header has another digest";
  try {
    const set = decodeValidatorSet(head.validators);
    const next = decodeValidatorSet(head.nextValidators);
    if (!equalBytes(set.hash, header.validators)) return "its set is not the one that voted";
    if (!equalBytes(next.hash, header.nextValidators)) return "its next set is another one";
    if (!equalBytes(hashLeadership(head.leadership), header.leadership)) {
      return "its leaders' record is another one";
    }
    const checked = { genesis, set, header, certificate };
    const defect = verifyHeader(verify === undefined ? checked : { ...checked, verify });
    return defect === undefined ? undefined : `its header is not final: ${defect}`;
  } catch (error) {
    if (error instanceof ModelsError) return `a set cannot be read: ${error.message}`;
    throw error;
  }
}
