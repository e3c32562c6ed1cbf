import {
  type ConsensusMessage,
  type NewView,
  sha256,
  toDigest,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { authenticate, step } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { GENESIS } from "./keys.ts";

import { tapped, without } from "./taps.ts";

describe("what authenticates", () => {
  test("B9: a commit certificate with signatures for another block, view or phase is refused", () => {
    const cluster = new Cluster({ scheme: "ed25519" }).startAll();
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.heights().every((h) => h === 1) });
    const messages = tapped(cluster);
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.heights().every((h) => h === 2) });
    const proposal = messages.find((message) => message.type === "pre-prepare");
    if (proposal?.type !== "pre-prepare" || proposal.outline === undefined) throw new Error("none");
    const certificate = proposal.outline.parentCertificate;
    if (certificate === undefined) throw new Error("no certificate");
    const { set } = cluster.membership;
    const context = { genesis: GENESIS, set, previousSet: set };
    const { head } = cluster.state(0);
    const body = {
      validators: set.hash,
      sequence: proposal.proposal.sequence,
      newView: toView(1),
      parent: head.digest,
      prepared: undefined,
    };
    const request = (parentCertificate: typeof certificate): ConsensusMessage =>
      cluster.sign(1, {
        type: "view-change",
        body,
        voter: toValidatorIndex(1),
        parentCertificate,
        prepareCertificate: undefined,
      });

    expect(authenticate(request(certificate), context)).toBeUndefined();
    const wrong = [
      { ...certificate, digest: toDigest(sha256(certificate.digest)) },
      { ...certificate, view: toView(certificate.view + 1) },
      { ...certificate, phase: "prepare" as const },
      { ...certificate, sequence: proposal.proposal.sequence },
    ];
    for (const each of wrong) expect(authenticate(request(each), context)).toBeDefined();
    const foreign = { ...context, genesis: sha256(GENESIS) };
    expect(authenticate(request(certificate), foreign)).toBe("bad-signature");
  });

  test("B16: a validator index out of bounds is a defect, in every message that has one", () => {
    const cluster = new Cluster().startAll();
    const { set, verify } = cluster.membership;
    const context = { genesis: GENESIS, set, previousSet: set, verify };
    const { head, sequence } = cluster.state(0);
    const [voter, view, digest] = [toValidatorIndex(4), toView(0), head.digest];
    const signature = toSignature(new Uint8Array(64));
    const body = {
      validators: set.hash,
      sequence,
      newView: toView(1),
      parent: head.digest,
      prepared: undefined,
    };
    const none = { parentCertificate: undefined, prepareCertificate: undefined };
    const proposal = { sequence, view, digest, leader: voter, signature };
    const messages: readonly ConsensusMessage[] = [
      { type: "prepare", sequence, view, digest, voter, signature },
      { type: "commit", sequence, view, digest, voter, signature },
      { type: "view-change", body, voter, signature, ...none },
      { type: "pre-prepare", proposal, outline: undefined },
      { type: "new-view", proposal, parent: head.digest, votes: [], ...none },
    ];
    for (const message of messages) {
      expect(authenticate(message, context)).toBe("index-out-of-bounds");
    }
  });

  test("B25: a NewView with any part of its justification changed is refused", () => {
    const cluster = new Cluster().startAll();
    const messages = tapped(cluster);
    without(cluster, "commit");
    cluster.work();
    const target = 0;
    cluster.run({ forMs: 30_000, until: () => messages.some(isJustified) });
    const newView = messages.find(isJustified);
    if (newView === undefined) throw new Error("no NewView with a certificate");
    const leader = newView.proposal.leader;
    const digest = toDigest(sha256(GENESIS));
    const [first, ...rest] = newView.votes;
    if (first === undefined) throw new Error("no votes");
    const resigned = (changes: Partial<NewView>): ConsensusMessage =>
      cluster.sign(leader, { ...newView, ...changes, type: "new-view" });
    const early = toView(newView.proposal.view - 1);
    const wrong: readonly (readonly [string, ConsensusMessage])[] = [
      ["another digest", resigned({ proposal: { ...newView.proposal, digest } })],
      ["no certificate", resigned({ prepareCertificate: undefined })],
      ["no votes", resigned({ votes: [] })],
      ["no quorum", resigned({ votes: rest.slice(0, 1) })],
      ["a vote twice", resigned({ votes: [first, first, ...rest] })],
      ["out of order", resigned({ votes: newView.votes.toReversed() })],
      ["another parent", resigned({ parent: digest })],
      [
        "a lock hidden",
        resigned({ votes: newView.votes.map((v) => ({ ...v, prepared: undefined })) }),
      ],
      ["an older view", resigned({ proposal: { ...newView.proposal, view: early } })],
      [
        "another leader",
        cluster.sign((leader + 1) % 4, {
          ...newView,
          proposal: { ...newView.proposal, leader: toValidatorIndex((leader + 1) % 4) },
        }),
      ],
    ];

    for (const [what, message] of wrong) {
      expect(accepts(message), what).toBe(false);
    }
    expect(accepts(newView), "the genuine one").toBe(true);

    function accepts(message: ConsensusMessage): boolean {
      const node = cluster.node(target);
      const { set, verify } = cluster.membership;
      const context = { genesis: GENESIS, set, previousSet: set, verify };
      if (authenticate(message, context) !== undefined) return false;
      // A replica that has not voted in the view yet.
      const fresh = { ...cluster.state(target), view: toView(1), proposal: undefined };
      const input = { type: "message", message, from: undefined, now: cluster.now } as const;
      const { state } = step(node.config, { ...fresh, phase: "changing" }, input);
      return state.proposal !== undefined;
    }
  });
});

function isJustified(
  message: ConsensusMessage,
): message is Extract<ConsensusMessage, { type: "new-view" }> {
  return message.type === "new-view" && message.prepareCertificate !== undefined;
}
