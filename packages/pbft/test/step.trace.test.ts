import { describe, expect, test } from "vitest";
import { Cluster } from "./cluster.ts";
import { renderStep } from "./render.ts";

function traced(prepare: (cluster: Cluster) => void): string {
  const lines: string[] = [];
  const cluster = new Cluster({
    onStep: (node, occurrence, effects) =>
      lines.push(renderStep(cluster.now, node, occurrence, effects)),
  });
  cluster.startAll();
  prepare(cluster);
  cluster.work();
  const up = cluster.nodes.flatMap((node, at) => (node.state === undefined ? [] : [at]));
  cluster.run({ forMs: 5_000, until: () => up.every((at) => cluster.height(at) === 1) });
  return `${lines.join("\n")}\n`;
}

describe("golden traces of four replicas", () => {
  test("one block in the normal case", async () => {
    await expect(traced(() => {})).toMatchFileSnapshot("traces/normal-case.txt");
  });

  test("the leader is down: a view change, and a fresh block by the next leader", async () => {
    const trace = traced((cluster) => cluster.crash(cluster.leader(1, 0)));
    await expect(trace).toMatchFileSnapshot("traces/view-change.txt");
  });

  test("COMMIT votes of view 0 are lost: the next view proposes the locked block again", async () => {
    const trace = traced((cluster) => {
      const send = cluster.send.bind(cluster);
      cluster.send = (from, to, message) => {
        if (message.type !== "commit" || message.view > 0) send(from, to, message);
      };
    });
    await expect(trace).toMatchFileSnapshot("traces/locked-block.txt");
  });
});
