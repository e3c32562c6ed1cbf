import {
  type ConsensusMessage,
  toAccountId,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { type Occurrence, PbftError, type ReplicaEvent, sequenceOf } from "../src/index.ts";
import { createApplicationCalls } from "../src/replica/application-calls.ts";
import { Counter } from "./counter.ts";
import { createHonestyCheck } from "./honesty.ts";
import { asApplication, createLog } from "./hub.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { createGate, createRig, type Rig } from "./rig.ts";

const typesOf = (events: readonly ReplicaEvent[]): readonly string[] =>
  events.map(({ type }) => type);
const heightOf = ({ counter }: Rig): number => counter.head.header.sequence;

describe("storage", () => {
  test("B26: while a record is not durable, nothing that rests on it leaves, however long it takes", async () => {
    const gate = createGate();
    const rig = createRig({ onCall: (name) => (name === "append" ? gate.passed : undefined) });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();

    await rig.pass(300_000);
    expect(rig.sent).toEqual([]);
    gate.open();
    await rig.pass(1_000);

    expect(heightOf(rig)).toBe(1);
  });

  test("B26: whichever append fails, the replica stops, and all that left before is in the log", async () => {
    const appends = 7;
    for (let failing = 1; failing <= appends; failing++) {
      let count = 0;
      const rig = createRig({
        onCall: (name) => {
          if (name === "append" && ++count === failing) throw new Error("the disk is full");
        },
      });
      await rig.replica.start();
      const three = async (): Promise<void> => {
        for (let round = 0; round < 3; round++) await rig.finalize();
      };
      await expect(three()).rejects.toThrow("not finalized");

      expect(typesOf(rig.events).filter((type) => type === "failed")).toEqual(["failed"]);
      expect(rig.replica.status().running).toBe(false);
      const check = createHonestyCheck();
      const inLog = rig.sent.filter(({ type }) => type !== "view-change");
      for (const message of inLog) {
        if (sequenceOf(message) > heightOf(rig)) check(0, message, rig.log.records);
      }
      const before = rig.calls.length;
      await rig.pass(60_000);
      expect(rig.calls.slice(before)).toEqual([]);
      await rig.replica.stop();
    }
  });

  test("a log that cannot be loaded fails the start, before the network is heard", async () => {
    const rig = createRig({ signingLog: { load: () => Promise.reject(new Error("no disk")) } });

    await expect(rig.replica.start()).rejects.toThrow("no disk");
    expect(rig.calls).toEqual(["load"]);
    expect(() => rig.replica.status()).toThrow(PbftError);
    await expect(rig.replica.start()).rejects.toMatchObject({ fault: { code: "STOPPED" } });
    await rig.replica.stop();
  });

  test("a record that is none fails the start and says which it is", async () => {
    const rig = createRig({ log: createLog([new Uint8Array([1, 2, 3])]) });

    const fault = { code: "SIGNING_RECORD", index: 0 };
    await expect(rig.replica.start()).rejects.toMatchObject({ fault });
  });

  test("a failing compaction stops the replica: the log may be half way", async () => {
    const rig = createRig({
      onCall: (name) => {
        if (name === "compact") throw new Error("no rename");
      },
    });
    await rig.replica.start();
    await rig.finalize();

    expect(typesOf(rig.events)).toContain("failed");
    expect(rig.replica.status().running).toBe(false);
  });
});

describe("application", () => {
  test("calls never overlap, and of each kind only the newest waits behind a slow one", async () => {
    const gate = createGate();
    const { membership, counter } = createRig();
    const [calls, answers]: [string[], Occurrence[]] = [[], []];
    let [open, most] = [0, 0];
    const slowly = async <T>(name: string, result: T): Promise<T> => {
      calls.push(name);
      open += 1;
      most = Math.max(most, open);
      await gate.passed;
      open -= 1;
      return result;
    };
    const application = createApplicationCalls({
      application: {
        ...asApplication(counter),
        verify: ({ patience }) => slowly(`verify, ${patience}`, { type: "accepted" } as const),
        propose: ({ timestamp }) => slowly(`propose at ${timestamp}`, undefined),
        commit: () => slowly("commit", counter.head),
      },
      answer: (occurrence) => answers.push(occurrence),
      onFailure: (_, error) => {
        throw error;
      },
    });
    const [{ id } = { id: undefined }] = membership.members;
    const block = counter.propose(proposal(1));
    if (block === undefined || id === undefined) throw new Error("a heartbeat has a block");
    const { digest } = counter.head;
    for (let at = 1; at <= 1_000; at++) {
      const patience = at < 1_000 ? "watchdog" : "none";
      application.verify({ type: "verify", digest, block, patience });
      application.propose({ type: "propose", ...proposal(at), view: toView(0) }, id);
    }
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    gate.open();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));

    expect(most).toBe(1);
    // The last proposal interrupts judging that has no watchdog: that one is never begun.
    expect(calls).toEqual(["propose at 1000"]);
    expect(answers.map(({ type }) => type)).toEqual(["verdict", "proposed"]);
    expect(answers[0]).toMatchObject({ verdict: { type: "abstained" } });
    await application.stop();
  });

  test("one that throws while proposing or judging is reported, and asked again", async () => {
    const failures = new Set(["propose", "verify"]);
    const rig = createRig({
      onCall: (name) => {
        if (failures.delete(name)) throw new Error(`cannot ${name}`);
      },
    });
    await rig.replica.start();
    await rig.finalize().catch(() => rig.finalize());

    const failed = rig.events.filter((event) => event.type === "application-failed");
    expect(failed.map(({ call }) => call)).toEqual(["propose", "verify"]);
    await rig.replica.stop();
  });

  test("one whose hasWork throws, at any time, is one without work; nothing diverges", async () => {
    let healthy = true;
    const counter = new Counter(GENESIS, createMembership([1], "ed25519").set);
    const rig = createRig({
      counter,
      application: {
        hasWork: () => {
          if (!healthy) throw new Error("no idea");
          return counter.pending > 0;
        },
        commit: async (finalized) => {
          healthy = false;
          return counter.commit(finalized);
        },
      },
    });
    await rig.replica.start();
    await rig.finalize();
    rig.replica.notifyWork();
    healthy = true;
    await rig.finalize();

    expect(typesOf(rig.events)).not.toContain("diverged");
    expect(
      rig.events.filter((event) => event.type === "application-failed").length,
    ).toBeGreaterThan(1);
    expect(heightOf(rig)).toBe(2);
    await rig.replica.stop();
  });

  test("one that cannot read its blocks is a peer that keeps none", async () => {
    const rig = createRig({
      onCall: (name) => {
        if (name === "finalized") throw new Error("damaged");
      },
    });
    await rig.replica.start();
    await rig.finalize();
    const request = { type: "blocks", from: toSequence(1), count: 1 } as const;

    await expect(rig.handlers().request(request, undefined)).resolves.toEqual({
      type: "absent",
      head: 1,
    });
    expect(typesOf(rig.events)).toContain("application-failed");
    await rig.replica.stop();
  });

  test("while it commits slowly, peers are answered and nothing is signed", async () => {
    const gate = createGate();
    const rig = createRig({ onCall: (name) => (name === "commit" ? gate.passed : undefined) });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(1_000);
    const sent = rig.sent.length;
    const head = { type: "head", known: toSequence(0) } as const;

    await rig.pass(600_000);
    expect(await rig.handlers().request(head, undefined)).toMatchObject({ sequence: 0 });
    expect(rig.sent).toHaveLength(sent);
    gate.open();
    await rig.pass(1);
    expect(await rig.handlers().request(head, undefined)).toMatchObject({ sequence: 1 });
    await rig.replica.stop();
  });
});

describe("transport", () => {
  test("one that throws at every call stops nobody; what it was to send counts as lost", async () => {
    const rig = createRig({
      peers: () => {
        throw new Error("no sockets");
      },
      onCall: (name) => {
        if (name === "broadcast") throw new Error("no sockets");
      },
    });
    await rig.replica.start();
    await rig.finalize();
    await rig.pass(10_000);

    const failed = rig.events.filter((event) => event.type === "transport-failed");
    expect(new Set(failed.map(({ call }) => call))).toEqual(new Set(["broadcast", "peers"]));
    expect(rig.replica.status().running).toBe(true);
    await rig.replica.stop();
  });

  test("a peer that never answers is given up, the next is asked, and stopping waits for neither", async () => {
    const asked = new Set<string>();
    const others = createMembership([1, 1, 1, 1], "ed25519")
      .members.slice(1)
      .map(({ id }) => id);
    const rig = createRig({
      n: 4,
      peers: () => others,
      answer: (to, { type }) => {
        asked.add(`${type} of ${others.indexOf(to)}`);
        return new Promise(() => {});
      },
    });
    await rig.replica.start();
    rig.handlers().message(commitFrom(rig, 1, 9), others[0]);
    await rig.pass(100);
    const ofBlocks = (): number => [...asked].filter((each) => each.startsWith("blocks")).length;
    const before = ofBlocks();
    await rig.pass(10_000);

    expect([before, ofBlocks()]).toEqual([1, 3]);
    await rig.replica.stop();
    expect(rig.scheduled()).toBe(0);
  });

  test("one that delivers within `broadcast` itself is heard like any other", async () => {
    const rig: Rig = createRig({
      n: 1,
      onCall: (name) => {
        const last = rig.sent.at(-1);
        if (name === "broadcast" && last !== undefined) rig.handlers().message(last, undefined);
      },
    });
    await rig.replica.start();
    for (let round = 0; round < 3; round++) await rig.finalize();

    expect(heightOf(rig)).toBe(3);
    await rig.replica.stop();
  });
});

describe("callers", () => {
  test("notifyWork from within any call or event is heard, once", async () => {
    const rig: Rig = createRig({
      onCall: (name) => {
        if (name !== "attach" && name !== "load") rig.replica.notifyWork();
      },
      replica: { onEvent: () => rig.replica.notifyWork() },
    });
    await rig.replica.start();
    for (let round = 0; round < 3; round++) await rig.finalize();

    expect(heightOf(rig)).toBe(3);
    await rig.replica.stop();
  });

  test("a million calls of notifyWork while the disk is busy leave one thing to do", async () => {
    const gate = createGate();
    const rig = createRig({ onCall: (name) => (name === "append" ? gate.passed : undefined) });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(20);
    rig.counter.pending = 0;
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < 1_000_000; at++) rig.replica.notifyWork();
    const grown = process.memoryUsage().heapUsed - before;
    rig.counter.pending = 1;
    gate.open();
    await rig.pass(100);

    // A task for each would be some 100 bytes each.
    expect(grown).toBeLessThan(40_000_000);
    expect(heightOf(rig)).toBe(1);
    await rig.replica.stop();
  });

  test("a listener that throws at every event changes nothing", async () => {
    const rig = createRig({
      replica: {
        onEvent: () => {
          throw new Error("a broken dashboard");
        },
      },
    });
    await rig.replica.start();
    for (let round = 0; round < 3; round++) await rig.finalize();

    expect(heightOf(rig)).toBe(3);
    await rig.replica.stop();
  });

  test("a replica starts once: not twice, and not after it was stopped", async () => {
    const stopped = { fault: { code: "STOPPED" } };
    const rig = createRig();
    await rig.replica.start();
    await expect(rig.replica.start()).rejects.toMatchObject(stopped);
    await rig.replica.stop();
    await rig.replica.stop();

    const never = createRig();
    await never.replica.stop();
    await expect(never.replica.start()).rejects.toMatchObject(stopped);
    expect(never.calls).toEqual([]);
  });
});

describe("stopping", () => {
  test("at whichever call of a port it comes: when `stop` has resolved, nothing is called any more", async () => {
    const probe = createRig();
    await probe.replica.start();
    for (let round = 0; round < 3; round++) await probe.finalize();
    await probe.replica.stop();
    const total = probe.calls.length;

    expect(total).toBeGreaterThan(30);
    for (let at = 1; at <= total; at++) await stopAt(at);
  });

  async function stopAt(at: number): Promise<void> {
    const stopping: Promise<void>[] = [];
    let count = 0;
    const rig: Rig = createRig({
      onCall: async () => {
        count += 1;
        if (count === at) stopping.push(rig.replica.stop());
        // What is slow is under way when the stop comes.
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    await rig.replica.start().catch(() => {});
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    for (let turn = 0; turn < 60 && stopping.length === 0; turn++) {
      await rig.pass(50);
      rig.counter.pending = 1;
      rig.replica.notifyWork();
    }
    await stopping[0];
    const calls = rig.calls.length;
    expect(rig.scheduled(), `stopped at call ${at}`).toBe(0);
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(10_000);
    expect(rig.calls.slice(calls), `stopped at call ${at}`).toEqual([]);
  }

  test("it waits for the call of the application that runs, and that call is told to end", async () => {
    const gate = createGate();
    const signals: AbortSignal[] = [];
    const rig = createRig({
      application: {
        verify: async ({ signal }) => {
          signals.push(signal);
          await gate.passed;
          return { type: "accepted" };
        },
      },
    });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(20);
    let stopped = false;
    const stopping = rig.replica.stop().then(() => {
      stopped = true;
    });
    await rig.pass(1_000);

    expect([signals.length, signals[0]?.aborted, stopped]).toEqual([1, true, false]);
    gate.open();
    await stopping;
    expect(heightOf(rig)).toBe(0);
  });
});

function proposal(timestamp: number) {
  return {
    sequence: toSequence(1),
    timestamp: toTimestamp(timestamp),
    proposer: toAccountId(GENESIS),
    parentCertificate: undefined,
    evidence: [],
    reason: "heartbeat",
  } as const;
}

function commitFrom(rig: Rig, voter: number, sequence: number): ConsensusMessage {
  const { digest } = rig.counter.head;
  const signature = toSignature(new Uint8Array(64));
  const where = { sequence: toSequence(sequence), view: toView(0), digest };
  return { type: "commit", ...where, voter: toValidatorIndex(voter), signature };
}
