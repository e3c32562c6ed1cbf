import { createValidatorSet, equalBytes, type ValidatorSet } from "@aethel/models";
import type { Cluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster-options.ts";

/** A scripted run; `prepare` sets the stage before anyone starts. */
export interface Script {
  readonly options?: ClusterOptions;
  readonly prepare: (cluster: Cluster) => void;
  readonly heights: number;
}

export const scripts: Readonly<Record<string, Script>> = {
  "the normal case": { prepare: () => {}, heights: 2 },
  "a view change": {
    heights: 1,
    prepare: (cluster) => {
      const leader = cluster.leader(1, 0);
      cluster.connected = (from, to) => cluster.now > 2_500 || (from !== leader && to !== leader);
    },
  },
  "a locked block": {
    heights: 1,
    // Everyone prepares and commits in view 0, and nobody hears of anybody's COMMIT.
    prepare: (cluster) => {
      const send = cluster.send.bind(cluster);
      cluster.send = (from, to, message) => {
        const isLost = message.type === "commit" && message.view === 0 && message.sequence === 1;
        if (!isLost) send(from, to, message);
      };
    },
  },
  "two view changes in a row": {
    heights: 1,
    prepare: (cluster) => {
      const send = cluster.send.bind(cluster);
      cluster.send = (from, to, message) => {
        const isLost = message.type === "commit" && message.view < 2 && message.sequence === 1;
        if (!isLost) send(from, to, message);
      };
    },
  },
  "a certificate that comes after the time-out": {
    heights: 1,
    prepare: (cluster) => {
      const send = cluster.send.bind(cluster);
      cluster.send = (from, to, message) => {
        const isSlow = message.type === "prepare" && message.view === 0 && message.sequence === 1;
        // The view timer runs for a second; the views then change with these votes under way.
        if (isSlow) cluster.delay(1_030 - cluster.now + 1_000, () => send(from, to, message));
        else send(from, to, message);
      };
    },
  },
  "a lock that one replica only saw": {
    heights: 1,
    prepare: (cluster) => {
      const abstainer = (cluster.leader(1, 0) + 1) % 4;
      cluster.node(abstainer).app.override = (block, patience) =>
        block.header.sequence === 1 && cluster.now < 6_000 && patience !== ""
          ? { type: "abstained", reason: "busy" }
          : undefined;
      const send = cluster.send.bind(cluster);
      cluster.send = (from, to, message) => {
        const isLost = message.type === "commit" && message.view < 2 && message.sequence === 1;
        if (!isLost) send(from, to, message);
      };
    },
  },
  "a NewView that comes without the requests": {
    // Seven, so that the others are a quorum without the leader and without the one they miss.
    options: { powers: [1, 1, 1, 1, 1, 1, 1] },
    heights: 1,
    prepare: (cluster) => {
      const leader = cluster.leader(1, 0);
      const unaware = (leader + 2) % 4;
      // It knows of nothing to do, so its own time does not run either.
      const input = cluster.input.bind(cluster);
      cluster.input = (index, occurrence) => {
        const isNews = index === unaware && occurrence.type === "work" && cluster.now < 3_000;
        if (!isNews) input(index, occurrence);
      };
      const send = cluster.send.bind(cluster);
      cluster.send = (from, to, message) => {
        const isLost = to === unaware && message.type === "view-change" && cluster.now < 3_000;
        if (from !== leader && to !== leader && !isLost) send(from, to, message);
        else if (cluster.now > 3_000) send(from, to, message);
      };
    },
  },
  "a refused proposal": {
    heights: 1,
    prepare: (cluster) => {
      const { id } = cluster.node(cluster.leader(1, 0)).config;
      for (const { app } of cluster.nodes) {
        app.override = (block) =>
          block.header.sequence === 1 && equalBytes(block.header.proposer, id)
            ? { type: "refused", reason: "wrong" }
            : undefined;
      }
    },
  },
  "an epoch boundary": {
    options: { powers: [3, 3, 3, 2, 2] },
    heights: 4,
    prepare: (cluster) => {
      const { set } = cluster.membership;
      // Somebody leaves, then comes back while another leaves.
      const sets = [set, without(set, 4), without(set, 3)];
      for (const { app } of cluster.nodes) {
        app.setAt = (sequence) => sets[Math.min(2, Math.floor(sequence / 2))] ?? set;
      }
    },
  },
  "catching up": {
    heights: 2,
    prepare: (cluster) => {
      const isBehind = (node: number): boolean => node === 3 && cluster.height(0) < 2;
      cluster.connected = (from, to) => !isBehind(from) && !isBehind(to);
    },
  },
};

function without(set: ValidatorSet, index: number): ValidatorSet {
  return createValidatorSet(set.validators.filter((_, at) => at !== index));
}
