import {
  type ConsensusMessage,
  createCertificate,
  type Digest,
  type NewView,
  type Prepared,
  type QuorumCertificate,
  type Sequence,
  type Signature,
  toSignature,
  toValidatorIndex,
  toView,
  type ValidatorSet,
  type View,
} from "@aethel/models";
import type { ApplicationHead } from "@aethel/pbft";

const UNSIGNED: Signature = toSignature(new Uint8Array(64));

/**
 * Knowledge of the Byzantine node when it sends to a replica: the replica's head, and all messages
 * of honest nodes at its sequence.
 */
export interface Knowledge {
  readonly head: ApplicationHead;
  readonly sequence: Sequence;
  readonly byzantine: number;
  readonly views: number;
  /** Leader of each view. */
  readonly leaders: readonly number[];
  /** All messages of honest nodes at the replica's sequence. */
  readonly soup: readonly ConsensusMessage[];
  /** Digests of the two blocks that the Byzantine node can make. */
  readonly own: readonly [Digest, Digest];
  /** Blocks that are prepared, if need be with the Byzantine node's own vote. */
  readonly prepared: readonly { readonly view: number; readonly digest: Digest }[];
}

/** Returns a vote of the Byzantine node. */
export function voteOf(
  known: Knowledge,
  type: "prepare" | "commit",
  { view, digest }: { readonly view: number; readonly digest: Digest },
): ConsensusMessage {
  const { sequence, byzantine } = known;
  const voter = toValidatorIndex(byzantine);
  return { type, sequence, view: toView(view), digest, voter, signature: UNSIGNED };
}

/**
 * Returns all votes for a block: those of honest nodes and the Byzantine node's own. For a block in
 * `prepared` they are a quorum.
 */
export function votesFor(
  known: Knowledge,
  type: "prepare" | "commit",
  place: { readonly view: number; readonly digest: Digest },
): readonly ConsensusMessage[] {
  const honest = known.soup.filter(
    (message) =>
      message.type === type && message.view === place.view && same(message.digest, place.digest),
  );
  return [...honest, voteOf(known, type, place)];
}

/**
 * Returns the proposals and ViewChange messages that the Byzantine node can make: valid ones of
 * every kind, and invalid ones that lie about what was prepared, who asked for the view, or who
 * leads it.
 */
export function forgeries(known: Knowledge): readonly ConsensusMessage[] {
  const { byzantine, leaders, own, views } = known;
  const messages: ConsensusMessage[] = [];
  if (leaders[0] === byzantine) {
    for (const digest of own) {
      const proposal = proposalOf(known, { view: 0, digest });
      messages.push({ type: "pre-prepare", proposal, outline: undefined });
    }
  }
  for (let view = 1; view < views; view++) {
    const locks = [undefined, ...known.prepared.filter((lock) => lock.view < view)];
    for (const lock of locks) messages.push(requestOf(known, toView(view), lock));
    messages.push(...newViewsOf(known, toView(view)));
  }
  return messages;
}

function requestOf(
  known: Knowledge,
  newView: View,
  lock: Knowledge["prepared"][number] | undefined,
): ConsensusMessage {
  const { head, sequence, byzantine } = known;
  return {
    type: "view-change",
    body: {
      validators: head.validators.hash,
      sequence,
      newView,
      parent: head.digest,
      prepared: lock && { view: toView(lock.view), digest: lock.digest },
    },
    voter: toValidatorIndex(byzantine),
    signature: UNSIGNED,
    parentCertificate: head.certificate,
    prepareCertificate: lock && certificateOf(known, lock),
  };
}

/**
 * Returns the NewViews that the Byzantine node can make in a view. Valid ones exist only if this
 * node leads the view: one for each lock, and one without a lock. Each shows the requests that name
 * no higher lock. The invalid ones propose blocks that their requests do not justify.
 */
function newViewsOf(known: Knowledge, view: View): readonly ConsensusMessage[] {
  const { own, leaders, byzantine } = known;
  const requests = known.soup.flatMap((message) =>
    message.type === "view-change" && message.body.newView === view ? [message] : [],
  );
  const votes = requests.map(({ voter, body, signature }) => ({
    voter,
    prepared: body.prepared,
    signature,
  }));
  const locks = [undefined, ...known.prepared.filter((lock) => lock.view < view)];
  const honest = locks.flatMap((lock) => {
    const below = votes.filter(({ prepared }) => (prepared?.view ?? -1) <= (lock?.view ?? -1));
    const mine = {
      voter: toValidatorIndex(byzantine),
      prepared: preparedOf(lock),
      signature: UNSIGNED,
    };
    const shown = [...below, mine].toSorted((left, right) => left.voter - right.voter);
    const certificate = lock && certificateOf(known, lock);
    const digests = lock === undefined ? own : [lock.digest];
    return digests.map((digest) => newViewOf(known, { view, digest, votes: shown, certificate }));
  });
  const [first] = own;
  const lone = [{ voter: toValidatorIndex(byzantine), prepared: undefined, signature: UNSIGNED }];
  const lies = [
    newViewOf(known, { view, digest: first, votes, certificate: undefined }),
    newViewOf(known, { view, digest: first, votes: lone, certificate: undefined }),
    ...locks.flatMap((lock) =>
      lock === undefined
        ? []
        : [
            newViewOf(known, {
              view,
              digest: lock.digest,
              votes,
              certificate: certificateOf(known, lock),
            }),
          ],
    ),
  ];
  return leaders[view] === byzantine ? [...honest, ...lies] : lies;
}

function newViewOf(
  known: Knowledge,
  parts: {
    readonly view: View;
    readonly digest: Digest;
    readonly votes: NewView["votes"];
    readonly certificate: QuorumCertificate | undefined;
  },
): ConsensusMessage {
  const { head } = known;
  return {
    type: "new-view",
    proposal: proposalOf(known, parts),
    parent: head.digest,
    votes: parts.votes,
    parentCertificate: head.certificate,
    prepareCertificate: parts.certificate,
  };
}

function proposalOf(
  { sequence, byzantine }: Knowledge,
  { view, digest }: { readonly view: number; readonly digest: Digest },
): NewView["proposal"] {
  const leader = toValidatorIndex(byzantine);
  return { sequence, view: toView(view), digest, leader, signature: UNSIGNED };
}

function preparedOf(lock: Knowledge["prepared"][number] | undefined): Prepared | undefined {
  return lock && { view: toView(lock.view), digest: lock.digest };
}

function certificateOf(
  known: Knowledge,
  { view, digest }: Knowledge["prepared"][number],
): QuorumCertificate {
  const { sequence } = known;
  const set: ValidatorSet = known.head.validators;
  const votes = votesFor(known, "prepare", { view, digest }).flatMap((message) =>
    message.type === "prepare" ? [message] : [],
  );
  return createCertificate({
    phase: "prepare",
    vote: { sequence, view: toView(view), digest },
    set,
    votes,
  });
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.every((byte, at) => byte === right[at]);
}
