import { equalBytes } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { decodeSigningLog, recover, type State } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { scripts } from "./scripts.ts";

/** Recovers a replica as if it crashed now and started again. */
function restarted(cluster: Cluster, index: number) {
  const { config, app, log } = cluster.node(index);
  const entries = decodeSigningLog(log);
  return recover({ config, head: app.head, entries, hasWork: false, now: cluster.now });
}

/** Everything that a replica must know again: what it said, and what that rested on. */
function expectNothingForgotten(live: State, { state, effects }: ReturnType<typeof recover>): void {
  expect(state.signed).toMatchObject(live.signed);
  // What was signed a moment ago has not come back as a message yet.
  const { prepare, commit } = live.signed;
  const own = live.sent.viewChange;
  const viewChange = own?.body.newView === live.view ? own : undefined;
  const said = effects.flatMap((effect) =>
    effect.type === "sign-and-send" ? [effect.statement] : [],
  );
  if (live.phase === "changing") expect([state.view, state.phase]).toEqual([live.view, "changing"]);
  if (prepare !== undefined) expect(state.view).toBeGreaterThanOrEqual(prepare.view);
  const locks = [viewChange?.body.prepared?.view, commit?.view].filter(
    (view) => view !== undefined,
  );
  expect(state.prepared?.view ?? -1).toBeGreaterThanOrEqual(Math.max(-1, ...locks));
  if (commit !== undefined) {
    expect(state.blocks.some(({ digest }) => equalBytes(digest, commit.digest))).toBe(true);
    expect(said.find(({ type }) => type === "commit")).toMatchObject({ digest: commit.digest });
  }
  if (prepare !== undefined) {
    expect(said.find(({ type }) => type === "prepare")).toMatchObject({ digest: prepare.digest });
  }
  if (live.phase === "changing" && viewChange !== undefined) {
    const again = said.find(({ type }) => type === "view-change");
    expect(again).toMatchObject({
      body: viewChange.body,
      prepareCertificate: viewChange.prepareCertificate,
      parentCertificate: viewChange.parentCertificate,
    });
  }
}

describe("recovery", () => {
  test.each(Object.entries(scripts))(
    "B5 B6: %s: after every input a restart would forget nothing that was said, and say it again",
    (_, script) => {
      const cluster = new Cluster({ scheme: "trusted", ...script.options });
      script.prepare(cluster);
      let checks = 0;
      const input = cluster.input.bind(cluster);
      cluster.input = (index, occurrence) => {
        input(index, occurrence);
        const { state } = cluster.node(index);
        if (state === undefined || state.phase === "committing") return;
        expectNothingForgotten(state, restarted(cluster, index));
        checks += 1;
      };
      cluster.startAll();
      const reached = (): boolean => cluster.heights().every((height) => height >= script.heights);
      for (let turn = 0; turn < 600 && !reached(); turn++) {
        cluster.work();
        cluster.run({ forMs: 100, until: reached });
      }
      expect(reached()).toBe(true);
      expect(checks).toBeGreaterThan(50);
    },
  );
});
