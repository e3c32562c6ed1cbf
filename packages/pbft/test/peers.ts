import { completeBlock, type Evidence, equalBytes, toSequence } from "@aethel/models";
import { type Effect, findBlockDefect, findFinalizedDefect } from "../src/index.ts";
import { answerSignedHead } from "../src/listening/answer-signed-head.ts";
import { isWelcomeEvidence } from "../src/replica/evidence-exchange.ts";
import type { ClusterView } from "./cluster-view.ts";
import { GENESIS } from "./keys.ts";

/**
 * Completes an outline with the items of the application, or asks one peer after another for the
 * block until the sequence is over.
 */
export function fetchBlock(
  cluster: ClusterView,
  index: number,
  { digest, outline }: Extract<Effect, { readonly type: "fetch-block" }>,
): void {
  const { sequence: wanted } = cluster.state(index);
  const items = outline?.items.flatMap((hash) => cluster.node(index).app.item(hash) ?? []) ?? [];
  const complete = outline === undefined ? undefined : completeBlock(outline, items);
  if (complete !== undefined) {
    cluster.later(index, 0, () => cluster.input(index, { type: "block", digest, block: complete }));
    return;
  }
  const attempt = (turn: number): void => {
    cluster.later(index, 5, () => {
      const { sequence, head } = cluster.state(index);
      if (sequence !== wanted || turn > 1_000) return;
      const peer = (index + 1 + turn) % cluster.nodes.length;
      const found = cluster.nodes[peer]?.state?.blocks.find((known) =>
        equalBytes(known.digest, digest),
      );
      if (found === undefined || !isReachable(cluster, index, peer)) return attempt(turn + 1);
      const { verify } = cluster.membership;
      const context = { genesis: GENESIS, previousSet: head.previousValidators, verify };
      const { block } = found;
      const defect = findBlockDefect({ block, digest }, context);
      if (defect === undefined) cluster.input(index, { type: "block", digest, block });
    });
  };
  attempt(0);
}

/** Asks one peer after another for the final block that follows. */
export function fetchBlocks(cluster: ClusterView, index: number, from: number): void {
  const attempt = (turn: number): void => {
    cluster.later(index, 20, () => {
      const { sequence, head } = cluster.state(index);
      if (sequence !== from || turn > cluster.nodes.length) return;
      const peer = (index + 1 + turn) % cluster.nodes.length;
      const finalized = cluster.nodes[peer]?.app.blocks[from - 1];
      const isUp = cluster.nodes[peer]?.state !== undefined;
      if (finalized === undefined || !isUp || !isReachable(cluster, index, peer)) {
        return attempt(turn + 1);
      }
      const { validators: set, previousValidators: previousSet } = head;
      const { verify } = cluster.membership;
      const defect = findFinalizedDefect(finalized, { genesis: GENESIS, set, previousSet, verify });
      if (defect === undefined) cluster.input(index, { type: "finalized", finalized });
    });
  };
  attempt(0);
}

/** Asks a peer how far it is. */
export function askHead(cluster: ClusterView, index: number, peer: number): void {
  if (peer === index) return;
  cluster.later(index, 20, () => {
    const isUp = cluster.nodes[peer]?.state !== undefined;
    if (!isUp || !isReachable(cluster, index, peer)) return;
    const sequence = toSequence(cluster.height(peer));
    const id = cluster.membership.members[peer]?.id;
    if (sequence > cluster.height(index)) {
      cluster.input(index, { type: "ahead", sequence, peer: id });
    }
  });
}

/** Offers evidence to a peer. */
export function shareEvidence(
  cluster: ClusterView,
  from: number,
  peer: number,
  item: Evidence,
): void {
  if (peer === from) return;
  cluster.later(from, 20, () => {
    const state = cluster.nodes[peer]?.state;
    if (state === undefined || !isReachable(cluster, from, peer)) return;
    const { verify } = cluster.membership;
    const sender = cluster.node(from).config.id;
    const options = { item, from: sender, state, genesis: GENESIS, verify };
    if (!isWelcomeEvidence(options)) return;
    cluster.input(peer, { type: "evidence", evidence: item, from: sender });
  });
}

/** Asks peers for signed heads; what they hold of the asker comes first, as from the network. */
export function askSignedHeads(
  cluster: ClusterView,
  index: number,
  { of, listening }: Extract<Effect, { readonly type: "ask-signed-heads" }>,
): void {
  const asker = cluster.node(index).config.id;
  for (const validator of of) {
    const peer = cluster.membership.members.findIndex(({ id }) => equalBytes(id, validator));
    const member = cluster.membership.members[peer];
    cluster.later(index, 20, () => {
      const state = cluster.nodes[peer]?.state;
      if (member === undefined || state === undefined) return;
      if (!isReachable(cluster, index, peer)) return;
      if (listening) cluster.input(peer, { type: "listener", validator: asker });
      const response = answerSignedHead({
        request: { type: "signed-head", nonce: GENESIS, validator: asker, listening },
        state,
        genesis: GENESIS,
        signers: [member.signer],
        id: member.id,
      });
      if (response.type !== "signed-head") return;
      cluster.later(index, 20, () => {
        for (const message of response.seen) cluster.receive(index, message, peer);
        const { sequence } = response;
        cluster.input(index, { type: "signed-head", validator, sequence });
      });
    });
  }
}

/** Tells a peer how far we are. */
export function tellHead(
  cluster: ClusterView,
  options: { readonly from: number; readonly to: Uint8Array; readonly known: number },
): void {
  const { from, to, known } = options;
  const peer = cluster.membership.members.findIndex(({ id }) => equalBytes(id, to));
  if (peer < 0 || !cluster.connected(from, peer)) return;
  const id = cluster.membership.members[from]?.id;
  const sequence = toSequence(known);
  cluster.later(peer, 10, () => cluster.input(peer, { type: "ahead", sequence, peer: id }));
}

function isReachable(cluster: ClusterView, index: number, peer: number): boolean {
  return peer !== index && cluster.connected(index, peer) && cluster.connected(peer, index);
}
