import { toSequence } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { SigningRecord } from "../src/index.ts";
import { createSigningRecords } from "../src/replica/signing-records.ts";
import { Cluster } from "./cluster.ts";
import { createLog } from "./hub.ts";

const failing = { type: "signing", possible: false } as const;
const working = { type: "signing", possible: true } as const;

describe("a replica whose signing log fails", () => {
  test("votes when it works again, for what it has validated meanwhile", () => {
    const cluster = new Cluster().startAll();
    const voter = (cluster.leader(1, 0) + 1) % 4;
    cluster.input(voter, failing);
    cluster.work();
    cluster.run({ forMs: 900, until: () => cluster.state(voter).prepared !== undefined });
    expect(cluster.state(voter).prepared).toBeDefined();
    expect(cluster.state(voter).signed).toEqual({});

    cluster.input(voter, working);

    expect(cluster.state(voter).signed).toMatchObject({
      prepare: { view: 0 },
      commit: { view: 0 },
    });
  });

  test("is no leader, and proposes as soon as the log works", () => {
    const cluster = new Cluster().startAll();
    const leader = cluster.leader(1, 0);
    cluster.input(leader, failing);
    cluster.work();
    cluster.run({ forMs: 300 });
    expect(cluster.state((leader + 1) % 4).proposal).toBeUndefined();

    cluster.input(leader, working);
    const isTold = (): boolean => cluster.nodes.every(({ state }) => state?.proposal !== undefined);
    expect(cluster.run({ forMs: 100, until: isTold })).toBe(true);
  });

  test("asks for a block again that came while the log failed", () => {
    const cluster = new Cluster({ validationMs: 50 }).startAll();
    const leader = cluster.leader(1, 0);
    cluster.work();
    cluster.run({ forMs: 900, until: () => cluster.state(leader).proposing !== undefined });
    cluster.input(leader, failing);
    cluster.run({ forMs: 60 });
    expect(cluster.state(leader).signed.proposal).toBeUndefined();

    cluster.input(leader, working);
    cluster.run({ forMs: 60 });
    expect(cluster.state(leader).signed.proposal).toMatchObject({ view: 0 });
  });

  test("joins the view that the others went to when the log works again", () => {
    const cluster = new Cluster().startAll();
    const leader = cluster.leader(1, 0);
    const suspended = (leader + 2) % 4;
    cluster.connected = (from, to) => from !== leader && to !== leader;
    cluster.input(suspended, failing);
    cluster.work();
    cluster.run({ forMs: 10_000 });
    const { view, phase } = cluster.state(suspended);
    expect([view, phase]).toEqual([0, "active"]);

    cluster.input(suspended, working);

    expect(cluster.state(suspended)).toMatchObject({ phase: "changing" });
    expect(cluster.state(suspended).view).toBeGreaterThan(0);
  });

  test("is told nothing new by the same news twice", () => {
    const cluster = new Cluster().startAll();
    const before = cluster.state(0);
    cluster.input(0, working);
    expect(cluster.state(0)).toEqual(before);
  });
});

describe("the records of a signing log", () => {
  const floor = (sequence: number) => ({ type: "floor", sequence: toSequence(sequence) }) as const;

  test("a log without records stays empty: an observer signs nothing", async () => {
    const log = createLog();
    const records = createSigningRecords(log);
    await records.load();
    await records.forget([floor(7)]);
    expect(log.records).toEqual([]);
  });

  test("after a failure nothing is appended to the old file, which may lie", async () => {
    const log = createLog([SigningRecord.encode({ entries: [floor(1)] })]);
    let appends = 0;
    const append = (record: Uint8Array): Promise<void> => {
      appends += 1;
      return appends === 1 ? Promise.reject(new Error("full")) : log.append(record);
    };
    const records = createSigningRecords({ ...log, append });
    await records.load();
    expect(await records.persist([floor(2)])).toMatchObject({ call: "append" });
    await records.persist([floor(3)]);
    expect([appends, log.records.length]).toEqual([1, 1]);

    await records.repair();
    await records.persist([floor(4)]);
    const held = log.records.flatMap((record) => SigningRecord.decode(record).entries);
    expect(held).toEqual([floor(1), floor(2), floor(3), floor(4)]);
  });

  test("written anew it holds what lasts, more than one record can hold, and nothing else", async () => {
    const log = createLog([SigningRecord.encode({ entries: [floor(1)] })]);
    const append = (): Promise<never> => Promise.reject(new Error("full"));
    const records = createSigningRecords({ ...log, append });
    await records.load();
    await records.persist([floor(2)]);
    const lasting = Array.from({ length: 40 }, (_, at) => floor(at + 3));
    await records.forget(lasting);
    expect(await records.repair()).toBeUndefined();

    const held = log.records.flatMap((record) => SigningRecord.decode(record).entries);
    expect(held).toEqual(lasting);
  });
});
