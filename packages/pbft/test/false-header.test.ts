import {
  type Block,
  blockDigest,
  CLAIM_BYTES_MAX,
  type ConsensusMessage,
  createCertificate,
  Evidence,
  equalBytes,
  findEvidenceDefect,
  itemOf,
  outlineOf,
  payloadRoot,
  powerOf,
  type QuorumCertificate,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
  type VoteBody,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { Cluster } from "./cluster.ts";
import { Counter } from "./counter.ts";
import { GENESIS } from "./keys.ts";

const claim = new TextEncoder().encode("x = 0");
const items = [0, 1, 2].map((at) => itemOf(Uint8Array.of(at)));

/**
 * The block with three items, of which the application will say that the second makes its header
 * false.
 */
function withItems(block: Block): Block {
  return { ...block, header: { ...block.header, payloadRoot: payloadRoot(items) }, items };
}

/**
 * A leader proposes a false header; `colluding` vote for it, the others can show that it is false.
 */
function stage(options: {
  readonly powers: readonly number[];
  readonly colluding: number;
  readonly validationMs?: number;
  readonly shown?: Uint8Array;
}): { cluster: Cluster; guilty: readonly number[] } {
  const { powers, colluding, validationMs = 1, shown = claim } = options;
  const cluster = new Cluster({ powers, scheme: "ed25519", validationMs });
  const leader = cluster.leader(1, 0);
  const guilty = powers.map((_, at) => (leader + at) % powers.length).slice(0, colluding);
  cluster.nodes.forEach(({ app }, at) => {
    if (guilty.includes(at)) cluster.framed.add(at);
    app.pool = items;
    const propose = app.propose.bind(app);
    app.propose = (request) => {
      const block = propose(request);
      const lies = at === leader && request.sequence === 1;
      return block === undefined || !lies ? block : withItems(block);
    };
    app.override = (block) => {
      if (block.items.length === 0) return undefined;
      if (guilty.includes(at)) return { type: "accepted" };
      return { type: "refused", reason: "a false header", claim: shown };
    };
  });
  cluster.startAll();
  cluster.work();
  return { cluster, guilty };
}

function convicted(cluster: Cluster): readonly number[] {
  const wrong = cluster.evidence.filter(({ type }) => type === "false-header");
  return cluster.nodes.flatMap(({ config }, at) =>
    wrong.some(({ validator }) => equalBytes(validator, config.id)) ? [at] : [],
  );
}

describe("a false header", () => {
  test.each([
    ["before", 200],
    ["after", 1],
  ])(
    "P5 P36: who votes for a false header is accused, votes that come %s the verdict too",
    (_, validationMs) => {
      const { cluster, guilty } = stage({
        powers: [1, 1, 1, 1, 1, 1, 1],
        colluding: 2,
        validationMs,
      });

      const reached = (): boolean => cluster.heights().every((height) => height >= 1);
      expect(cluster.run({ forMs: 60_000, until: reached })).toBe(true);

      expect(convicted(cluster)).toEqual(guilty.toSorted((left, right) => left - right));
      for (const item of cluster.evidence) {
        // Nothing but the genesis hash is needed to check it, and it survives the wire.
        expect(findEvidenceDefect(GENESIS, Evidence.decode(Evidence.encode(item)))).toBeUndefined();
      }
      expect(cluster.diverged).toEqual([]);
    },
  );

  test("it enters the next block, once for each voter, and is forgotten then", () => {
    const { cluster, guilty } = stage({ powers: [1, 1, 1, 1, 1, 1, 1], colluding: 2 });
    for (let turn = 0; turn < 20; turn++) {
      cluster.work();
      cluster.run({ forMs: 1_000 });
    }

    const honest = cluster.nodes.flatMap((_, at) => (guilty.includes(at) ? [] : [at]));
    const settled = cluster.node(honest[0] ?? 0).app.blocks.flatMap(({ block }) => block.evidence);
    expect(settled.map(({ type }) => type)).toEqual(guilty.map(() => "false-header"));
    for (const at of honest) expect(cluster.state(at).evidence).toEqual([]);
  });

  test("when a quorum lies, whoever stops for it holds evidence against more than a third", () => {
    const { cluster, guilty } = stage({ powers: [1, 1, 1, 1], colluding: 3 });
    cluster.run({ forMs: 20_000 });

    const { set } = cluster.membership;
    const [honest] = [0, 1, 2, 3].filter((at) => !guilty.includes(at));
    expect(cluster.diverged).toEqual([honest]);
    const power = powerOf(set, convicted(cluster).map(toValidatorIndex));
    expect(power * 3n).toBeGreaterThan(set.totalPower);
  });

  test("a claim that evidence has no room for accuses nobody, and its block is refused all the same", () => {
    for (const [bytes, count] of [
      [CLAIM_BYTES_MAX, 1],
      [CLAIM_BYTES_MAX + 1, 0],
    ] as const) {
      const shown = new Uint8Array(bytes);
      const { cluster } = stage({ powers: [1, 1, 1, 1], colluding: 1, shown });
      cluster.run({ forMs: 5_000, until: () => cluster.heights().every((height) => height >= 1) });

      expect(convicted(cluster)).toHaveLength(count);
      expect(cluster.node(0).app.blocks[0]?.block.items).toEqual([]);
    }
  });
});

describe("what was not heard directly", () => {
  /** An honest replica that has refused the false block, and three who will say that they voted. */
  function refused() {
    const { cluster, guilty } = stage({ powers: [1, 1, 1, 1], colluding: 3 });
    const voter = [0, 1, 2, 3].find((index) => !guilty.includes(index)) ?? 0;
    const send = cluster.send.bind(cluster);
    cluster.send = (from, to, message) => {
      if (message.type === "pre-prepare" && message.proposal.sequence === 1)
        send(from, to, message);
    };
    const isValidated = (): boolean => cluster.state(voter).blocks[0]?.verdict === "refused";
    expect(cluster.run({ forMs: 500, until: isValidated })).toBe(true);
    expect(cluster.evidence).toEqual([]);
    const digest = cluster.state(voter).blocks[0]?.digest ?? GENESIS;
    const { sequence, head } = cluster.state(voter);
    const vote = { sequence, view: toView(0), digest };
    const certificate = (phase: "prepare" | "commit"): QuorumCertificate => {
      const votes = guilty.map((index) => signedVote(cluster, phase, index, vote));
      return createCertificate({ phase, vote, set: cluster.membership.set, votes });
    };
    return { cluster, guilty, voter, vote, head, certificate };
  }

  test.each(["prepare", "commit"] as const)("a lone %s convicts its voter", (phase) => {
    const { cluster, guilty, voter, vote } = refused();
    const [first = 0] = guilty;

    cluster.receive(voter, signedVote(cluster, phase, first, vote), first);

    expect(convicted(cluster)).toEqual([first]);
  });

  test("votes that come when another block is final convict their voters all the same", () => {
    const { cluster, guilty } = stage({ powers: [1, 1, 1, 1, 1, 1, 1], colluding: 2 });
    const send = cluster.send.bind(cluster);
    const held: { from: number; to: number; message: ConsensusMessage }[] = [];
    // Nobody hears that they voted for it.
    cluster.send = (from, to, message) => {
      const isVote = message.type === "prepare" || message.type === "commit";
      if (isVote && message.view === 0 && guilty.includes(from)) held.push({ from, to, message });
      else send(from, to, message);
    };
    const honest = cluster.nodes.flatMap((_, index) => (guilty.includes(index) ? [] : [index]));
    const reached = (): boolean => honest.every((index) => cluster.height(index) >= 1);
    expect(cluster.run({ forMs: 60_000, until: reached })).toBe(true);
    expect(convicted(cluster)).toEqual([]);

    for (const { from, to, message } of held) {
      if (honest.includes(to)) cluster.receive(to, message, from);
    }

    expect(convicted(cluster)).toEqual(guilty.toSorted((left, right) => left - right));
  });

  test("a PREPARE certificate in a request for a view convicts all its signers", () => {
    const { cluster, guilty, voter, vote, head, certificate } = refused();
    const [first = 0] = guilty;
    const prepareCertificate = certificate("prepare");
    const body = {
      validators: head.validators.hash,
      sequence: vote.sequence,
      newView: toView(2),
      parent: head.digest,
      prepared: { view: vote.view, digest: vote.digest },
    };
    const rest = { voter: toValidatorIndex(first), parentCertificate: undefined };
    const message = { type: "view-change", body, prepareCertificate, ...rest } as const;

    cluster.receive(voter, cluster.sign(first, message), first);

    expect(convicted(cluster)).toEqual(guilty.toSorted((left, right) => left - right));
  });

  test("a COMMIT certificate in the next proposal convicts all its signers, and stops us", () => {
    const { cluster, guilty, voter, vote, head, certificate } = refused();
    const leader = cluster.leader(2, 0);
    const parentCertificate = certificate("commit");
    const sequence = toSequence(2);
    const timestamp = toTimestamp(cluster.now);
    const { id } = cluster.node(leader).config;
    const request = { sequence, timestamp, proposer: id, parentCertificate, evidence: [] };
    const block = new Counter(GENESIS, head.validators).propose({
      ...request,
      reason: "heartbeat",
    });
    if (block === undefined) throw new Error("a heartbeat has a block");
    const proposal = {
      sequence,
      view: toView(0),
      digest: blockDigest(block.header),
      leader: toValidatorIndex(leader),
    };

    cluster.receive(
      voter,
      cluster.sign(leader, { type: "pre-prepare", proposal, outline: outlineOf(block) }),
      leader,
    );

    expect(vote.view).toBe(0);
    expect(convicted(cluster)).toEqual(guilty.toSorted((left, right) => left - right));
    expect(cluster.diverged).toEqual([voter]);
  });
});

function signedVote(
  cluster: Cluster,
  type: "prepare" | "commit",
  index: number,
  vote: VoteBody,
): Extract<ConsensusMessage, { type: "prepare" | "commit" }> {
  const message = cluster.sign(index, { type, ...vote, voter: toValidatorIndex(index) });
  if (message.type !== "prepare" && message.type !== "commit") throw new Error("a vote");
  return message;
}
