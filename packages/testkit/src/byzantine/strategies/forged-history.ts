import type { FinalizedBlock, SyncResponse } from "@aethel/models";
import { toSequence, toTimestamp } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import { createOwnBlock } from "../behaviour/own-block.ts";
import type { Behaviour, Strategy, StrategyContext } from "../behaviour/strategy.ts";

/**
 * Claims to be one block ahead of its head. Peers that ask for the next block get one that nobody
 * finalized, with a forged copy of the last certificate. Peers that ask for old blocks get, half of
 * the time, a changed block.
 */
export const forgedHistory: Strategy = {
  name: "forged-history",
  create: (context): Behaviour => {
    const applied = new Map<number, FinalizedBlock>();
    let application: Application | undefined;
    let next: FinalizedBlock | undefined;
    return {
      act: () => {
        if (application === undefined) return;
        void forgeNext(context, application).then((forged) => {
          next = forged;
        });
      },
      answer: (request) => {
        const { header, digest } = context.head();
        const current = header.sequence + 1;
        if (request.type === "head") {
          return { type: "head", sequence: toSequence(current), digest, oldest: toSequence(1) };
        }
        if (request.type !== "blocks") return undefined;
        if (request.from === current) return next && answer(next);
        const known = applied.get(request.from);
        return known === undefined || context.random.chance(0.5) ? undefined : answer(twist(known));
      },
      application: (inner) => {
        application = inner;
        return {
          ...inner,
          commit: async (finalized, leadership) => {
            applied.set(finalized.block.header.sequence, finalized);
            return inner.commit(finalized, leadership);
          },
        };
      },
    };
  },
};

function answer(finalized: FinalizedBlock): SyncResponse {
  return { type: "blocks", blocks: [finalized] };
}

/**
 * Builds a block for the next sequence. Its certificate is a copy of the last block's certificate
 * in which the sequence and the digest are replaced. Undefined if the head is the genesis block, or
 * if the application builds no block now.
 */
async function forgeNext(
  context: StrategyContext,
  application: Application,
): Promise<FinalizedBlock | undefined> {
  const { certificate } = context.head();
  if (certificate === undefined) return undefined;
  const own = await createOwnBlock(context, application);
  if (own === undefined) return undefined;
  const { block, digest } = own;
  const { sequence } = block.header;
  return { block, certificate: { ...certificate, sequence, digest } };
}

/**
 * Returns the same block with a timestamp a millisecond later, so that its certificate does not fit
 * its digest.
 */
function twist({ block, certificate }: FinalizedBlock): FinalizedBlock {
  const { header } = block;
  const timestamp = toTimestamp(header.timestamp + 1);
  return { block: { ...block, header: { ...header, timestamp } }, certificate };
}
