import { Evidence, findEvidenceDefect, fromHex, toAccountId, toHex } from "@aethel/models";
import { evidences, TEST_CHAIN } from "@aethel/testkit";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { EvidenceBody, SlashBody } from "../src/api/api.ts";
import { evidenceBody } from "../src/api/evidence-body.ts";
import { createEventHub, type NodeEvent } from "../src/http/event-hub.ts";
import { createEventBridge, type EventBridge } from "../src/runtime/node-events.ts";

const self = toAccountId(new Uint8Array(32).fill(1));

/** A bridge with recorded log and events. */
function listen(): {
  readonly bridge: EventBridge;
  readonly lines: { readonly msg: string; readonly evidence?: { readonly ssz: string } }[];
  readonly events: NodeEvent[];
} {
  const lines: ReturnType<typeof listen>["lines"] = [];
  const events: NodeEvent[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const hub = { ...createEventHub(), publish: (event: NodeEvent) => void events.push(event) };
  const bridge = createEventBridge({ hub, log, self, onFatal: () => undefined });
  return { bridge, lines, events };
}

describe("what a node tells of Byzantine behaviour", () => {
  test("P36: whatever convicts is logged whole: it verifies, and blames whom the event names", () => {
    fc.assert(
      fc.property(evidences(), (evidence) => {
        const { bridge, lines, events } = listen();

        bridge.onReplica({ type: "evidence", evidence });

        const [line, ...others] = lines;
        const logged = Evidence.decode(fromHex(line?.evidence?.ssz ?? ""));
        expect(logged).toEqual(evidence);
        expect(findEvidenceDefect(TEST_CHAIN.genesis, logged)).toBeUndefined();
        expect(line?.msg).toContain(`validator ${toHex(evidence.validator)} `);
        expect(others).toEqual([]);
        const [event] = events;
        expect(event?.type).toBe("evidence");
        expect(EvidenceBody.parse(event?.data)).toEqual(evidenceBody(evidence));
      }),
    );
  });

  test("a slash is told with its amount and its evidence, and the own one is not to be overlooked", () => {
    fc.assert(
      fc.property(evidences(), fc.bigInt(1n, 2n ** 64n - 1n), fc.boolean(), (item, lost, own) => {
        const { bridge, lines, events } = listen();
        const evidence = [evidenceBody(item)];
        const validator = own ? toHex(self) : toHex(item.validator);
        const slash = { sequence: 7, validator, amount: String(lost), stake: "0", evidence };

        bridge.onSlashed(slash);

        expect(events).toEqual([{ type: "slashed", data: slash }]);
        expect(SlashBody.parse(slash)).toEqual(slash);
        expect(lines[0]?.msg.startsWith("THIS VALIDATOR lost ")).toBe(own);
        expect(lines[0]?.msg).toContain(evidence[0]?.id);
      }),
    );
  });
});
