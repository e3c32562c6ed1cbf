import {
  blockDigest,
  type ConsensusMessage,
  type Digest,
  sha256,
  toDigest,
  toTimestamp,
  toView,
} from "@aethel/models";
import { sequenceOf } from "../src/index.ts";
import type { Strategy } from "./cluster-options.ts";
import type { ClusterView } from "./cluster-view.ts";
import { junk } from "./junk.ts";

/** Says nothing. */
export const silent: Strategy = () => [];

/** Tells odd nodes another story, signed: two proposals, two votes. */
export const equivocating: Strategy = (cluster, from, message, to) => {
  if (to % 2 === 0) return [message];
  switch (message.type) {
    case "pre-prepare": {
      const { outline, proposal } = message;
      if (outline === undefined) return [message];
      const timestamp = toTimestamp(outline.header.timestamp + 1);
      const other = { ...outline, header: { ...outline.header, timestamp } };
      const digest = blockDigest(other.header);
      const statement = { type: "pre-prepare", proposal: { ...proposal, digest }, outline: other };
      return [cluster.sign(from, statement as Parameters<ClusterView["sign"]>[1])];
    }
    case "prepare":
    case "commit":
      return [cluster.sign(from, { ...message, digest: scrambled(message.digest) })];
    case "view-change":
    case "new-view":
      return [message];
  }
};

/** Votes for whatever anyone proposes, twice, and speaks to a random part of the others. */
export const selective: Strategy = (cluster, _, message) =>
  cluster.random() < 0.5 ? [message] : [];

/** Forgets its lock: asks for views as if it had prepared nothing. */
export const forgetful: Strategy = (cluster, from, message) => {
  if (message.type !== "view-change") return [message];
  const body = { ...message.body, prepared: undefined };
  return [cluster.sign(from, { ...message, body, prepareCertificate: undefined })];
};

/** Asks for views far away, at every opportunity. */
export const hasty: Strategy = (cluster, from, message) => {
  const { state } = cluster.node(from);
  if (state === undefined || sequenceOf(message) !== state.sequence) return [message];
  const { head, sequence } = state;
  const body = {
    validators: head.validators.hash,
    sequence,
    newView: toView(1 + Math.floor(cluster.random() * 4_000_000_000)),
    parent: head.digest,
    prepared: undefined,
  };
  const voter = state.me ?? (0 as never);
  const { certificate: parentCertificate } = head;
  const common = { type: "view-change", body, voter, prepareCertificate: undefined } as const;
  return [message, cluster.sign(from, { ...common, parentCertificate })];
};

/** Damages what it sends, signature or content. */
export const garbled: Strategy = (cluster, _, message) => [damaged(cluster, message)];

/** Signs all that can be signed, in great numbers; only memory and others' patience end it. */
export const floodingBy =
  (times: number): Strategy =>
  (cluster, from, message) => {
    const { head } = cluster.node(from).app;
    const first = cluster.messages + 1;
    const serials = Array.from({ length: times }, (_, more) => first + more);
    return [message, ...serials.flatMap((serial) => junk(cluster, { from, serial, head }))];
  };

export const strategies: Readonly<Record<string, Strategy>> = {
  silent,
  equivocating,
  selective,
  forgetful,
  hasty,
  garbled,
  flooding: floodingBy(2),
};

function damaged(cluster: ClusterView, message: ConsensusMessage): ConsensusMessage {
  const view = toView(Math.floor(cluster.random() * 5));
  switch (message.type) {
    case "prepare":
    case "commit":
      return { ...message, view };
    case "pre-prepare":
    case "new-view":
      return { ...message, proposal: { ...message.proposal, view } };
    case "view-change":
      return { ...message, body: { ...message.body, newView: view } };
  }
}

function scrambled(digest: Digest): Digest {
  return toDigest(sha256(digest));
}
