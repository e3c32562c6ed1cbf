import { type Evidence, findEvidenceDefect, type VerifySigned } from "@aethel/models";
import { offenceKey } from "../evidence/offence.ts";
import { isAboutSetInHand } from "../evidence/pending.ts";
import type { Transport } from "../ports.ts";
import type { State } from "../state.ts";

/** Whether evidence from a peer is new, about a validator of now, and proven; the cheap questions first. */
export function isWelcomeEvidence(options: {
  readonly item: Evidence;
  readonly state: State;
  readonly genesis: State["head"]["header"]["chain"];
  readonly verify: VerifySigned | undefined;
}): boolean {
  const { item, state, genesis, verify } = options;
  if (!isAboutSetInHand(state, item)) return false;
  const key = offenceKey(item);
  const isKnown =
    state.evidence.some(({ evidence }) => offenceKey(evidence) === key) ||
    state.closedOffences.some((closed) => closed.key === key);
  return !isKnown && findEvidenceDefect(genesis, item, verify) === undefined;
}

/** Offers evidence to all peers, once each; who does not answer is offered it again with the next. */
export function offerEvidence(
  transport: Pick<Transport, "request" | "peers">,
  item: Evidence,
  signal: AbortSignal,
): void {
  for (const peer of transport.peers()) {
    transport.request(peer, { type: "evidence", item }, signal).catch(() => undefined);
  }
}
