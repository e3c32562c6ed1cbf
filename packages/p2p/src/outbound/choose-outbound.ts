/**
 * Origin of an address. `anchor`: a connection that proved good before a restart. `bootstrap`: the
 * operator's configuration. `record NAME`: the signed record of the validator NAME. `peer NAME`:
 * the peer NAME told it. Others: `dns`, `mdns`, `dht`.
 */
export type CandidateSource =
  | "anchor"
  | "bootstrap"
  | "dns"
  | "mdns"
  | "dht"
  | `record ${string}`
  | `peer ${string}`;

/** Peer that could be dialed. */
export interface Candidate {
  /** Peer id as text. Undefined if the address does not tell it. */
  readonly peer?: string;
  readonly address: string;
  readonly source: CandidateSource;
  /** Record of dialing it: below 0 after failures. */
  readonly score: number;
}

/** Outbound connection that takes a slot. */
export interface OutboundSlot {
  readonly peer: string;
  readonly address: string;
  readonly source: CandidateSource;
}

/** Options of the choice. */
export interface ChooseOutboundOptions {
  readonly candidates: readonly Candidate[];
  readonly connected: readonly OutboundSlot[];
  /** Most outbound connections. */
  readonly slots: number;
  /** Returns the group of an address: addresses that one attacker could easily have together. */
  readonly groupOf: (address: string) => string;
  /** Returns a number from 0 to 1 that is drawn anew for each choice. It breaks ties. */
  readonly lot: (candidate: Candidate) => number;
}

/**
 * Chooses the peers to dial now, in their order. Half of the slots, rounded up, are kept for anchors,
 * the operator's peers and the peers of validators' records, even while there are none: strangers
 * that came first cannot take them. The others go to strangers. Of one address group and of one
 * source a stranger takes one slot, and a second one only when nothing else is left. Of one
 * validator's record one peer is taken, and a second one only when every validator has one.
 */
export function chooseOutbound(options: ChooseOutboundOptions): readonly Candidate[] {
  const { slots, groupOf, lot } = options;
  const taken: OutboundSlot[] = [...options.connected];
  const chosen: Candidate[] = [];
  const drawn = inDrawnOrder(options.candidates, lot);
  const guests = Math.floor(slots / 2);

  function fits(candidate: Candidate, each: number): boolean {
    const { peer, address, source } = candidate;
    if (taken.length >= slots) return false;
    if (taken.some((slot) => slot.address === address || slot.peer === peer)) return false;
    const ofSource = taken.filter((slot) => slot.source === source).length;
    if (isKept(source)) return !source.startsWith("record ") || ofSource < each;
    const strangers = taken.filter((slot) => !isKept(slot.source));
    if (strangers.length >= guests) return false;
    const group = groupOf(address);
    const ofGroup = taken.filter((slot) => groupOf(slot.address) === group).length;
    return ofGroup < each && ofSource < each;
  }

  for (const each of [1, 2]) {
    for (const candidate of drawn) {
      if (!fits(candidate, each)) continue;
      const { address, source } = candidate;
      taken.push({ peer: candidate.peer ?? address, address, source });
      chosen.push(candidate);
    }
  }
  return chosen;
}

/**
 * Sorts candidates by rank, then by a lot of their source, then by their own. So a validator or a
 * peer that tells many addresses has no better chance than one that tells one.
 */
function inDrawnOrder(
  candidates: readonly Candidate[],
  lot: (candidate: Candidate) => number,
): readonly Candidate[] {
  const ofSources = new Map<CandidateSource, number>();
  for (const candidate of candidates) {
    if (!ofSources.has(candidate.source)) ofSources.set(candidate.source, lot(candidate));
  }
  return candidates
    .map((candidate) => ({
      candidate,
      rank: rank(candidate),
      ofSource: ofSources.get(candidate.source) ?? 0,
      lot: lot(candidate),
    }))
    .toSorted(
      (left, right) =>
        left.rank - right.rank || left.ofSource - right.ofSource || left.lot - right.lot,
    )
    .map(({ candidate }) => candidate);
}

/** Whether a source has slots that are kept for it. */
function isKept(source: CandidateSource): boolean {
  return source === "anchor" || source === "bootstrap" || source.startsWith("record ");
}

function rank({ source, score }: Candidate): number {
  const failed = score < 0 ? 10 : 0;
  if (source === "anchor") return failed;
  if (source.startsWith("record ")) return failed + 1;
  return failed + (source === "bootstrap" ? 2 : 3);
}
