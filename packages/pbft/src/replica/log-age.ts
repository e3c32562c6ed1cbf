import {
  type AccountId,
  equalBytes,
  indexOfValidator,
  type PublicKey,
  type QuorumCertificate,
  signersOfCertificate,
  toSequence,
  validatorAt,
} from "@aethel/models";
import { PbftError } from "../errors.ts";
import type { Application, ApplicationHead } from "../ports.ts";
import { type SigningEntry, sequenceOfEntry } from "../record.ts";
import { listeningOf } from "../recover.ts";

/** Most final blocks, from the head down, that are searched for this replica's votes. */
const BLOCKS_LOOKED_AT = 64;

const REMEDY =
  "if another machine signs with this key, stop it; then put the newest signing log in its place, " +
  "or, if there is none, move this one away and start once as after a loss of the signing state, " +
  "so that the validator listens before it signs";

/**
 * Refuses a signing log that is an older copy than the application's database. A log is older if a
 * certificate in the database has a vote by a key of this replica at a sequence that the log does
 * not know. A vote is in the log before it is sent, and stays until a floor replaces it.
 *
 * Does not detect an old log if the replica has not voted in the last blocks.
 *
 * @throws PbftError `SIGNING_STATE_OLD`
 */
export async function checkLogAge(options: {
  readonly entries: readonly SigningEntry[];
  readonly application: Application;
  readonly head: ApplicationHead;
  readonly id: AccountId;
  readonly keys: readonly PublicKey[];
}): Promise<void> {
  const { entries, application, head, id, keys } = options;
  // The listening after a loss covers whatever was signed.
  if (listeningOf(entries) !== undefined) return;
  const signed = entries.reduce((top, entry) => Math.max(top, sequenceOfEntry(entry) ?? 0), 0);
  const set = head.previousValidators;
  const me = indexOfValidator(set, id);
  const key = me === undefined ? undefined : validatorAt(set, me)?.key;
  if (me === undefined || !keys.some((own) => key !== undefined && equalBytes(own, key))) return;
  const isOwn = (certificate: QuorumCertificate | undefined): boolean =>
    certificate !== undefined && signersOfCertificate(certificate).includes(me);
  const last = head.header.sequence;
  if (last > signed && isOwn(head.certificate)) refuse(last, signed);
  const from = Math.max(signed + 1, last - BLOCKS_LOOKED_AT + 1, 1);
  // The certificate that a block carries for its parent holds late votes too.
  let ofParent: QuorumCertificate | undefined;
  for (let at = last; at >= from; at--) {
    const finalized = await application.finalized(toSequence(at)).catch(() => undefined);
    if (finalized === undefined) return;
    const { block, certificate } = finalized;
    // Positions are those of the set that voted; before a boundary they mean others.
    if (!equalBytes(block.header.validators, set.hash)) return;
    if (isOwn(certificate) || isOwn(ofParent)) refuse(at, signed);
    ofParent = block.parentCertificate;
  }
}

function refuse(voted: number, signed: number): never {
  throw new PbftError({ code: "SIGNING_STATE_OLD", voted, signed, remedy: REMEDY });
}
