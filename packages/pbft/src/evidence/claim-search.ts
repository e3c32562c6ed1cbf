import { type Digest, equalBytes, indexOfValidator } from "@aethel/models";
import type { KnownBlock, State } from "../state.ts";
import { discard, patch, type StepContext } from "../step-context.ts";
import { accuseWith, type Place, placesOf, usableClaim, votesCastFor } from "./false-header.ts";

/**
 * Has the application search a block for proof that its header is false. So another defect of the
 * block does not protect those who vote for it.
 *
 * Somebody may send such a block only to make others work. So a block is searched at most once,
 * after another validator has voted for it, and only if validation has not accepted it and will not
 * be asked about it. One block is searched at a time. This gives a faulty leader nothing new: it
 * can have a useless block validated in its view anyway, and a search takes no longer than that.
 */
export function searchSuspects(context: StepContext): void {
  const { state } = context;
  if (state.me === undefined || state.stopped || state.searches.running !== undefined) return;
  for (const place of placesOf(state)) {
    const suspect = place.blocks.find((known) => isSuspect(context, place, known));
    if (suspect === undefined) continue;
    const { digest, block } = suspect;
    const done = state.searches.done.filter((other) => isKept(state, other));
    const running = { digest, block, set: place.set, votes: [] };
    patch(context, { searches: { running, done: [...done, digest] } });
    context.effects.push({ type: "find-claim", digest, block });
    return;
  }
}

/**
 * Handles the result of a search. If a claim was found, accuses everybody who is known to have
 * voted for the block. Later voters for it are accused when their votes arrive.
 */
export function takeClaim(
  context: StepContext,
  digest: Digest,
  found: Uint8Array | undefined,
): void {
  const { searches, blocks, late } = context.state;
  const { running } = searches;
  if (running === undefined || !equalBytes(running.digest, digest)) {
    return discard(context, "claim", "not-asked-for");
  }
  patch(context, { searches: { ...searches, running: undefined } });
  const claim = usableClaim(found);
  if (claim === undefined) return;
  const withClaim = (known: KnownBlock): KnownBlock =>
    equalBytes(known.digest, digest) ? { ...known, claim } : known;
  const suspects = late.suspects.map(withClaim);
  patch(context, { blocks: blocks.map(withClaim), late: { ...late, suspects } });
  const { set, block, votes } = running;
  const later = placesOf(context.state).flatMap((place) => votesCastFor(place, digest));
  for (const vote of [...votes, ...later]) {
    accuseWith(context, { set, header: block.header, claim }, vote);
  }
}

/**
 * Copies the known votes for the block that is being searched, before the votes of its sequence are
 * forgotten.
 */
export function keepSuspectVotes(context: StepContext): void {
  const { searches } = context.state;
  const { running } = searches;
  if (running === undefined) return;
  const { digest } = running;
  const cast = placesOf(context.state).flatMap((place) => votesCastFor(place, digest));
  const votes = cast.length === 0 ? running.votes : cast;
  patch(context, { searches: { ...searches, running: { ...running, votes } } });
}

/**
 * Returns the blocks of a sequence for which voting may have been an offence: all that were neither
 * accepted nor finalized.
 */
export function suspectsOf({ blocks, committed }: Pick<State, "blocks" | "committed">): Suspects {
  return blocks.filter(
    ({ digest, verdict }) =>
      verdict !== "accepted" && !(committed !== undefined && equalBytes(committed.digest, digest)),
  );
}

type Suspects = readonly KnownBlock[];

/** Whether a block of the current sequence is being searched for a false header, or will be. */
export function isSearchDue(context: StepContext, known: KnownBlock): boolean {
  const { running } = context.state.searches;
  if (running !== undefined && equalBytes(running.digest, known.digest)) return true;
  const [, current] = placesOf(context.state);
  return context.state.me !== undefined && isSuspect(context, current, known);
}

function isSuspect({ state, config }: StepContext, place: Place, known: KnownBlock): boolean {
  const { digest, verdict, claim } = known;
  if (verdict === "accepted" || claim !== undefined || isAwaited(state, known)) return false;
  if (state.searches.done.some((other) => equalBytes(other, digest))) return false;
  const me = indexOfValidator(place.set, config.id);
  return votesCastFor(place, digest).some(({ voter }) => voter !== me);
}

/** Whether the application is validating a block, or will be asked to. */
function isAwaited(state: State, { digest, verdict }: KnownBlock): boolean {
  if (verdict === "refused") return false;
  const { validating, prepared, committed, proposal } = state;
  const voted = proposal?.votable === false ? undefined : proposal?.proposal;
  return [validating, prepared?.digest, committed?.digest, voted?.digest].some(
    (other) => other !== undefined && equalBytes(other, digest),
  );
}

function isKept({ blocks, late }: State, digest: Digest): boolean {
  return [...blocks, ...late.suspects].some((known) => equalBytes(known.digest, digest));
}
