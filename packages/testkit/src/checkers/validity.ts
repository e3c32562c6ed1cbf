import { type Block, blockDigest, toHex } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import type { Checker } from "./checker.ts";

/**
 * Checks property P28: an auditor accepts every final block. The auditor is one more application,
 * which no node can influence. It executes all final blocks from genesis on.
 */
export function createValidityChecker(auditor: Application): Checker {
  let waiting: {
    readonly node: number;
    readonly finalized: Parameters<Application["commit"]>[0];
  }[] = [];
  return {
    name: "validity",
    observe: (observation) => {
      if (observation.type !== "applied") return undefined;
      const { node, finalized } = observation;
      const next = auditor.head().header.sequence + 1 + waiting.length;
      if (finalized.block.header.sequence === next) waiting.push({ node, finalized });
      return undefined;
    },
    afterStep: async () => {
      const due = waiting;
      waiting = [];
      for (const { node, finalized } of due) {
        const { block } = finalized;
        const reason = await judge(auditor, block);
        if (reason !== undefined) {
          return `node ${node} finalized a wrong block at sequence ${block.header.sequence}: ${reason}`;
        }
        await auditor.commit(finalized);
      }
      return undefined;
    },
  };
}

async function judge(auditor: Application, block: Block): Promise<string | undefined> {
  const { signal } = new AbortController();
  const digest = blockDigest(block.header);
  const verdict = await auditor.verify({ block, digest, patience: "none", signal });
  return verdict.type === "accepted" ? undefined : `${toHex(digest).slice(0, 8)} ${verdict.reason}`;
}
