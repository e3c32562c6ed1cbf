import {
  type ConsensusMessage,
  compareBytes,
  type Evidence,
  equalBytes,
  findEvidenceDefect,
  sha256,
  toAccountId,
  toDigest,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lastingEntries } from "../src/catch-up/catch-up.ts";
import { settleOffer, takeOffer } from "../src/evidence/pending.ts";
import {
  type Config,
  createConfig,
  createState,
  decodeSigningLog,
  recover,
  type State,
  step,
} from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { parameters } from "./cluster-options.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { equivocating } from "./strategies.ts";
import { seeds } from "./worlds.ts";

const signature = toSignature(new Uint8Array(64));
const digestOf = (seed: number): ReturnType<typeof toDigest> =>
  toDigest(sha256(new Uint8Array([seed])));

/** A vote at sequence 1, as if its signature had been verified. */
function vote(
  voter: number,
  view: number,
  digest: number,
  type: "prepare" | "commit",
): ConsensusMessage {
  return {
    type,
    sequence: toSequence(1),
    view: toView(view),
    digest: digestOf(digest),
    voter: toValidatorIndex(voter),
    signature,
  };
}

interface Observer {
  readonly config: Config;
  state: State;
}

function observer(powers: readonly number[]): Observer & { ids: readonly Uint8Array[] } {
  const membership = createMembership([...powers]);
  const { id } = membership.members[0] ?? { id: GENESIS as never };
  const config = createConfig({ genesis: GENESIS, id, parameters });
  const state = createState(config, new Counter(GENESIS, membership.set).head);
  return { config, state, ids: membership.set.validators.map((each) => each.id) };
}

function hear(of: Observer, message: ConsensusMessage): void {
  const input = { type: "message", message, from: undefined, now: 1_000 } as const;
  of.state = step(of.config, of.state, input).state;
}

const isAbout = (item: Evidence, id: Uint8Array | undefined): boolean =>
  id !== undefined && equalBytes(item.validator, id);

/** Number 3 commits to two blocks of the current sequence, and one replica hears both. */
function commitTwice(cluster: Cluster, witness: number): void {
  const { sequence } = cluster.state(0);
  const voter = toValidatorIndex(3);
  cluster.framed.add(3);
  for (const seed of [1, 2]) {
    const vote = {
      type: "commit",
      sequence,
      view: toView(0),
      digest: digestOf(seed),
      voter,
    } as const;
    cluster.receive(witness, cluster.sign(3, vote), 3);
  }
}

describe("evidence that is kept", () => {
  const votes = fc.array(
    fc.record({
      voter: fc.integer({ min: 1, max: 3 }),
      view: fc.oneof(fc.constant(0), fc.nat({ max: 5 }), fc.constant(4_000_000_000)),
      digest: fc.integer({ min: 1, max: 3 }),
      type: fc.constantFrom("prepare", "commit"),
    }),
    { maxLength: 80 },
  );

  test("P36: two votes of one phase in the current view convict, whatever comes between them", () => {
    fc.assert(
      fc.property(votes, (all) => {
        // A voter of little power: no certificate moves the observer to another view.
        const of = observer([97, 1, 1, 1]);
        for (const { voter, view, digest, type } of all) hear(of, vote(voter, view, digest, type));
        for (const voter of [1, 2, 3]) {
          for (const type of ["prepare", "commit"]) {
            const told = all.filter((each) => each.voter === voter && each.type === type);
            const current = new Set(
              told.filter(({ view }) => view === 0).map(({ digest }) => digest),
            );
            const convicted = of.state.evidence.some(
              ({ evidence }) =>
                evidence.type === "double-vote" &&
                evidence.phase === type &&
                evidence.view === 0 &&
                isAbout(evidence, of.ids[voter]),
            );
            // Four pieces against one accused are enough: then the others may be left out.
            const places = of.state.evidence.filter(({ evidence }) =>
              isAbout(evidence, of.ids[voter]),
            );
            expect(places.length).toBeLessThanOrEqual(4);
            if (places.length < 4) expect(convicted).toBe(current.size > 1);
          }
        }
      }),
    );
  });

  test("B31 P36: nobody's offences take another's place, however many there are", () => {
    const dust = 40;
    const of = observer([1_000, 1_000, 1_000, 900, ...Array.from({ length: dust }, () => 1)]);
    for (let junk = 4; junk < 4 + dust; junk++) {
      for (let view = 0; view < 8; view++) {
        hear(of, vote(junk, view, 1, "prepare"));
        hear(of, vote(junk, view, 2, "prepare"));
      }
    }
    hear(of, vote(3, 0, 1, "commit"));
    hear(of, vote(3, 0, 2, "commit"));

    expect(of.state.evidence.some(({ evidence }) => isAbout(evidence, of.ids[3]))).toBe(true);
    expect(of.state.evidence.length).toBeLessThanOrEqual(4 * (dust + 1));
  });

  test("P36: a node that signs nothing tells others of fresh evidence soon", () => {
    const { set } = createMembership([97, 1, 1, 1]);
    const id = toAccountId(sha256(new Uint8Array([99])));
    const config = createConfig({ genesis: GENESIS, id, parameters });
    const of = { config, state: createState(config, new Counter(GENESIS, set).head) };
    hear(of, vote(3, 0, 1, "commit"));

    const message = vote(3, 0, 2, "commit");
    const input = { type: "message", message, from: undefined, now: 1_000 } as const;
    const { state, effects } = step(of.config, of.state, input);

    expect(state.evidence).toHaveLength(1);
    const timer = { type: "start-timer", timer: "resend", delayMs: config.resendIntervalMs };
    expect(effects.filter(({ type }) => type === "start-timer")).toEqual([timer]);
  });

  /** An observer, and what validators send it about number 3. */
  function relaying() {
    const of = observer([97, 1, 1, 1]);
    const { validators } = of.state.head.validators;
    const relayed = (sequence: number, view: number, digest = 2): Evidence => ({
      type: "double-vote",
      validator: of.ids[3] as never,
      key: validators[3]?.key as never,
      phase: "commit",
      sequence: toSequence(sequence),
      view: toView(view),
      first: { digest: digestOf(1), signature },
      second: { digest: digestOf(digest), signature },
    });
    const give = (evidence: Evidence, sender: number): void => {
      const from = of.ids[sender] as never;
      of.state = step(of.config, of.state, { type: "evidence", evidence, from, now: 1_000 }).state;
    };
    return { of, relayed, give };
  }

  test("B31 P36: what peers send is bounded by its sender, and takes no place of what was found", () => {
    const { of, relayed, give } = relaying();
    for (let view = 10; view < 50; view++) give(relayed(1, view), 3);
    expect(of.state.evidence).toHaveLength(8);
    for (let view = 10; view < 50; view++) give(relayed(1, view, 3), 2);
    expect(of.state.evidence).toHaveLength(16);
    give(relayed(2, 0), 1);
    expect(of.state.evidence, "of a sequence that is not there yet").toHaveLength(16);
    give({ ...relayed(1, 9), validator: digestOf(9) as never }, 1);
    expect(of.state.evidence, "about nobody in the set").toHaveLength(16);
    give({ ...relayed(1, 9), key: of.state.head.validators.validators[2]?.key as never }, 1);
    expect(of.state.evidence, "by another key than that of the sequence").toHaveLength(16);

    hear(of, vote(3, 0, 1, "commit"));
    hear(of, vote(3, 0, 2, "commit"));
    expect(of.state.evidence.filter(({ from }) => from === undefined)).toHaveLength(1);
  });

  test("P36: one offence that several senders tell of is offered once, and declined once", () => {
    const { of, relayed, give } = relaying();
    for (const sender of [1, 2, 3]) {
      give(relayed(1, 0), sender);
      give(relayed(1, 0, 3), sender);
    }
    expect(of.state.evidence).toHaveLength(6);
    const context = { config: of.config, now: 1_000, elapsed: 1_000, state: of.state, effects: [] };
    const [first, ...others] = takeOffer(context);
    expect(others).toEqual([]);

    settleOffer(context, { evidence: [] });
    const left = context.state.evidence.map(({ evidence }) => evidence);
    expect(left).toHaveLength(3);
    expect(left).not.toContainEqual(first);
    expect(takeOffer(context)).toHaveLength(1);
  });

  test("P36: what was found here takes the place of what others sent about the same offence", () => {
    const { of, relayed, give } = relaying();
    give(relayed(1, 0, 7), 3);
    hear(of, vote(3, 0, 1, "commit"));
    hear(of, vote(3, 0, 2, "commit"));

    expect(of.state.evidence).toHaveLength(1);
    expect(of.state.evidence[0]?.from).toBeUndefined();
    give(relayed(1, 0, 8), 2);
    expect(of.state.evidence).toHaveLength(1);
  });

  test("P36: junk about an offence, declined, does not close it: the true piece is in a block", () => {
    const cluster = new Cluster({ scheme: "ed25519" }).startAll();
    cluster.framed.add(3);
    const { sequence } = cluster.state(0);
    const where = {
      type: "commit",
      sequence,
      view: toView(0),
      voter: toValidatorIndex(3),
    } as const;
    const signed = [1, 2, 3].map((seed) => cluster.sign(3, { ...where, digest: digestOf(seed) }));
    const [first, second, third] = signed.map((message) => {
      if (message.type !== "commit") throw new Error("a COMMIT");
      return { digest: message.digest, signature: message.signature };
    });
    if (first === undefined || second === undefined || third === undefined) throw new Error("3");
    const accused = cluster.membership.set.validators[3];
    if (accused === undefined) throw new Error("four");
    const inOrder = [first, third].toSorted((left, right) =>
      compareBytes(left.digest, right.digest),
    );
    const junk = {
      type: "double-vote",
      validator: accused.id,
      key: accused.key,
      phase: "commit",
      sequence,
      view: toView(0),
      first: inOrder[0] ?? first,
      second: inOrder[1] ?? third,
    } as const;
    for (const { app } of cluster.nodes) {
      const propose = app.propose.bind(app);
      // As a ledger that does not confirm what the junk shows.
      const isJunk = (item: Evidence): boolean =>
        item.type === "double-vote" && equalBytes(item.second.digest, junk.second.digest);
      app.propose = (request) =>
        propose({ ...request, evidence: request.evidence.filter((item) => !isJunk(item)) });
    }
    for (const at of [0, 1, 2])
      cluster.input(at, { type: "evidence", evidence: junk, from: accused.id });
    cluster.work();
    cluster.run({ forMs: 8_000, until: () => cluster.heights().every((height) => height === 1) });
    const settled = (): readonly Evidence[] =>
      cluster.node(0).app.blocks.flatMap(({ block }) => block.evidence);
    expect(settled()).toEqual([]);
    for (const seed of [1, 2]) {
      for (const at of [0, 1, 2]) {
        cluster.receive(at, cluster.sign(3, { ...where, digest: digestOf(seed) }), 3);
      }
    }
    cluster.work();
    cluster.run({ forMs: 8_000, until: () => settled().length > 0 });
    expect(settled()).toHaveLength(1);
  });

  test("P36: evidence that was found outlives a restart", () => {
    const cluster = new Cluster({ scheme: "ed25519" }).startAll();
    // Nobody else may hear of it, and no block may become final.
    cluster.connected = () => false;
    commitTwice(cluster, 0);
    const { config, app, log } = cluster.node(0);
    const found = cluster.state(0).evidence.map(({ evidence }) => evidence);
    expect(found).toHaveLength(1);
    // The log as it is, and what is left of it when it is compacted.
    for (const entries of [decodeSigningLog(log), lastingEntries(cluster.state(0))]) {
      const again = recover({ config, head: app.head, entries, hasWork: false, now: cluster.now });
      expect(again.state.evidence.map(({ evidence }) => evidence)).toEqual(found);
    }
  });

  test("P36: what one replica alone has seen is in a final block soon, whoever leads", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 2 }), fc.boolean(), (seed, witness, restart) => {
        const cluster = new Cluster({ scheme: "ed25519", seed }).startAll();
        commitTwice(cluster, witness);
        if (restart) {
          cluster.crash(witness);
          cluster.start(witness);
        }
        // The witness hears the others and speaks to them, but its own proposals are lost.
        const send = cluster.send.bind(cluster);
        cluster.send = (from, to, message) => {
          const proposes = message.type === "pre-prepare" || message.type === "new-view";
          if (from !== witness || !proposes) send(from, to, message);
        };
        const settled = (): readonly Evidence[] =>
          cluster.node(0).app.blocks.flatMap(({ block }) => block.evidence);
        for (let round = 0; round < 6 && settled().length === 0; round++) {
          cluster.work();
          cluster.run({ forMs: 8_000, until: () => settled().length > 0 });
        }
        expect(settled().length).toBeGreaterThan(0);
        cluster.run({ forMs: 10_000 });
        for (const at of [0, 1, 2]) expect(cluster.state(at).evidence).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  test("P36: a leader who tells two halves two proposals is convicted, though nobody heard both", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom([1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1]), (seed, powers) => {
        const guilty = new Cluster({ powers, scheme: "ed25519" }).leader(1, 0);
        const cluster = new Cluster({
          powers,
          seed,
          scheme: "ed25519",
          latency: [5, 60],
          byzantine: new Map([[guilty, equivocating]]),
        }).startAll();
        cluster.work();
        cluster.run({
          forMs: 30_000,
          until: () => cluster.honest().every((at) => cluster.height(at) >= 1),
        });
        cluster.run({ forMs: 1_000 });
        const { id } = cluster.node(guilty).config;
        const proposals = cluster.evidence.filter(({ type }) => type === "double-proposal");
        expect(proposals.length).toBeGreaterThan(0);
        for (const item of cluster.evidence) {
          expect(isAbout(item, id)).toBe(true);
          expect(findEvidenceDefect(GENESIS, item)).toBeUndefined();
        }
      }),
      { numRuns: 20 },
    );
  });

  test("P36: a piece that the application leaves out is dropped, and asks for no more blocks", () => {
    const cluster = new Cluster().startAll();
    for (const node of cluster.nodes) {
      const propose = node.app.propose.bind(node.app);
      node.app.propose = (request) => propose({ ...request, evidence: [] });
    }
    cluster.framed.add(3);
    const { sequence } = cluster.state(0);
    const where = {
      type: "commit",
      sequence,
      view: toView(0),
      voter: toValidatorIndex(3),
    } as const;
    for (const at of [0, 1, 2]) {
      for (const seed of [1, 2]) {
        cluster.receive(at, cluster.sign(3, { ...where, digest: digestOf(seed) }), 3);
      }
    }
    cluster.run({ forMs: 60_000 });
    const first = Math.max(...cluster.heights());
    expect(first).toBeGreaterThan(0);
    cluster.run({ forMs: 120_000 });
    expect(Math.max(...cluster.heights())).toBe(first);

    for (let round = 0; round < 8; round++) {
      cluster.work();
      cluster.run({ forMs: 8_000 });
    }
    for (const at of [0, 1, 2]) expect(cluster.state(at).evidence).toEqual([]);
  });
});
