import {
  type ConsensusMessage,
  type Digest,
  isQuorum,
  type NewView,
  powerOf,
  signableProposal,
  toHex,
  toSequence,
  toView,
  type View,
  type ViewChange,
} from "@aethel/models";
import { type Application, leaderAt } from "@aethel/pbft";
import { createOwnBlock } from "../behaviour/own-block.ts";
import type { Behaviour, Strategy, StrategyContext } from "../behaviour/strategy.ts";
import { ownIndex, signedRequest, signedVote } from "../behaviour/votes.ts";

/** ViewChange messages received for the current sequence, by voter, newest last. */
type Requests = Map<number, ViewChange[]>;

const KEPT_MAX = 16;

/**
 * As leader of a later view, sends NewViews that their ViewChange messages do not justify. They
 * propose a new block although one is prepared, re-propose the block of a lower certificate than
 * the highest, or show one ViewChange only, once or three times, in place of a quorum.
 */
export const forgedJustification: Strategy = {
  name: "forged-justification",
  create: (context) => forger(context, { onlyAsLeader: true }),
};

/**
 * Sends forged NewViews for views that other nodes lead, with ViewChange messages that it received.
 */
export const usurper: Strategy = {
  name: "usurper",
  create: (context) => forger(context, { onlyAsLeader: false }),
};

function forger(
  context: StrategyContext,
  { onlyAsLeader }: { readonly onlyAsLeader: boolean },
): Behaviour {
  const requests: Requests = new Map();
  const done = new Set<string>();
  let sequence = 0;
  let application: Application | undefined;
  const hear = (message: ConsensusMessage): void => {
    if (message.type !== "view-change") return;
    const current = context.head().header.sequence + 1;
    if (current !== sequence) requests.clear();
    sequence = current;
    if (message.body.sequence !== current) return;
    const own = requests.get(message.voter) ?? [];
    requests.set(message.voter, [...own, message].slice(-KEPT_MAX));
    // The forgery goes out at once: the leader that is due must not be first.
    if (isComplete(context, votesAt(message.body.newView))) void forge(message.body.newView);
  };
  const votesAt = (view: View): readonly ViewChange[] =>
    [...requests.values()].flatMap((list) =>
      list.filter(({ body }) => body.newView === view).slice(0, 1),
    );
  const forge = async (view: View): Promise<void> => {
    if (application === undefined) return;
    const head = context.head();
    const { header } = head;
    const leads = leaderAt({ head, sequence: toSequence(header.sequence + 1) }, view);
    const complete = isComplete(context, votesAt(view));
    const name = `${header.sequence}/${view}/${complete}`;
    if ((leads === ownIndex(context)) !== onlyAsLeader || done.has(name)) return;
    done.add(name);
    const block = await createOwnBlock(context, application);
    const forgery = { view, votes: votesAt(view), own: block?.digest };
    sendForged(context, forgery);
  };
  return {
    incoming: (message) => {
      hear(message);
      return true;
    },
    outgoing: (dispatch) => {
      hear(dispatch.message);
      // The replica's own NewView must not come before the forgery.
      const drop = onlyAsLeader && dispatch.message.type === "new-view";
      return drop ? [] : [dispatch];
    },
    application: (inner) => {
      application = inner;
      return inner;
    },
    // Some forgeries wait for no request: they are for the next views, whoever has entered them.
    act: () => {
      if (context.random.chance(0.2)) void forge(toView(1 + context.random.below(4)));
    },
    answer: (request) => {
      if (request.type !== "block") return undefined;
      const block = context.conspiracy.blocks.get(toHex(request.digest));
      return block === undefined ? undefined : { type: "block", block };
    },
  };
}

function isComplete(context: StrategyContext, votes: readonly ViewChange[]): boolean {
  const { validators } = context.head();
  const power = powerOf(
    validators,
    votes.map(({ voter }) => voter),
  );
  return isQuorum(power, validators);
}

interface Forgery {
  readonly view: ViewChange["body"]["newView"];
  readonly votes: readonly ViewChange[];
  readonly own: Digest | undefined;
}

/**
 * Sends a NewView with each kind of lie, in random order, to all nodes or to half of them, and
 * votes for each.
 */
function sendForged(context: StrategyContext, forgery: Forgery): void {
  const { random } = context;
  const wide = random.chance(0.9);
  const lies = LIES[isComplete(context, forgery.votes) ? "complete" : "incomplete"];
  for (const lie of random.shuffle<Lie>(lies)) {
    const message = forgedNewView(context, forgery, lie);
    if (message !== undefined) sendWithVotes(context, message, wide);
  }
}

function sendWithVotes(context: StrategyContext, message: NewView, wide: boolean): void {
  const { proposal } = message;
  const { others, send } = context;
  const vote = { ...proposal, voter: proposal.leader };
  for (const to of others.filter((_, at) => wide || at % 2 === 0)) {
    send({ to, message: { type: "new-view", ...message }, delayMs: 0 });
    for (const phase of ["prepare", "commit"] as const) {
      send({ to, message: signedVote(context, phase, vote), delayMs: 1 });
    }
  }
}

function forgedNewView(context: StrategyContext, forgery: Forgery, lie: Lie): NewView | undefined {
  const { genesis, signer } = context;
  const { view, own, votes } = forgery;
  const leader = ownIndex(context);
  const head = context.head();
  if (leader === undefined) return undefined;
  const certificates = votes.flatMap(({ prepareCertificate: each }) =>
    each === undefined ? [] : [each],
  );
  const [lower, higher] = certificates.toSorted((left, right) => left.view - right.view);
  // With one certificate, or all of one view, this would be no lie.
  if (lie === "lower" && (lower === undefined || lower.view === higher?.view)) return undefined;
  const certificate = lie === "lower" ? lower : undefined;
  const digest = certificate?.digest ?? own;
  if (digest === undefined) return undefined;
  const sequence = toSequence(head.header.sequence + 1);
  const signature = signer.sign(signableProposal(genesis, { sequence, view, digest }));
  const shown = lie === "fresh" || lie === "lower" ? asVotes(votes) : [ownVote(context, forgery)];
  return {
    proposal: { sequence, view, digest, leader, signature },
    parent: head.digest,
    votes: (lie === "twice" ? [...shown, ...shown, ...shown] : shown)
      .flatMap((vote) => (vote === undefined ? [] : [vote]))
      .toSorted((left, right) => left.voter - right.voter),
    parentCertificate: head.certificate,
    prepareCertificate: certificate,
  };
}

/**
 * Kind of lie in a NewView. `fresh`: a new block, although another may be prepared. `lower`: the
 * block of the lowest certificate. `few`: one ViewChange only, the sender's own, which names no
 * lock. `twice`: the sender's own ViewChange three times.
 */
type Lie = "fresh" | "lower" | "few" | "twice";
const LIES: Readonly<Record<"complete" | "incomplete", readonly Lie[]>> = {
  complete: ["fresh", "lower", "few"],
  incomplete: ["few", "twice"],
};

function asVotes(requests: readonly ViewChange[]): NewView["votes"] {
  return requests.map(({ voter, body, signature }) => ({
    voter,
    prepared: body.prepared,
    signature,
  }));
}

function ownVote(
  context: StrategyContext,
  { view }: Forgery,
): NewView["votes"][number] | undefined {
  const voter = ownIndex(context);
  if (voter === undefined) return undefined;
  const { signature } = signedRequest(context, { voter, newView: view });
  return { voter, prepared: undefined, signature };
}
