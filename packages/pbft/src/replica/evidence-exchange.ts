import {
  type AccountId,
  type Digest,
  type Evidence,
  findEvidenceDefect,
  type VerifySigned,
} from "@aethel/models";
import { isNews } from "../evidence/pending.ts";
import type { Transport } from "../ports.ts";
import type { State } from "../state.ts";

/** Whether evidence from a peer may be kept and proves its offence. The cheap checks come first. */
export function isWelcomeEvidence(options: {
  readonly item: Evidence;
  readonly from: AccountId | undefined;
  readonly state: State;
  readonly genesis: Digest;
  readonly verify: VerifySigned | undefined;
}): boolean {
  const { item, from, state, genesis, verify } = options;
  if (from === undefined || !isNews(state, item, from)) return false;
  return findEvidenceDefect(genesis, item, verify) === undefined;
}

/**
 * Sends evidence to all peers, once to each. A peer that does not answer gets it again when it is
 * shared the next time.
 */
export function offerEvidence(
  transport: Pick<Transport, "request" | "peers">,
  item: Evidence,
  signal: AbortSignal,
): void {
  for (const peer of transport.peers()) {
    transport.request(peer, { type: "evidence", item }, signal).catch(() => undefined);
  }
}
