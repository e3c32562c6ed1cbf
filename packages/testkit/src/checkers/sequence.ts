import { equalBytes, toHex } from "@aethel/models";
import type { Checker } from "./checker.ts";

/**
 * Checks that each honest node applies one block after another, each with the last one as its
 * parent. This holds across restarts too, unless an action of the world rolled the node back.
 */
export function createSequenceChecker(): Checker {
  const heads = new Map<number, { readonly sequence: number; readonly digest: Uint8Array }>();
  return {
    name: "sequence",
    observe: (observation) => {
      if (observation.type === "opened") {
        const { header, digest } = observation.head;
        const last = heads.get(observation.node);
        heads.set(observation.node, { sequence: header.sequence, digest });
        if (observation.isRolledBack) return undefined;
        if (last === undefined || last.sequence <= header.sequence) return undefined;
        return `node ${observation.node} came back at ${header.sequence} after it had applied ${last.sequence}`;
      }
      if (observation.type !== "applied") return undefined;
      const { node, finalized, head } = observation;
      const { sequence, parent } = finalized.block.header;
      const last = heads.get(node);
      heads.set(node, { sequence: head.header.sequence, digest: head.digest });
      if (
        last === undefined ||
        (last.sequence === sequence && equalBytes(last.digest, head.digest))
      ) {
        return undefined;
      }
      if (last.sequence + 1 !== sequence) {
        return `node ${node} applied sequence ${sequence} after ${last.sequence}`;
      }
      if (equalBytes(last.digest, parent)) return undefined;
      return `node ${node} applied ${sequence} on top of ${toHex(parent).slice(0, 8)}, its head was ${toHex(last.digest).slice(0, 8)}`;
    },
  };
}
