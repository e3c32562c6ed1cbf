import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { done, eventually, foundChain, keepBusy, type Operator, reaches } from "./operators.ts";
import { says } from "./struck-network.ts";

// Some twenty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000 });

describe("joining with a checkpoint", () => {
  test("follows to the chain that the operator names; a wrong one is said, and nothing is applied", async () => {
    await using operators = await foundChain({ count: 1 });
    const [alone] = operators.all;
    if (alone === undefined) throw new Error("no operator");
    await alone.start();
    const busy = await keepBusy(operators, alone);
    await reaches(alone, 6);
    const { stdout } = await done(alone.cli("checkpoint", "--url", alone.client.url));
    const checkpoint = stdout.trim();
    const [sequence = "", digest = "", ...time] = checkpoint.split(":");
    expect(Number(sequence)).toBeGreaterThanOrEqual(6);
    const join = async (name: string, at: string): Promise<Operator> => {
      const directory = path.join(operators.folder, name);
      const peers = ["--peer", alone.address];
      const genesis = ["--genesis", operators.genesis, "--observer"];
      await done(alone.cli("init", "--data-dir", directory, ...genesis, ...peers));
      const node = operators.at(directory);
      await node.start({ flags: ["--checkpoint", at] });
      return node;
    };

    const good = await join("good", checkpoint);
    await reaches(good, Number(sequence) + 2);
    await good.stop();

    const other = `${sequence}:${digest.startsWith("0") ? "1" : "0"}${digest.slice(1)}`;
    const wrong = await join("wrong", [other, ...time].join(":"));
    const status = await eventually(wrong.status, says("joining"));
    expect(status.head.sequence).toBeLessThan(Number(sequence));
    await wrong.stop();

    const high = await join("high", [`${Number(sequence) + 100_000}`, digest, ...time].join(":"));
    const message =
      /^the checkpoint \d+ is above the heads of all peers, of which the highest is \d+$/;
    const { why } = await eventually(high.status, (each) =>
      each.why.some(({ code }) => code === "joining"),
    );
    expect(why).toContainEqual(
      expect.objectContaining({ code: "joining", message: expect.stringMatching(message) }),
    );
    await high.stop();

    const old = [sequence, digest, "2020-01-01T00:00:00Z"].join(":");
    const refused = await join("old", old).catch(String);
    expect(refused).toMatch(/the checkpoint \d+ cannot be used: it is [^.]+ old.* Next: /);
    await busy.stop();
  });
});
