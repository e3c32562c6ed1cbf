import {
  blockDigest,
  createCertificate,
  equalBytes,
  findEvidenceDefect,
  type QuorumCertificate,
  sha256,
  toDigest,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { votesOf } from "../src/books/vote-book.ts";
import { Cluster } from "./cluster.ts";
import { GENESIS } from "./keys.ts";
import { equivocating, forgetful } from "./strategies.ts";

describe("evidence", () => {
  test("P36: an equivocating leader is convicted by what observers hold, and nobody else is", () => {
    const probe = new Cluster({ scheme: "ed25519" });
    const guilty = probe.leader(1, 0);
    const cluster = new Cluster({
      scheme: "ed25519",
      byzantine: new Map([[guilty, equivocating]]),
    }).startAll();
    // Both halves hear everything that honest nodes relay: here, the other story directly.
    const send = cluster.send.bind(cluster);
    cluster.send = (from, to, message) => {
      send(from, to, message);
      if (from === guilty) send(from, (to + 1) % 4, message);
    };
    cluster.work();
    cluster.run({
      forMs: 20_000,
      until: () => cluster.honest().every((at) => cluster.height(at) >= 1),
    });

    const { id } = cluster.node(guilty).config;
    expect(cluster.evidence.length).toBeGreaterThan(0);
    for (const item of cluster.evidence) {
      expect(equalBytes(item.validator, id)).toBe(true);
      expect(findEvidenceDefect(GENESIS, item)).toBeUndefined();
    }
    const kinds = new Set(cluster.evidence.map(({ type }) => type));
    expect(kinds).toContain("double-proposal");
  });

  test("P36: who forgets a lock that it has committed to is convicted of hiding it", () => {
    const cluster = new Cluster({
      scheme: "ed25519",
      byzantine: new Map([[1, forgetful]]),
    }).startAll();
    // COMMIT votes of the others are lost, so the lock stays open and views change.
    const send = cluster.send.bind(cluster);
    cluster.send = (from, to, message) => {
      if (message.type !== "commit" || from === 1) send(from, to, message);
    };
    cluster.work();
    cluster.run({ forMs: 10_000 });

    const hidden = cluster.evidence.filter(({ type }) => type === "hidden-lock");
    expect(hidden.length).toBeGreaterThan(0);
    for (const item of cluster.evidence) {
      expect(equalBytes(item.validator, cluster.node(1).config.id)).toBe(true);
      expect(findEvidenceDefect(GENESIS, item)).toBeUndefined();
    }
  });

  test.each([
    ["nothing", "commit first", undefined],
    ["nothing", "request first", undefined],
    ["another block of that view", "commit first", 9],
    ["another block of that view", "request first", 9],
  ] as const)(
    "P36: a COMMIT, and a request that names %s, convict in either order: %s",
    (_, order, other) => {
      const cluster = new Cluster({ scheme: "ed25519" }).startAll();
      cluster.framed.add(3);
      const { head, sequence } = cluster.state(0);
      const lock = (seed: number): QuorumCertificate => {
        const vote = { sequence, view: toView(0), digest: sha256(new Uint8Array([seed])) };
        const votes = [1, 2, 3].map((index) => {
          const voter = toValidatorIndex(index);
          const message = cluster.sign(index, { type: "prepare", ...vote, voter });
          if (message.type !== "prepare") throw new Error("a PREPARE");
          return message;
        });
        return createCertificate({ phase: "prepare", vote, set: head.validators, votes });
      };
      const voter = toValidatorIndex(3);
      const { view, digest } = lock(1);
      const commit = cluster.sign(3, { type: "commit", sequence, view, digest, voter });
      const prepareCertificate = other && lock(other);
      const body = {
        validators: head.validators.hash,
        sequence,
        newView: toView(1),
        parent: head.digest,
        prepared: prepareCertificate && { view, digest: prepareCertificate.digest },
      };
      const attached = { parentCertificate: undefined, prepareCertificate };
      const request = cluster.sign(3, { type: "view-change", body, voter, ...attached });

      const messages = order === "commit first" ? [commit, request] : [request, commit];
      for (const message of messages) cluster.receive(0, message, 3);

      const [item] = cluster.evidence;
      expect(cluster.evidence.map(({ type }) => type)).toEqual(["hidden-lock"]);
      expect(item && findEvidenceDefect(GENESIS, item)).toBeUndefined();
    },
  );

  test("P36: a second vote that comes after its block is final still convicts, by the set of then", () => {
    const cluster = new Cluster({ scheme: "ed25519" }).startAll();
    cluster.framed.add(3);
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.heights().every((h) => h === 1) });
    const { prepare } = cluster.state(0).late;
    const vote = votesOf(prepare, toValidatorIndex(3))[0];
    if (vote === undefined) throw new Error("everyone has voted");
    const digest = toDigest(sha256(vote.digest));
    const { sequence } = cluster.state(0).head.header;
    const second = { sequence, view: vote.view, digest, voter: toValidatorIndex(3) };

    cluster.receive(0, cluster.sign(3, { type: "prepare", ...second }), 3);

    const [item] = cluster.evidence;
    expect(item?.type).toBe("double-vote");
    expect(item && findEvidenceDefect(GENESIS, item)).toBeUndefined();
    expect(item && equalBytes(item.validator, cluster.node(3).config.id)).toBe(true);
  });

  test("evidence is offered to the next proposal and forgotten once a final block holds it", () => {
    const cluster = new Cluster({ scheme: "ed25519" }).startAll();
    const { head, sequence } = cluster.state(0);
    const vote = {
      type: "prepare",
      sequence,
      view: toView(0),
      voter: toValidatorIndex(3),
    } as const;
    const pair = [head.digest, toDigest(sha256(head.digest))].map((digest) =>
      cluster.sign(3, { ...vote, digest }),
    );
    cluster.framed.add(3);
    for (const message of pair) {
      for (const at of [0, 1, 2]) cluster.receive(at, message, 3);
    }
    cluster.run({ forMs: 20_000, until: () => cluster.heights().every((h) => h >= 1) });
    cluster.run({ forMs: 5_000 });

    const settled = cluster.node(0).app.blocks.flatMap(({ block }) => block.evidence);
    expect(settled).toHaveLength(1);
    for (const at of [0, 1, 2]) expect(cluster.state(at).evidence).toEqual([]);
    expect(blockDigest(cluster.node(0).app.head.header)).toEqual(cluster.node(0).app.head.digest);
  });
});
