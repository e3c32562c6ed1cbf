import {
  type AccountId,
  type FinalizedBlock,
  toHex,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Application,
  decodeSigningLog,
  recover,
  type SigningEntry,
  SigningRecord,
} from "../src/index.ts";
import { sequenceOfEntry } from "../src/record.ts";
import { entriesBeyond, KEPT_ENTRIES_MAX } from "../src/replay.ts";
import { checkLogAge } from "../src/replica/log-age.ts";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { asApplication, createLog } from "./hub.ts";
import { createRig } from "./rig.ts";

/** Troubles that hold up votes for a while, so that sequences end in later views and with locks. */
const troubles: Readonly<Record<string, (cluster: Cluster) => void>> = {
  nothing: () => {},
  "COMMITs of view 0 are lost": (cluster) => {
    const send = cluster.send.bind(cluster);
    cluster.send = (from, to, message) => {
      const isLost = message.type === "commit" && message.view === 0 && message.sequence > 1;
      if (!isLost) send(from, to, message);
    };
  },
  "PREPAREs of view 0 are lost": (cluster) => {
    const send = cluster.send.bind(cluster);
    cluster.send = (from, to, message) => {
      const isLost = message.type === "prepare" && message.view === 0 && message.sequence > 1;
      if (!isLost) send(from, to, message);
    };
  },
};

const HEIGHTS = 3;
/** Every effect with AETHEL_SLOW=1, else each so many-th. */
const STRIDE = process.env["AETHEL_SLOW"] === "1" ? 1 : 6;

interface Restore {
  readonly node: number;
  /** Before which of its effects it crashes. */
  readonly effect: number;
  /** Number of its last blocks that are not in the copy of its database; all: there is no copy. */
  readonly blocks: number;
}

/**
 * Plays with one restore; the cluster throws on a contradiction with anything that was signed
 * before, on a signature below a requested view, on one that is not durable, and on a fork.
 */
function play(
  prepare: (cluster: Cluster) => void,
  options: ClusterOptions & { readonly heights?: number },
  restore?: Restore,
): Cluster {
  const cluster = new Cluster({ scheme: "trusted", ...options });
  if (restore !== undefined) cluster.crashAt = restore;
  prepare(cluster);
  cluster.startAll();
  const goal = options.heights ?? HEIGHTS;
  const reached = (): boolean => cluster.heights().every((height) => height >= goal);
  for (let turn = 0; turn < 3_000 && !reached(); turn++) {
    const behind = cluster.nodes.flatMap((node, at) =>
      node.state !== undefined && node.app.pending === 0 && cluster.height(at) < goal ? [at] : [],
    );
    cluster.work(behind);
    cluster.run({ forMs: 20, until: reached });
    cluster.nodes.forEach((node, at) => {
      if (node.state !== undefined) return;
      node.app.rollBack(Math.max(0, cluster.height(at) - (restore?.blocks ?? 0)));
      cluster.start(at);
    });
  }
  return cluster;
}

describe("a database that went back while the signing log stayed", () => {
  for (const [trouble, prepare] of Object.entries(troubles)) {
    for (const keepsLogs of [false, true]) {
      test(`B5 B26: ${trouble}, logs ${keepsLogs ? "whole" : "compacted"}: at each effect, to any block, nothing is forgotten`, () => {
        const probe = play(prepare, { keepsLogs });
        let restores = 0;
        for (const node of [0, 1]) {
          const { length } = probe.node(node).kinds;
          for (let effect = 0; effect < length; effect += STRIDE) {
            for (const blocks of [1, 2, 1_000]) {
              const cluster = play(prepare, { keepsLogs }, { node, effect, blocks });
              const where = `node ${node} at effect ${effect}, ${blocks} blocks back`;
              expect(Math.min(...cluster.heights()), where).toBeGreaterThanOrEqual(HEIGHTS);
              restores += cluster.crashes;
            }
          }
        }
        expect(restores).toBeGreaterThan(45);
      });
    }
  }

  test("B26: a second restore comes while the first is caught up with", () => {
    const { "COMMITs of view 0 are lost": prepare = () => {} } = troubles;
    const { length } = play(prepare, {}).node(0).kinds;
    for (let effect = Math.floor(length / 2); effect < length; effect += 3) {
      for (let later = 1; later <= 12; later += 2) {
        const cluster = new Cluster({ scheme: "trusted" });
        cluster.crashAt = { node: 0, effect };
        cluster.laterCrashes = [{ node: 0, effect: effect + later }];
        prepare(cluster);
        cluster.startAll();
        let back = 2;
        const reached = (): boolean => cluster.heights().every((height) => height >= HEIGHTS);
        for (let turn = 0; turn < 3_000 && !reached(); turn++) {
          cluster.work(cluster.nodes.flatMap(({ state }, at) => (state ? [at] : [])));
          cluster.run({ forMs: 20, until: reached });
          if (cluster.node(0).state !== undefined) continue;
          cluster.node(0).app.rollBack(Math.max(0, cluster.height(0) - back));
          back = 1_000;
          cluster.start(0);
        }
        expect(reached(), `at ${effect} and ${effect + later}`).toBe(true);
      }
    }
  });

  test("B26: a lone validator with a whole log makes the same blocks final again", () => {
    const cluster = play(() => {}, { powers: [1], keepsLogs: true });
    const digests = cluster.node(0).app.blocks.map(({ certificate }) => toHex(certificate.digest));
    for (let to = 0; to < digests.length; to++) {
      cluster.crash(0);
      cluster.node(0).app.rollBack(to);
      cluster.start(0);
      const reached = (): boolean => cluster.height(0) >= digests.length;
      for (let turn = 0; turn < 50 && !reached(); turn++) {
        cluster.work();
        cluster.run({ forMs: 1_000, until: reached });
      }
      const again = cluster.node(0).app.blocks.map(({ certificate }) => toHex(certificate.digest));
      expect(again.slice(0, digests.length)).toEqual(digests);
    }
  });

  test("B26: one whose log was compacted stays silent below its floor, for ever if need be", () => {
    const cluster = play(() => {}, { powers: [1] });
    const { length } = cluster.node(0).app.blocks;
    for (let to = length - 1; to >= 0; to--) {
      cluster.crash(0);
      cluster.node(0).app.rollBack(to);
      const said = cluster.messages;
      cluster.start(0);
      cluster.work();
      cluster.run({ forMs: 60_000 });
      expect([cluster.height(0), cluster.messages]).toEqual([to, said]);
      expect(cluster.state(0).floor).toBe(length);
    }
  });

  test("the floor of a log never goes down, whatever its database does", () => {
    const cluster = play(() => {}, {});
    const floorOf = (): number =>
      Math.max(
        ...decodeSigningLog(cluster.node(3).log).map((entry) =>
          entry.type === "floor" ? entry.sequence : 0,
        ),
      );
    const floor = floorOf();
    expect(floor).toBe(HEIGHTS);
    cluster.crash(3);
    cluster.node(3).app.rollBack(0);
    cluster.start(3);
    // It catches up from peers, block by block; each one compacts the log.
    for (let height = 1; height <= HEIGHTS; height++) {
      cluster.run({ forMs: 30_000, until: () => cluster.height(3) >= height });
      expect(floorOf()).toBeGreaterThanOrEqual(floor);
    }
    expect(cluster.height(3)).toBe(HEIGHTS);
  });
});

describe("entries that are kept", () => {
  const vote = (sequence: number, view: number): SigningEntry => ({
    type: "vote",
    phase: "prepare",
    sequence: toSequence(sequence),
    view: view as never,
    digest: new Uint8Array(32).fill(view) as never,
  });

  test("are all those beyond the head, in order; where there is no room, whole sequences go from below", () => {
    const cases = fc.record({
      sequences: fc.array(fc.nat({ max: 12 }), { maxLength: 40 }),
      head: fc.nat({ max: 8 }),
      max: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(cases, ({ sequences, head, max }) => {
        const entries = sequences.map((sequence, at) => vote(sequence, at));
        const { kept, dropped } = entriesBeyond(entries, toSequence(head), max);

        const from = Math.max(head, dropped);
        expect(kept).toEqual(entries.filter((entry) => (sequenceOfEntry(entry) ?? 0) > from));
        const isOne = new Set(kept.map(sequenceOfEntry)).size <= 1;
        expect(kept.length <= max || isOne).toBe(true);
        const lowest = sequences.filter((sequence) => sequence === dropped).length;
        if (dropped > 0) expect(kept.length + lowest).toBeGreaterThan(max);
      }),
    );
  });

  test("a replica signs nothing at sequences whose entries found no room", () => {
    const { config, app } = new Cluster().node(0);
    const many = Array.from({ length: KEPT_ENTRIES_MAX }, (_, view) => vote(9, view));
    const entries = [vote(4, 0), vote(6, 0), ...many];
    const first = recover({ config, head: app.head, entries, hasWork: false, now: 0 });
    expect(first.state.floor).toBe(6);
    expect(first.state.kept).toEqual(many);
  });
});

describe("a signing log that is an older copy than the database", () => {
  /** A lone validator's log after each block. */
  async function recorded(heights: number) {
    const log = createLog();
    const rig = createRig({ log });
    await rig.replica.start();
    const copies: (readonly Uint8Array[])[] = [];
    for (let height = 1; height <= heights; height++) {
      await rig.finalize();
      copies.push([...log.records]);
    }
    await rig.replica.stop();
    return { rig, copies };
  }
  const startOn = (
    { membership, counter }: ReturnType<typeof createRig>,
    records: readonly Uint8Array[],
  ) => createRig({ membership, counter, log: createLog([...records]) }).replica;

  test("B26: it is refused, whichever copy it is, and the error says what to do", async () => {
    const heights = 5;
    const { rig, copies } = await recorded(heights);
    for (const [at, copy] of copies.entries()) {
      const replica = startOn(rig, copy);
      if (at + 1 === heights) {
        await replica.start();
        expect(replica.status().running).toBe(true);
      } else {
        const fault = { code: "SIGNING_STATE_OLD", voted: heights, signed: at + 1 };
        await expect(replica.start()).rejects.toMatchObject({ fault });
        await expect(startOn(rig, copy).start()).rejects.toThrow("listens before it signs");
      }
      await replica.stop();
    }
  });

  test("a log that was cut in between is refused by what it lacks, and one that listens is not", async () => {
    const { rig, copies } = await recorded(4);
    const whole = copies.at(-1) ?? [];
    for (let cut = 0; cut < whole.length; cut++) {
      const records = whole.slice(0, cut);
      const signed = decodeSigningLog(records).map((entry) => sequenceOfEntry(entry) ?? 0);
      const replica = startOn(rig, records);
      if (Math.max(0, ...signed) >= 4) await replica.start();
      else await expect(replica.start()).rejects.toMatchObject({ name: "PbftError" });
      await replica.stop();
    }
    const listen = { type: "listen", since: toTimestamp(1_000) } as const;
    const replica = startOn(rig, [SigningRecord.encode({ entries: [listen] })]);
    await replica.start();
    await replica.stop();
  });

  test("votes count wherever a certificate holds them, but not those of another set's blocks", async () => {
    const { rig, copies } = await recorded(5);
    const { counter, membership } = rig;
    const [first = []] = copies;
    const { certificate } = counter.head;
    if (certificate === undefined) throw new Error("there is one");
    /** As if these had become final without this validator's vote. */
    const nobody = { ...certificate, signers: certificate.signers.map(() => false) };
    type Store = Pick<Application, "head" | "finalized">;
    const store = (change: (finalized: FinalizedBlock) => FinalizedBlock): Store => ({
      head: () => ({ ...counter.head, certificate: nobody }),
      finalized: async (sequence) => {
        const found = counter.blocks[sequence - 1];
        return found && change(found);
      },
    });
    const start = ({ head, finalized }: Store) => {
      const application = { finalized };
      return checkLogAge({
        entries: decodeSigningLog(first),
        application: { ...asApplication(counter), ...application },
        head: head(),
        id: membership.members[0]?.id as AccountId,
        keys: membership.set.validators.map(({ key }) => key),
      });
    };
    const refused = (voted: number) => ({ fault: { code: "SIGNING_STATE_OLD", voted } });
    const withoutParents = (finalized: FinalizedBlock) => ({
      ...finalized,
      block: { ...finalized.block, parentCertificate: undefined },
    });
    const ofAnother = (from: number) => (finalized: FinalizedBlock) => {
      const { header } = finalized.block;
      if (header.sequence > from) return { ...finalized, certificate: nobody };
      const validators = header.parent;
      return { ...finalized, block: { ...finalized.block, header: { ...header, validators } } };
    };

    const late = store((finalized) => ({ ...finalized, certificate: nobody }));
    await expect(start(late)).rejects.toMatchObject(refused(4));
    const early = store((finalized) =>
      finalized.block.header.sequence > 3
        ? { ...withoutParents(finalized), certificate: nobody }
        : withoutParents(finalized),
    );
    await expect(start(early)).rejects.toMatchObject(refused(3));
    await start(store((finalized) => ({ ...withoutParents(finalized), certificate: nobody })));
    // The first block of an epoch carries a certificate of the set before.
    await start(store(ofAnother(4)));
    await expect(start(store(ofAnother(3)))).rejects.toMatchObject(refused(4));
    await start({ ...late, finalized: () => Promise.reject(new Error("pruned")) });
  });
});
