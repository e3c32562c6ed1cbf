import { describe, expect, test } from "vitest";
import { commit, startNet, stopAll, until } from "./localnet.ts";

describe("transport over loopback", () => {
  test("four nodes form a mesh and deliver a broadcast to all others, with its sender", async () => {
    const nodes = await startNet(4);
    const [first, ...others] = nodes;
    first?.transport.broadcast(commit(1));
    await until(() => others.every(({ messages }) => messages.length === 1));

    for (const { messages } of others) {
      expect(messages).toEqual([{ message: commit(1), from: first?.identity.id }]);
    }
    expect(first?.messages).toEqual([]);
    await stopAll(nodes);
  });
});
