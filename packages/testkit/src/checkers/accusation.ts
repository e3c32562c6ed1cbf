import { type AccountId, type Digest, findEvidenceDefect, toHex } from "@aethel/models";
import type { Checker } from "./checker.ts";

/**
 * Checks property P36 (B20 in docs/known-bugs.md): evidence made by honest nodes is valid, and it
 * never accuses an honest node.
 */
export function createAccusationChecker(options: {
  readonly genesis: Digest;
  readonly honest: readonly AccountId[];
}): Checker {
  const honest = new Set(options.honest.map((id) => toHex(id)));
  return {
    name: "accusation",
    observe: (observation) => {
      if (observation.type !== "accused") return undefined;
      const { node, evidence } = observation;
      const accused = toHex(evidence.validator);
      const what = `node ${node} made evidence of ${evidence.type} against ${accused.slice(0, 8)}`;
      const defect = findEvidenceDefect(options.genesis, evidence);
      if (defect !== undefined) return `${what}: ${defect}`;
      return honest.has(accused) ? `${what}, which is honest` : undefined;
    },
  };
}
