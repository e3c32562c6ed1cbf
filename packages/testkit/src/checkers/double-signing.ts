import { type ConsensusMessage, type Digest, equalBytes, toHex } from "@aethel/models";
import { type Place, placeOf } from "../messages.ts";
import type { Checker } from "./checker.ts";

/** Messages that one node sent at one sequence. */
interface Said {
  /** Digest that the node signed, in hex, by kind of message and view. */
  readonly votes: Map<string, string>;
  /** COMMITs that the node sent, with their views. */
  readonly commits: { readonly view: number; readonly digest: Digest }[];
  /** Highest view to which the node asked to change; 0 if none. */
  asked: number;
}

const SEQUENCES_KEPT = 32;

/**
 * Checks that no honest node contradicts itself, not even after a crash. A node signs one digest
 * for each kind of message and view. It signs nothing in a view below one to which it asked to
 * change. None of its ViewChange requests hides a block that it committed to. The checker shares no
 * code with pbft's evidence, which it serves to test.
 */
export function createDoubleSigningChecker(): Checker {
  const nodes = new Map<number, Map<number, Said>>();
  const saidAt = (node: number, sequence: number): Said => {
    const sequences = nodes.get(node) ?? new Map<number, Said>();
    nodes.set(node, sequences);
    const said = sequences.get(sequence) ?? { votes: new Map(), commits: [], asked: 0 };
    sequences.set(sequence, said);
    const [oldest] = sequences.keys();
    if (sequences.size > SEQUENCES_KEPT && oldest !== undefined) sequences.delete(oldest);
    return said;
  };
  return {
    name: "double-signing",
    observe: (observation) => {
      if (observation.type !== "said") return undefined;
      const { node, message } = observation;
      const place = placeOf(message);
      const said = saidAt(node, place.sequence);
      const fault =
        message.type === "view-change"
          ? onRequest(said, message.body)
          : onVote(said, place, message);
      return fault === undefined
        ? undefined
        : `node ${node} at sequence ${place.sequence}: ${fault}`;
    },
  };
}

type Vote = Exclude<ConsensusMessage, { readonly type: "view-change" }>;
type Request = Extract<ConsensusMessage, { readonly type: "view-change" }>["body"];

function onVote(said: Said, { view }: Place, message: Vote): string | undefined {
  const isVote = message.type === "prepare" || message.type === "commit";
  const digest = isVote ? message.digest : message.proposal.digest;
  const kind = isVote ? message.type : "proposal";
  const name = `${kind} in view ${view}`;
  const hex = toHex(digest);
  const before = said.votes.get(name);
  if (before === hex) return undefined;
  if (before !== undefined) {
    return `${name} for ${hex.slice(0, 8)} after one for ${before.slice(0, 8)}`;
  }
  if (view < said.asked) return `${name} after it had asked for view ${said.asked}`;
  said.votes.set(name, hex);
  if (kind === "commit") said.commits.push({ view, digest });
  return undefined;
}

function onRequest(said: Said, { newView, prepared }: Request): string | undefined {
  const hidden = said.commits.find(
    ({ view, digest }) =>
      view < newView &&
      (prepared === undefined ||
        prepared.view < view ||
        (prepared.view === view && !equalBytes(prepared.digest, digest))),
  );
  if (hidden !== undefined) {
    return `asked for view ${newView} hiding its COMMIT in view ${hidden.view}`;
  }
  said.asked = Math.max(said.asked, newView);
  return undefined;
}
