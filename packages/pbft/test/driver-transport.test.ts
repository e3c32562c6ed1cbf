import {
  type ConsensusMessage,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createMembership } from "./keys.ts";
import { createRig, type Rig } from "./rig.ts";

const heightOf = ({ counter }: Rig): number => counter.head.header.sequence;

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

  test("peers that never answer keep no other from being asked, and stopping waits for none", async () => {
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
    // It is no more than a reason to ask how far the others are: nobody has signed it.
    rig.handlers().message(commitFrom(rig, 1, 9), others[0]);
    await rig.pass(1);
    expect([...asked].filter((each) => each.startsWith("blocks"))).toEqual([]);
    expect([...asked].filter((each) => each.startsWith("head "))).toHaveLength(3);

    await rig.handlers().request({ type: "head", known: toSequence(8) }, others[0]);
    await rig.pass(1_000);

    expect([...asked].filter((each) => each.startsWith("blocks"))).toHaveLength(3);
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

function commitFrom(rig: Rig, voter: number, sequence: number): ConsensusMessage {
  const { digest } = rig.counter.head;
  const signature = toSignature(new Uint8Array(64));
  const where = { sequence: toSequence(sequence), view: toView(0), digest };
  return { type: "commit", ...where, voter: toValidatorIndex(voter), signature };
}
