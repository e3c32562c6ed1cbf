import { describe, expect, test } from "vitest";
import { createEventHub, type EventSubscription } from "../src/http/event-hub.ts";

describe("the event hub", () => {
  test("gives a late reader what is kept after its number, then what is new, in order", async () => {
    const hub = createEventHub();
    for (const text of ["a", "b", "c"]) hub.publish({ type: "peer", data: { text } });

    const reader = hub.subscribe(1);
    hub.publish({ type: "peer", data: { text: "d" } });

    expect(await take(reader, 3)).toEqual(["2 b", "3 c", "4 d"]);
  });

  test("forgets a reader that closes, and ends all readers when it closes", async () => {
    const hub = createEventHub();
    const first = hub.subscribe(0);
    const second = hub.subscribe(0);
    first.close();
    expect(hub.subscribers).toBe(1);

    const rest = take(second, 1);
    hub.close();

    expect(await rest).toEqual([]);
    expect(hub.subscribers).toBe(0);
  });

  test("B36: cuts off a reader that does not read, so memory stays bounded", () => {
    const hub = createEventHub();
    hub.subscribe(0);

    for (let at = 0; at < 5_000; at++) hub.publish({ type: "peer", data: { text: "x" } });

    expect(hub.subscribers).toBe(0);
  });
});

async function take(reader: EventSubscription, count: number): Promise<readonly string[]> {
  const taken: string[] = [];
  for await (const { id, data } of reader) {
    taken.push(`${id} ${"text" in data ? String(data.text) : ""}`);
    if (taken.length === count) break;
  }
  return taken;
}
