import { blockDigest, equalBytes, type FinalizedBlock, sha256, toRoot } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import { advanceHead, createGenesisHead, createPlainBlock, createReplica } from "@aethel/pbft";
import { clock, createMembers, createNetwork, forgetfulLog, parameters } from "./in-process.ts";

const genesis = sha256(new TextEncoder().encode("the name of the chain"));
const rootOf = (count: number) => toRoot(sha256(new Uint8Array([count])));
const { validators, members } = createMembers(4);

/** What is replicated: a number that each block raises by one, up to a goal. */
function createCounter(goal: number) {
  const blocks: FinalizedBlock[] = [];
  let head = createGenesisHead({ genesis, validators, stateRoot: rootOf(0) });
  const count = (): number => head.header.sequence;
  const application: Application = {
    head: () => head,
    hasWork: () => count() < goal,
    async propose(request) {
      return createPlainBlock({ head, request, stateRoot: rootOf(count() + 1) });
    },
    async verify({ block, digest }) {
      const request = { ...block.header, ...block };
      const { header } = createPlainBlock({ head, request, stateRoot: rootOf(count() + 1) });
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
/** What each of the four holds in the end. */
export const counts: readonly number[] = nodes.map(({ count }) => count());
console.log("all four counted to", counts);
