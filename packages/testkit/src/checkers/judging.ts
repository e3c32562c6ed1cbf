import { blockDigest, toHex } from "@aethel/models";
import type { Checker } from "./checker.ts";

/** Checks property P1: no honest node votes for a block that its own application did not accept. */
export function createJudgingChecker(): Checker {
  const accepted = new Map<number, Set<string>>();
  return {
    name: "judging",
    observe: (observation) => {
      const { node } = observation;
      if (observation.type === "verified") {
        const known = accepted.get(node) ?? new Set<string>();
        known.add(toHex(blockDigest(observation.block.header)));
        accepted.set(node, known);
        return undefined;
      }
      if (observation.type !== "said") return undefined;
      const { message } = observation;
      if (message.type !== "prepare" && message.type !== "commit") return undefined;
      const digest = toHex(message.digest);
      if (accepted.get(node)?.has(digest) === true) return undefined;
      return `node ${node} sent ${message.type} for ${digest.slice(0, 8)} at sequence ${message.sequence} and had not accepted it`;
    },
  };
}
