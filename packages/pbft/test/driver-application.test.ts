import {
  type QuorumCertificate,
  toAccountId,
  toSequence,
  toTimestamp,
  toView,
  ZERO_DIGEST,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { type Occurrence, type ReplicaEvent } from "../src/index.ts";
import { createApplicationCalls } from "../src/replica/application-calls.ts";
import { Counter } from "./counter.ts";
import { asApplication, createRealClock } from "./hub.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { createGate, createRig, type Rig } from "./rig.ts";

const typesOf = (events: readonly ReplicaEvent[]): readonly string[] =>
  events.map(({ type }) => type);
const heightOf = ({ counter }: Rig): number => counter.head.header.sequence;

describe("application", () => {
  test("calls never overlap, and of each kind only the newest waits behind a slow one", async () => {
    const gate = createGate();
    const { membership, counter } = createRig();
    const [calls, answers]: [string[], Occurrence[]] = [[], []];
    let [open, most] = [0, 0];
    const signals: AbortSignal[] = [];
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
        propose: ({ timestamp, signal }) => {
          signals.push(signal);
          return slowly(`propose at ${timestamp}`, undefined);
        },
        commit: () => slowly("commit", counter.head),
      },
      clock: createRealClock(),
      answer: (occurrence) => answers.push(occurrence),
      onFailure: (_, error) => {
        throw error;
      },
      onCommitFailure: (_, error) => {
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
    // The last proposal interrupts validation that has no watchdog: that one is never begun.
    expect(calls).toEqual(["propose at 1000"]);
    application.verify({ type: "verify", digest, block, patience: "none" });
    const certificate = { digest } as QuorumCertificate;
    const finalized = { block, certificate };
    application.commit({ type: "commit", finalized, view: toView(0), leadership: undefined });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    gate.open();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));

    expect(most).toBe(1);
    // The commit makes an end of both, the one that runs and the one that waits.
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(calls).toEqual(["propose at 1000", "commit"]);
    const types = answers.map(({ type }) => type);
    expect(types).toEqual(["verdict", "proposed", "verdict", "committed"]);
    expect(answers[0]).toMatchObject({ verdict: { type: "abstained" } });
    await application.stop();
  });

  test("a search runs beside proposals, tells what it found, and ends with the replica", async () => {
    const gate = createGate();
    const { counter } = createRig();
    const block = counter.propose(proposal(1));
    if (block === undefined) throw new Error("a heartbeat has a block");
    const { digest } = counter.head;
    const claim = Uint8Array.of(7);
    for (const [found, fails] of [
      [claim, false],
      [undefined, false],
      [claim, true],
    ] as const) {
      const [answers, failures, signals]: [Occurrence[], string[], AbortSignal[]] = [[], [], []];
      const findClaim = async ({ signal }: { readonly signal: AbortSignal }) => {
        signals.push(signal);
        await gate.passed;
        if (fails) throw new Error("no search");
        return found;
      };
      const calls = createApplicationCalls({
        application: { ...asApplication(counter), findClaim },
        clock: createRealClock(),
        answer: (occurrence) => answers.push(occurrence),
        onFailure: (call) => failures.push(call),
        onCommitFailure: (_, error) => {
          throw error;
        },
      });
      calls.findClaim({ type: "find-claim", digest, block });
      const { proposer } = proposal(1);
      calls.propose({ type: "propose", ...proposal(1), view: toView(0) }, proposer);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      gate.open();
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));

      const answered = { type: "claim", digest, claim: fails ? undefined : found };
      expect(answers.filter(({ type }) => type === "claim")).toEqual([answered]);
      expect(answers.map(({ type }) => type)).toContain("proposed");
      expect(failures).toEqual(fails ? ["findClaim"] : []);
      expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
      await calls.stop();
    }
  });

  test("one that throws while proposing or validating is reported, and asked again", async () => {
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

function proposal(timestamp: number) {
  return {
    sequence: toSequence(1),
    timestamp: toTimestamp(timestamp),
    proposer: toAccountId(GENESIS),
    parentCertificate: undefined,
    evidence: [],
    leadership: ZERO_DIGEST,
    reason: "heartbeat",
  } as const;
}
