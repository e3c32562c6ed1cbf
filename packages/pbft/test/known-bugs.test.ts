import {
  blockDigest,
  type ConsensusMessage,
  equalBytes,
  findEvidenceDefect,
  type NewView,
  sha256,
  toDigest,
  toHex,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { authenticate, decodeSigningLog, SigningRecord, step } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import type { Strategy } from "./cluster-options.ts";
import { GENESIS } from "./keys.ts";
import { equivocating, forgetful } from "./strategies.ts";

/** All that was sent, for tests that look at messages. */
function tapped(cluster: Cluster): ConsensusMessage[] {
  const messages: ConsensusMessage[] = [];
  const send = cluster.send.bind(cluster);
  cluster.send = (from, to, message) => {
    messages.push(message);
    send(from, to, message);
  };
  return messages;
}

const only = (cluster: Cluster, type: ConsensusMessage["type"]): void => {
  const send = cluster.send.bind(cluster);
  cluster.send = (from, to, message) => {
    if (message.type !== type) send(from, to, message);
  };
};

describe("locks", () => {
  test("B1: a block that one replica may have committed survives any number of view changes", () => {
    const cluster = new Cluster().startAll();
    // All prepare, and nobody's COMMIT arrives: everyone is locked, nobody has finalized.
    const send = cluster.send.bind(cluster);
    let cut = true;
    cluster.send = (from, to, message) => {
      if (!cut || message.type !== "commit") send(from, to, message);
    };
    cluster.work();
    cluster.run({ forMs: 900 });
    const first = cluster.state(0).signed.commit;
    cluster.run({ forMs: 40_000 });
    const locked = cluster.nodes.map((_, at) => cluster.state(at).prepared);
    const views = cluster.nodes.map((_, at) => cluster.state(at).view);

    expect(Math.min(...views)).toBeGreaterThan(3);
    const digests = new Set(locked.map((lock) => lock && toHex(lock.digest)));
    expect([...digests]).toEqual([first && toHex(first.digest)]);
    cut = false;
    const done = cluster.run({
      forMs: 20_000,
      until: () => cluster.heights().every((h) => h === 1),
    });
    expect(done).toBe(true);
    expect(toHex(cluster.node(0).app.head.digest)).toBe([...digests][0]);
  });

  test("B1 R7.6: lock a block, partition for 24 hours, heal, finalize it", () => {
    const cluster = new Cluster().startAll();
    cluster.work();
    cluster.run({ forMs: 5_000, until: () => cluster.state(0).signed.commit !== undefined });
    cluster.connected = () => false;
    const { prepared } = cluster.state(0);
    cluster.run({ forMs: 24 * 3_600_000 });
    cluster.connected = () => true;
    const healed = cluster.now;

    const done = cluster.run({
      forMs: 60_000,
      until: () => cluster.heights().every((h) => h >= 1),
    });

    expect(done).toBe(true);
    expect(cluster.now - healed).toBeLessThan(30_000);
    expect(toHex(cluster.node(3).app.head.digest)).toBe(prepared && toHex(prepared.digest));
  });

  test("B4: a replica that prepared nothing itself carries the certificate it saw into its request", () => {
    const cluster = new Cluster().startAll();
    const [leader, abstainer] = [cluster.leader(1, 0), (cluster.leader(1, 0) + 1) % 4];
    cluster.node(abstainer).app.override = () => ({ type: "abstained", reason: "busy" });
    only(cluster, "commit");
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.state(abstainer).view > 0 });

    expect(leader).not.toBe(abstainer);
    expect(cluster.state(abstainer).signed.prepare).toBeUndefined();
    expect(cluster.state(abstainer).signed.commit).toBeUndefined();
    expect(cluster.state(abstainer).prepared?.view).toBe(0);
  });

  test("B4: a lock with f honest abstainers finalizes once they have judged without a watchdog", () => {
    const leader = new Cluster().leader(1, 0);
    const [abstainer, byzantine] = [(leader + 1) % 4, (leader + 2) % 4];
    // Its PREPARE completes the certificate in view 0; from then on it is silent.
    const helpOnce: Strategy = (_, __, message) =>
      message.type === "prepare" && message.view === 0 ? [message] : [];
    const cluster = new Cluster({ byzantine: new Map([[byzantine, helpOnce]]) }).startAll();
    cluster.node(abstainer).app.override = (_, patience) =>
      patience === "watchdog" ? { type: "abstained", reason: "watchdog" } : undefined;
    cluster.work();
    cluster.run({ forMs: 5_000, until: () => cluster.state(leader).signed.commit !== undefined });
    const locked = cluster.state(leader).prepared;
    const honest = cluster.honest();

    const done = cluster.run({
      forMs: 30_000,
      until: () => honest.every((at) => cluster.height(at) === 1),
    });

    expect(done).toBe(true);
    expect(toHex(cluster.node(abstainer).app.head.digest)).toBe(locked && toHex(locked.digest));
  });

  test("a replica that refutes a certified block stops, does not apply it, and says so", () => {
    const cluster = new Cluster().startAll();
    cluster.node(2).app.override = () => ({ type: "refused", reason: "not valid here" });
    cluster.work();
    cluster.run({ forMs: 20_000 });

    expect(cluster.diverged).toEqual([2]);
    expect(cluster.height(2)).toBe(0);
    expect(cluster.state(2).stopped).toBe(true);
    expect(cluster.height(0)).toBeGreaterThanOrEqual(1);
  });
});

describe("restarts", () => {
  test("B5: a single validator crashes at every single effect, and goes on", () => {
    const lone = (effect: number): Cluster => {
      const cluster = new Cluster({ powers: [1] });
      cluster.crashAt = { node: 0, effect };
      cluster.startAll();
      for (let goal = 1; goal <= 2; goal++) {
        const end = cluster.now + 30_000;
        while (cluster.height(0) < goal && cluster.now < end) {
          if (cluster.node(0).state === undefined) cluster.start(0);
          cluster.work();
          cluster.run({ forMs: 100, until: () => cluster.height(0) >= goal });
        }
      }
      return cluster;
    };
    const effects = lone(-1).node(0).performed;

    expect(effects).toBeGreaterThan(20);
    for (let effect = 0; effect < effects; effect++) {
      expect(lone(effect).height(0), `crash at effect ${effect}`).toBeGreaterThanOrEqual(2);
    }
  });

  test("B5: all crash at once after COMMIT, the leader for good: the locked block is in the logs", () => {
    const cluster = new Cluster().startAll();
    const leader = cluster.leader(1, 0);
    const others = [0, 1, 2, 3].filter((at) => at !== leader);
    only(cluster, "commit");
    cluster.work();
    const locked = (): boolean => others.every((at) => cluster.state(at).signed.commit);
    expect(cluster.run({ forMs: 900, until: locked })).toBe(true);
    const digest = cluster.state(others[0] ?? 0).signed.commit?.digest;
    for (const at of [0, 1, 2, 3]) cluster.crash(at);
    cluster.send = Cluster.prototype.send.bind(cluster);
    for (const at of others) cluster.start(at);

    const reached = (): boolean => others.every((at) => cluster.height(at) === 1);
    expect(cluster.run({ forMs: 30_000, until: reached })).toBe(true);
    expect(cluster.node(others[0] ?? 0).app.head.digest).toEqual(digest);
  });

  test("B26: after a restart an equivocating leader gets no second vote in its view", () => {
    const leader = new Cluster().leader(1, 0);
    const cluster = new Cluster({ byzantine: new Map([[leader, equivocating]]) }).startAll();
    const voter = (leader + 1) % 4;
    cluster.work();
    cluster.run({ forMs: 900, until: () => cluster.state(voter).signed.prepare !== undefined });
    const first = cluster.state(voter).signed.prepare;
    cluster.crash(voter);
    cluster.start(voter);
    const { app, config } = cluster.node(leader);
    const { sequence } = cluster.state(voter);
    const block = app.propose({
      sequence,
      timestamp: toTimestamp(cluster.now + 50),
      proposer: config.id,
      parentCertificate: undefined,
      evidence: [],
      reason: "heartbeat",
    });
    if (block === undefined) throw new Error("a heartbeat always has a block");
    const digest = blockDigest(block.header);
    const proposal = { sequence, view: toView(0), digest, leader: toValidatorIndex(leader) };

    cluster.receive(voter, cluster.sign(leader, { type: "pre-prepare", proposal, block }), leader);
    cluster.connected = () => false;
    cluster.run({ forMs: 500 });

    expect(cluster.state(voter).proposal?.proposal.digest).toEqual(digest);
    expect(cluster.state(voter).blocks.map(({ verdict }) => verdict)).toContain("accepted");
    expect(cluster.state(voter).signed.prepare).toEqual(first);
    expect(digest).not.toEqual(first?.digest);
  });

  test("B6: nothing is signed at a sequence that the log may have forgotten", () => {
    const cluster = new Cluster().startAll();
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.height(0) === 1 });
    const log = cluster.node(0).log;
    // The application's disk comes back from a backup; the signing log does not.
    const restored = new Cluster().startAll();
    restored.crash(0);
    restored.node(0).log = log;
    restored.start(0);
    const sent = tapped(restored);
    restored.work();
    restored.run({ forMs: 10_000, until: () => restored.height(0) === 1 });

    expect(decodeSigningLog(log).some((entry) => entry.type === "floor")).toBe(true);
    const own = restored.membership.set.validators.length - 4;
    const voters = sent.flatMap((each) => (each.type === "prepare" ? [each.voter] : []));
    expect(own).toBe(0);
    expect(voters).not.toContain(0);
    expect(restored.height(0)).toBe(1);
  });

  test("a replica without its signing state listens until a block from after its start is final", () => {
    const cluster = new Cluster({ parameters: { maxDriftMs: 50 } });
    const since = 1_000 as never;
    cluster.node(0).log = [SigningRecord.encode({ entries: [{ type: "listen", since }] })];
    const sent = tapped(cluster);
    cluster.startAll();
    for (let round = 1; round <= 3; round++) {
      cluster.work();
      cluster.run({ forMs: 20_000, until: () => cluster.heights().every((h) => h >= round) });
      const early = sent.filter((each) => each.type === "prepare" && each.voter === 0);
      // The first is no younger than the start, the second is final before anything is signed.
      expect(early.length > 0).toBe(round > 2);
    }
  });
});

describe("leaders and views", () => {
  test("B8: an invalid proposal leads to the next leader at once, not after the time-out", () => {
    const cluster = new Cluster().startAll();
    const leader = cluster.leader(1, 0);
    cluster.nodes.forEach(({ app }, at) => {
      if (at === leader) return;
      app.override = (block) =>
        equalBytes(block.header.proposer, cluster.node(leader).config.id)
          ? { type: "refused", reason: "wrong" }
          : undefined;
    });
    cluster.work();
    const done = cluster.run({ forMs: 900, until: () => cluster.heights().every((h) => h === 1) });

    expect(done).toBe(true);
    expect(cluster.viewChanges.some(({ cause }) => cause === "refused-proposal")).toBe(true);
  });

  test("B24: after an outage replicas at any spread of views meet again within the capped time-out", () => {
    const cluster = new Cluster().startAll();
    cluster.work();
    // One after the other is alone with the quorum gone, for hours, at different times.
    for (let hour = 0; hour < 6; hour++) {
      cluster.connected = (from, to) => from % 3 === to % 3 && hour % 2 === 0;
      cluster.run({ forMs: 3_600_000 });
    }
    const views = cluster.nodes.map((_, at) => cluster.state(at).view);
    expect(Math.max(...views) - Math.min(...views)).toBeLessThanOrEqual(2);
    cluster.connected = () => true;

    const done = cluster.run({
      forMs: 4 * 8_000,
      until: () => cluster.heights().every((h) => h >= 1),
    });

    expect(done).toBe(true);
  });

  test("B24: no time runs for a view that no quorum has asked for, whatever else happens", () => {
    const cluster = new Cluster().startAll();
    cluster.connected = () => false;
    cluster.work();
    for (let minute = 0; minute < 10; minute++) {
      cluster.run({ forMs: 60_000 });
      cluster.nodes.forEach((_, at) => {
        cluster.input(at, { type: "work", pending: false });
        cluster.input(at, { type: "work", pending: true });
      });
    }

    expect(cluster.nodes.map((_, at) => cluster.state(at).view)).toEqual([1, 1, 1, 1]);
  });

  test("B24: a replica joins the highest view that more than a third has asked for", () => {
    const cluster = new Cluster({ powers: [1, 1, 1, 1, 1, 1, 1] }).startAll();
    const ask = (from: number, newView: number): ConsensusMessage => {
      const { head, sequence } = cluster.state(0);
      const voter = toValidatorIndex(from);
      const body = {
        validators: head.validators.hash,
        sequence,
        newView: toView(newView),
        parent: head.digest,
        prepared: undefined,
      };
      const none = { parentCertificate: undefined, prepareCertificate: undefined };
      return cluster.sign(from, { type: "view-change", body, voter, ...none });
    };
    cluster.receive(0, ask(1, 9), 1);
    cluster.receive(0, ask(2, 70), 2);
    expect(cluster.state(0).view).toBe(0);

    cluster.receive(0, ask(3, 12), 3);

    expect(cluster.state(0).view).toBe(9);
  });
});

describe("what authenticates", () => {
  test("B9: a commit certificate with signatures for another block, view or phase is refused", () => {
    const cluster = new Cluster({ scheme: "ed25519" }).startAll();
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.heights().every((h) => h === 1) });
    const messages = tapped(cluster);
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.heights().every((h) => h === 2) });
    const proposal = messages.find((message) => message.type === "pre-prepare");
    if (proposal?.type !== "pre-prepare" || proposal.block === undefined) throw new Error("none");
    const certificate = proposal.block.parentCertificate;
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
      { type: "pre-prepare", proposal, block: undefined },
      { type: "new-view", proposal, parent: head.digest, votes: [], ...none },
    ];
    for (const message of messages) {
      expect(authenticate(message, context)).toBe("index-out-of-bounds");
    }
  });

  test("B25: a NewView with any part of its justification changed is refused", () => {
    const cluster = new Cluster().startAll();
    const messages = tapped(cluster);
    only(cluster, "commit");
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

  test("P36: a second vote that comes after its block is final still convicts, by the set of then", () => {
    const cluster = new Cluster({ scheme: "ed25519" }).startAll();
    cluster.framed.add(3);
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.heights().every((h) => h === 1) });
    const { prepare } = cluster.state(0).late;
    const vote = prepare.slots.chunks[0]?.[3];
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
