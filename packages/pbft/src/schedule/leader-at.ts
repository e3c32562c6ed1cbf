import {
  assert,
  type Block,
  type BlockHeader,
  type Digest,
  equalBytes,
  leaderOf,
  type QuorumCertificate,
  type Sequence,
  toSequence,
  toView,
  type ValidatorIndex,
  type ValidatorSet,
  type View,
} from "@aethel/models";
import { PbftError } from "../errors.ts";
import type { ApplicationHead } from "../ports.ts";
import { firstLeader, leaderOfView, passedOver } from "./passed-over.ts";
import {
  decodeLeadership,
  hashLeadership,
  type LeadershipRecord,
  LeadershipRecord as Record,
} from "./record.ts";
import { recordAfter, standingsAfter } from "./record-fold.ts";

/**
 * Leaders' record of a head, and the leader of view 0 of the next sequence that follows from it.
 */
interface Lead {
  readonly record: LeadershipRecord | undefined;
  readonly first: ValidatorIndex;
}

/** Cache of leaders by head. A head never changes, and the leader is needed for every message. */
const leads = new WeakMap<ApplicationHead, Lead>();

/** Cache of records by their bytes, so that a record that was just encoded is not decoded again. */
const records = new WeakMap<Uint8Array, LeadershipRecord>();

/**
 * Leaders' record after the block on top of a head, for one certificate of the head. It is cached,
 * because checks, proposals and commits all need it.
 */
interface Successor {
  readonly certificate: QuorumCertificate | undefined;
  readonly bytes: Uint8Array;
  readonly hash: Digest;
}

const successors = new WeakMap<ApplicationHead, Successor>();

/**
 * Cache of the likely leaders of view 0, for early messages: after the current block, or after a
 * head whose next block is unknown.
 */
const guesses = new WeakMap<Block | ApplicationHead, ValidatorIndex>();

/**
 * Returns the leader of a view of the sequence after a head. It follows from the leaders' record if
 * the application stores one, else from the plain schedule.
 */
export function leaderAt(
  { head, sequence }: { readonly head: ApplicationHead; readonly sequence: Sequence },
  view: View,
): ValidatorIndex {
  const { leadership, header, validators } = head;
  const isNext = sequence === header.sequence + 1;
  if (leadership === undefined || !isNext) return leaderOf(validators, sequence, view);
  return leaderOfView(validators, { sequence, view }, leadOf(head, leadership).first);
}

/**
 * Returns the likely leader of a view two sequences after `head`, if `block` becomes the next block
 * and does not change the set. It is a guess where the facts are not known yet.
 */
export function likelyLeaderAfter(
  head: ApplicationHead,
  block: Block | undefined,
  view: View,
): ValidatorIndex {
  const sequence = toSequence(head.header.sequence + 2);
  const of = block ?? head;
  const first = guesses.get(of) ?? likelyFirstAfter(head, block);
  guesses.set(of, first);
  return leaderOfView(head.validators, { sequence, view }, first);
}

function likelyFirstAfter(head: ApplicationHead, block: Block | undefined): ValidatorIndex {
  const { leadership, header, validators, previousValidators } = head;
  const sequence = toSequence(header.sequence + 2);
  if (leadership === undefined) return leaderOf(validators, sequence, toView(0));
  if (block === undefined) {
    const { record } = leadOf(head, leadership);
    return firstAfter(record, { header, set: previousValidators }, { set: validators, sequence });
  }
  const record = recordOf(head, leadership, block.parentCertificate);
  return firstAfter(
    record,
    { header: block.header, set: validators },
    { set: validators, sequence },
  );
}

/**
 * Returns the encoded leaders' record after a block on top of `head` that carries this certificate
 * of `head`. Undefined if the application stores no record.
 */
export function leadershipAfter(
  head: ApplicationHead,
  parentCertificate: QuorumCertificate | undefined,
): Uint8Array | undefined {
  return successorOf(head, parentCertificate)?.bytes;
}

/**
 * Returns the hash of the leaders' record for the header of the next block. If the application
 * stores no record, returns the hash in the head's header.
 */
export function leadershipHashAfter(
  head: ApplicationHead,
  parentCertificate: QuorumCertificate | undefined,
): Digest {
  return successorOf(head, parentCertificate)?.hash ?? head.header.leadership;
}

function successorOf(
  head: ApplicationHead,
  certificate: QuorumCertificate | undefined,
): Successor | undefined {
  const { leadership } = head;
  if (leadership === undefined) return undefined;
  const known = successors.get(head);
  if (known !== undefined && known.certificate === certificate) return known;
  const record = recordOf(head, leadership, certificate);
  const bytes = Record.encode(record);
  records.set(bytes, record);
  const successor = { certificate, bytes, hash: hashLeadership(bytes) };
  successors.set(head, successor);
  return successor;
}

/**
 * Checks that an application has the leaders' record to which its head commits. An application
 * stores the record from the first block on, or never.
 * @throws PbftError `CONFIG` if it has lost the record.
 */
export function checkLeadership({ header, leadership }: ApplicationHead): void {
  const hash = hashLeadership(leadership ?? new Uint8Array());
  if (equalBytes(hash, header.leadership)) return;
  const what = leadership === undefined ? "lost" : "changed";
  const problems = [`the application has ${what} the record of leaders that its head commits to`];
  throw new PbftError({ code: "CONFIG", problems });
}

function leadOf(head: ApplicationHead, leadership: Uint8Array): Lead {
  const known = leads.get(head);
  if (known !== undefined) return known;
  const { header, validators, previousValidators: set } = head;
  const record = records.get(leadership) ?? decodeLeadership(leadership);
  const next = { set: validators, sequence: toSequence(header.sequence + 1) };
  const lead = { record, first: firstAfter(record, { header, set }, next) };
  leads.set(head, lead);
  return lead;
}

/** Returns the leader of view 0 of a later sequence, from the leaders' record after a block. */
function firstAfter(
  record: LeadershipRecord | undefined,
  { header, set }: { readonly header: BlockHeader; readonly set: ValidatorSet },
  next: { readonly set: ValidatorSet; readonly sequence: Sequence },
): ValidatorIndex {
  const { sequence } = next;
  if (record === undefined) return leaderOf(next.set, sequence, toView(0));
  assert(record.standings.length === set.validators.length, "a record is of its set");
  const standings = standingsAfter(record, { ...header, set }, next.set);
  return firstLeader(next.set, sequence, passedOver(next.set, standings));
}

function recordOf(
  head: ApplicationHead,
  leadership: Uint8Array,
  parentCertificate: QuorumCertificate | undefined,
): LeadershipRecord {
  const { record, first } = leadOf(head, leadership);
  return recordAfter(record, {
    sequence: head.header.sequence + 1,
    set: head.validators,
    previousSet: head.previousValidators,
    first,
    parentProposer: head.header.proposer,
    parentCertificate,
  });
}
