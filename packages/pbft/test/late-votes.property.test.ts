import {
  type Commit,
  equalBytes,
  findCertificateDefect,
  isQuorum,
  powerOf,
  signersOfCertificate,
} from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Effect, Occurrence } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { GENESIS } from "./keys.ts";
import { seeds } from "./worlds.ts";

type Proposing = Extract<Effect, { readonly type: "propose" }>;

test("P3: the parent's certificate in a block has everybody whose COMMIT its leader had by then", () => {
  let complete = 0;
  let certificates = 0;
  const powers = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 8 });
  fc.assert(
    fc.property(seeds, powers, fc.constantFrom(5, 60, 300), (seed, drawn, latencyMax) => {
      // Of each node: the latest COMMIT of everybody, by sequence.
      const heard = new Map<string, Map<number, Commit>>();
      const check = (node: number, { sequence, parentCertificate: certificate }: Proposing) => {
        if (certificate === undefined) return;
        const { set, verify } = cluster.membership;
        expect(
          findCertificateDefect({ certificate, set, genesis: GENESIS, verify }),
        ).toBeUndefined();
        const { view, digest } = certificate;
        const votes = [...(heard.get(`${node} ${sequence - 1}`)?.values() ?? [])].filter(
          (vote) => vote.view === view && equalBytes(vote.digest, digest),
        );
        const known = powerOf(
          set,
          votes.map(({ voter }) => voter),
        );
        const included = powerOf(set, signersOfCertificate(certificate));
        expect(included).toBeGreaterThanOrEqual(known);
        expect(isQuorum(included, set)).toBe(true);
        certificates += 1;
        if (included === set.totalPower) complete += 1;
      };
      const onStep = (node: number, occurrence: Occurrence, effects: readonly Effect[]): void => {
        if (occurrence.type === "message" && occurrence.message.type === "commit") {
          const { message } = occurrence;
          const current = cluster.state(node).sequence;
          // What is of a later sequence comes again when its time has come, or is fetched.
          if (message.sequence !== current && message.sequence !== current - 1) return;
          const key = `${node} ${message.sequence}`;
          const votes = heard.get(key) ?? new Map<number, Commit>();
          if ((votes.get(message.voter)?.view ?? -1) < message.view) {
            heard.set(key, votes.set(message.voter, message));
          }
        }
        for (const effect of effects) if (effect.type === "propose") check(node, effect);
      };
      const cluster = new Cluster({ seed, powers: drawn, latency: [1, latencyMax], onStep });
      cluster.startAll();
      for (let round = 0; round < 3; round++) {
        cluster.work();
        cluster.run({ forMs: 1_500 });
      }
    }),
    // The draws are counted: the seed is fixed.
    { numRuns: 100, seed: 1 },
  );
  // A quorum alone is the exception where the interval between blocks is longer than the delays.
  expect(complete * 2).toBeGreaterThan(certificates);
});
