import {
  type ConsensusMessage,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { signStatement } from "../src/index.ts";
import { Counter } from "./counter.ts";
import { createEventQueue } from "./event-queue.ts";
import { createMembership, GENESIS, type Membership } from "./keys.ts";
import { createGate, createRig, type Rig } from "./rig.ts";

const typesOf = ({ sent }: Rig): readonly string[] => sent.map(({ type }) => type);

describe("timers", () => {
  test("one that fires although it was stopped, or started anew, is not heard", async () => {
    const queue = createEventQueue();
    let now = 1_000;
    const gate = createGate();
    const rig = createRig({
      onCall: (name) =>
        name === "propose" && rig.counter.head.header.sequence > 0 ? gate.passed : undefined,
      replica: {
        clock: {
          now: () => now,
          schedule: (delayMs, action) => {
            queue.push(now + delayMs, action);
            // This clock forgets nothing.
            return () => {};
          },
        },
      },
    });
    const passUntil = async (end: number): Promise<void> => {
      await rig.pass(0);
      for (let next = queue.pop(end); next !== undefined; next = queue.pop(end)) {
        now = Math.max(now, next.at);
        next.run();
        await rig.pass(0);
      }
      now = end;
    };
    const work = async (): Promise<void> => {
      rig.counter.pending = 1;
      rig.replica.notifyWork();
      await rig.pass(0);
    };
    await rig.replica.start();
    await work();
    await passUntil(1_200);
    expect(rig.counter.head.header.sequence).toBe(1);
    // The next view has its 400 ms from here on; those of the first one end at 1,400.
    await work();
    await passUntil(1_599);
    expect(typesOf(rig)).not.toContain("view-change");
    await passUntil(1_800);
    expect(typesOf(rig)).toContain("view-change");
    gate.open();
    await rig.replica.stop();
  });
});

describe("notifyWork", () => {
  test("without news starts nothing, however often it is called", async () => {
    const rig = createRig({ replica: { parameters: slow } });
    await rig.replica.start();
    await rig.finalize();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(1);
    // It waits for the interval between blocks.
    expect(rig.counter.head.header.sequence).toBe(1);
    const calls = rig.calls.length;
    for (let time = 0; time < 20; time++) {
      rig.replica.notifyWork();
      await rig.pass(0);
    }
    expect(rig.calls.slice(calls)).toEqual([]);
    await rig.pass(10_000);
    expect(rig.counter.head.header.sequence).toBe(2);
    await rig.replica.stop();
  });
});

describe("a signature of the own key that nobody here made", () => {
  test.each([
    [undefined, "listening"],
    [false, "listening"],
    [true, undefined],
  ] as const)("B26: ignoresOwnSignatures %s: quiet because of %s", async (ignores, quiet) => {
    const rig = createRig({
      membership: ruling(),
      replica: ignores === undefined ? {} : { ignoresOwnSignatures: ignores },
    });
    await rig.replica.start();
    await rig.pass(2_000);
    expect(rig.replica.status().quiet).toBeUndefined();
    const [member] = rig.membership.members;
    if (member === undefined) throw new Error("there is one");
    const { signer } = member;
    const statement = { type: "prepare", ...at(1), voter: toValidatorIndex(0) } as const;
    rig.handlers().message(signStatement({ statement, genesis: GENESIS, signer }), undefined);
    await rig.pass(10);
    expect(rig.replica.status().quiet?.reason).toBe(quiet);
    await rig.replica.stop();
  });
});

describe("the boundary of a set", () => {
  test.each([true, false])(
    "what came early and proved nothing is looked at again if the set has changed: %s",
    async (hasChanged) => {
      const membership = ruling();
      const counter = new Counter(GENESIS, membership.set);
      const next = hasChanged ? ruling(5n).set : membership.set;
      counter.setAt = (sequence) => (sequence > 1 ? next : membership.set);
      const rig = createRig({ membership, counter });
      await rig.replica.start();
      await rig.pass(2_000);
      const signature = toSignature(new Uint8Array(64));
      const forged: ConsensusMessage = {
        type: "prepare",
        ...at(2),
        voter: toValidatorIndex(1),
        signature,
      };
      const discarded = (): number => rig.events.filter(({ type }) => type === "discarded").length;
      rig.handlers().message(forged, membership.members[1]?.id);
      await rig.pass(10);
      expect(discarded()).toBe(0);
      await rig.finalize();
      expect(discarded()).toBe(hasChanged ? 1 : 0);
      await rig.replica.stop();
    },
  );
});

const slow = {
  minBlockIntervalMs: 1_000,
  heartbeatIntervalMs: 0,
  maxDriftMs: 60_000,
  viewTimeoutMs: 4_000,
  viewTimeoutMaxMs: 20_000,
  judgingBoundMs: 100,
  disseminationBoundMs: 100,
  networkDelayMs: 20,
} as const;

const at = (sequence: number) =>
  ({ sequence: toSequence(sequence), view: toView(7), digest: GENESIS }) as const;

/** Two of whom the first, the one that the rig is, decides alone. */
function ruling(power = 4n): Membership {
  const found = [
    [Number(power), 1],
    [1, Number(power)],
  ]
    .map((powers) => createMembership(powers, "ed25519"))
    .find(({ set }) => set.validators[0]?.power === power);
  if (found === undefined) throw new Error("one of both is first");
  return found;
}
