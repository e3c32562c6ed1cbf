import type { Checker } from "./checker.ts";

/**
 * Checks that no honest node gives a view up because it refuses what an honest leader re-proposes
 * there with a PREPARE certificate. A quorum has accepted that block, so a node that refuses it
 * received something else than the leader sent.
 */
export function createReProposalChecker(): Checker {
  /** Views in which an honest leader has re-proposed a block, as sequence and view. */
  const reProposed = new Set<string>();
  return {
    name: "re-proposals",
    observe: (observation) => {
      if (observation.type === "said" && observation.message.type === "new-view") {
        const { proposal, prepareCertificate } = observation.message;
        const { sequence, view } = proposal;
        if (prepareCertificate !== undefined) reProposed.add(`${sequence} ${view}`);
      }
      if (observation.type !== "refused") return undefined;
      const { node, sequence, view } = observation;
      if (!reProposed.has(`${sequence} ${view}`)) return undefined;
      return `node ${node} refused at sequence ${sequence} the block that the honest leader of view ${view} re-proposed`;
    },
  };
}
