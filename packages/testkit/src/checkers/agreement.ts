import { blockDigest, toHex } from "@aethel/models";
import type { Checker } from "./checker.ts";

/** Checks property P8: no two honest nodes finalize different blocks at one sequence. */
export function createAgreementChecker(): Checker {
  const final = new Map<number, { readonly digest: string; readonly node: number }>();
  return {
    name: "agreement",
    observe: (observation) => {
      if (observation.type !== "applied") return undefined;
      const { header } = observation.finalized.block;
      const digest = toHex(blockDigest(header));
      const first = final.get(header.sequence);
      if (first === undefined) final.set(header.sequence, { digest, node: observation.node });
      if (first === undefined || first.digest === digest) return undefined;
      return `at sequence ${header.sequence} node ${first.node} finalized ${first.digest.slice(0, 8)}, node ${observation.node} ${digest.slice(0, 8)}`;
    },
  };
}
