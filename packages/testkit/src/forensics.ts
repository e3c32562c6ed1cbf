import {
  type AccountId,
  type ConsensusMessage,
  compareBytes,
  type Evidence,
  equalBytes,
  type FinalizedBlock,
  type QuorumCertificate,
  type Signature,
  signersOfCertificate,
  toHex,
  type ValidatorSet,
  type ViewChangeBody,
} from "@aethel/models";

/** A signed vote, from a message or a certificate. */
type Signed = Pick<QuorumCertificate, "phase" | "sequence" | "view" | "digest"> & {
  readonly voter: number;
  readonly signature: Signature;
};
interface SignedRequest {
  readonly voter: number;
  readonly body: ViewChangeBody;
  readonly signature: Signature;
}
interface SignedProposal extends Omit<Signed, "phase" | "voter"> {
  readonly voter: number;
}

/** Records of honest nodes: all messages that they received, and all blocks that they applied. */
export interface HonestLogs {
  readonly messages: readonly ConsensusMessage[];
  readonly finalized: readonly FinalizedBlock[];
}

/**
 * Returns evidence against all validators that the records of honest nodes convict, one piece for
 * each offence. Votes in certificates and requests in NewViews count too. `set` must be the
 * validator set of the sequence where the chain forked. The function shares no code with pbft's
 * evidence, which it serves to test.
 */
export function convict(logs: HonestLogs, set: ValidatorSet): readonly Evidence[] {
  const votes = unique(votesOf(logs), (vote) => `${placeOf(vote)}/${toHex(vote.digest)}`);
  const requests = unique(requestsOf(logs, set), ({ voter, body }) => {
    const { prepared } = body;
    const lock = prepared === undefined ? "" : `${prepared.view}/${toHex(prepared.digest)}`;
    return `${voter}/${body.sequence}/${body.newView}/${lock}`;
  });
  const proposals = unique(proposalsOf(logs), (proposal) => {
    const { voter, sequence, view, digest } = proposal;
    return `${voter}/${sequence}/${view}/${toHex(digest)}`;
  });
  return [
    ...doubleVotes(votes, set),
    ...doubleProposals(proposals, set),
    ...hiddenLocks(votes, requests, set),
  ];
}

function votesOf({ messages, finalized }: HonestLogs): readonly Signed[] {
  const spoken = messages.flatMap((message): readonly Signed[] => {
    switch (message.type) {
      case "prepare":
      case "commit":
        return [{ ...message, phase: message.type }];
      case "pre-prepare":
        return votesIn(message.outline?.parentCertificate);
      case "view-change":
      case "new-view":
        return [...votesIn(message.parentCertificate), ...votesIn(message.prepareCertificate)];
    }
  });
  return [...spoken, ...finalized.flatMap(({ certificate }) => votesIn(certificate))];
}

function votesIn(certificate: QuorumCertificate | undefined): readonly Signed[] {
  if (certificate === undefined) return [];
  const { phase, sequence, view, digest, seal } = certificate;
  return signersOfCertificate(certificate).flatMap((voter, at) => {
    const signature = seal.signatures[at];
    return signature === undefined ? [] : [{ phase, sequence, view, digest, voter, signature }];
  });
}

function requestsOf({ messages }: HonestLogs, set: ValidatorSet): readonly SignedRequest[] {
  return messages.flatMap((message): readonly SignedRequest[] => {
    if (message.type === "view-change") return [message];
    if (message.type !== "new-view") return [];
    const { proposal, parent, votes } = message;
    const { sequence, view: newView } = proposal;
    return votes.map(({ voter, prepared, signature }) => ({
      voter,
      body: { validators: set.hash, sequence, newView, parent, prepared },
      signature,
    }));
  });
}

function proposalsOf({ messages }: HonestLogs): readonly SignedProposal[] {
  return messages.flatMap((message) =>
    message.type === "pre-prepare" || message.type === "new-view"
      ? [{ ...message.proposal, voter: message.proposal.leader }]
      : [],
  );
}

function doubleVotes(votes: readonly Signed[], set: ValidatorSet): readonly Evidence[] {
  return contradictions(votes, placeOf).flatMap(([one, other]) => {
    const { phase, sequence, view } = one;
    const who = identityOf(set, one.voter);
    if (who === undefined) return [];
    return [{ type: "double-vote", ...who, phase, sequence, view, ...inOrder(one, other) }];
  });
}

function doubleProposals(
  proposals: readonly SignedProposal[],
  set: ValidatorSet,
): readonly Evidence[] {
  const pairs = contradictions(
    proposals,
    ({ voter, sequence, view }) => `${voter}/${sequence}/${view}`,
  );
  return pairs.flatMap(([one, other]) => {
    const { sequence, view } = one;
    const who = identityOf(set, one.voter);
    if (who === undefined) return [];
    return [{ type: "double-proposal", ...who, sequence, view, ...inOrder(one, other) }];
  });
}

/**
 * Finds COMMITs that a later request (ViewChange) of the same validator contradicts: the request
 * names neither the committed block nor a block prepared in a later view.
 */
function hiddenLocks(
  votes: readonly Signed[],
  requests: readonly SignedRequest[],
  set: ValidatorSet,
): readonly Evidence[] {
  const commits = votes.filter(({ phase }) => phase === "commit");
  return commits.flatMap(({ voter, sequence, view, digest, signature }) => {
    const liar = requests.find(
      ({ voter: asker, body }) =>
        asker === voter &&
        body.sequence === sequence &&
        body.newView > view &&
        !ownsUp(body, { view, digest }),
    );
    const who = identityOf(set, voter);
    if (liar === undefined || who === undefined) return [];
    const { body, signature: signed } = liar;
    return [
      { type: "hidden-lock", ...who, view, commit: { digest, signature }, body, signature: signed },
    ];
  });
}

function ownsUp(
  { prepared }: ViewChangeBody,
  { view, digest }: Pick<Signed, "view" | "digest">,
): boolean {
  if (prepared === undefined) return false;
  return prepared.view > view || (prepared.view === view && equalBytes(prepared.digest, digest));
}

/**
 * Returns the first two statements for different blocks with the same `placeName` (voter, phase,
 * sequence and view), for each such name.
 */
function contradictions<T extends { readonly digest: Uint8Array }>(
  statements: readonly T[],
  placeName: (statement: T) => string,
): readonly (readonly [T, T])[] {
  const first = new Map<string, T>();
  const pairs = new Map<string, readonly [T, T]>();
  for (const statement of statements) {
    const place = placeName(statement);
    const earlier = first.get(place);
    if (earlier === undefined) first.set(place, statement);
    else if (!pairs.has(place) && !equalBytes(earlier.digest, statement.digest)) {
      pairs.set(place, [earlier, statement]);
    }
  }
  return [...pairs.values()];
}

function placeOf({ voter, phase, sequence, view }: Signed): string {
  return `${voter}/${phase}/${sequence}/${view}`;
}

function unique<T>(items: readonly T[], name: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [name(item), item])).values()];
}

function identityOf(
  set: ValidatorSet,
  index: number,
): { readonly validator: AccountId; readonly key: Evidence["key"] } | undefined {
  const found = set.validators[index];
  return found === undefined ? undefined : { validator: found.id, key: found.key };
}

type Half = Pick<Signed, "digest" | "signature">;

function inOrder(one: Half, other: Half): { readonly first: Half; readonly second: Half } {
  const [left, right] = [one, other].map(({ digest, signature }) => ({ digest, signature }));
  if (left === undefined || right === undefined) throw new RangeError("a pair has two");
  const ascending = compareBytes(left.digest, right.digest) < 0;
  return ascending ? { first: left, second: right } : { first: right, second: left };
}

/** Returns the ids of the accused validators in hex. */
export function convictedOf(evidence: readonly Evidence[]): ReadonlySet<string> {
  return new Set(evidence.map(({ validator }) => toHex(validator)));
}
