import { blockDigest, equalBytes, type FinalizedBlock, sha256 } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import { advanceHead, createGenesisHead, createPlainBlock, createReplica } from "@aethel/pbft";
import { clock, createMembers, createNetwork, forgetfulLog, parameters } from "./in-process.ts";

const genesis = sha256(new TextEncoder().encode("the name of the chain"));
const { validators, members } = createMembers(4);

/** Replicated state: a number that each block raises by one, up to a goal. */
function createCounter(goal: number) {
  const blocks: FinalizedBlock[] = [];
  let head = createGenesisHead({ genesis, validators, application: Uint8Array.of(0) });
  const count = (): number => head.header.sequence;
  const next = (): Uint8Array => Uint8Array.of(count() + 1);
  const application: Application = {
    head: () => head,
    hasWork: () => count() < goal,
    async propose(request) {
      return createPlainBlock({ head, request, items: [], application: next() });
    },
    async verify({ block, digest }) {
      const request = { ...block.header, ...block };
      const { header } = createPlainBlock({ head, request, items: [], application: next() });
      const isNext = equalBytes(blockDigest(header), digest);
      return isNext ? { type: "accepted" } : { type: "refused", reason: "not the next number" };
    },
    async commit(finalized) {
      if (finalized.block.header.sequence === count() + 1) {
        blocks.push(finalized);
        head = advanceHead(head, finalized);
      }
      return head;
    },
    finalized: async (sequence) => blocks[sequence - 1],
    header: async (sequence) => blocks[sequence - 1]?.block.header,
  };
  return { application, count };
}

const connect = createNetwork();
const nodes = members.map(({ id, signer }) => {
  const { application, count } = createCounter(10);
  const world = { transport: connect(id), signingLog: forgetfulLog, clock };
  const replica = createReplica({ genesis, parameters, id, signer, application, ...world });
  return { count, replica };
});

await Promise.all(nodes.map(({ replica }) => replica.start()));
while (nodes.some(({ count }) => count() < 10)) await new Promise((next) => setTimeout(next, 5));
await Promise.all(nodes.map(({ replica }) => replica.stop()));
/** Final state of each of the four. */
export const counts: readonly number[] = nodes.map(({ count }) => count());
console.log("all four counted to", counts);
