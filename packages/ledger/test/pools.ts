import type { Proof, StateTransition } from "@aethel/models";
import {
  type BlockEffects,
  createMempool,
  type Mempool,
  type MempoolLimits,
  type PendingProof,
} from "../src/index.ts";
import { roomOf } from "../src/metering/block-room.ts";
import { costOf } from "../src/metering/units.ts";
import { heldBytes } from "../src/pending/pending.ts";
import { tableJudgement } from "./judgements.ts";
import { createWorld, type World } from "./world.ts";

/** Small bounds, so that tests meet them. */
export const LIMITS: MempoolLimits = {
  countMax: 1_000,
  bytesMax: 4_000_000,
  perAuthorMax: 16,
  waitingMax: 1_000,
  waitingPerAuthorMax: 16,
  waitingBlocksMax: 5,
  judgedMax: 16,
  rejectedMax: 3,
  proposableMs: 100,
};

export const world: World = createWorld();

export function createPool(of: World = world, limits: Partial<MempoolLimits> = {}): Mempool {
  const { state, tools } = of;
  return createMempool({ state, ...tools, limits: { ...LIMITS, ...limits } });
}

/** Has the table judge everything that can be judged now; returns the order in which it was. */
export function judgeAll(pool: Mempool): readonly PendingProof[] {
  const judged: PendingProof[] = [];
  for (let next = pool.takeToJudge(); next !== undefined; next = pool.takeToJudge()) {
    judged.push(next);
    const judgement = tableJudgement(next.proof.body);
    if (judgement !== undefined) pool.settle(next, judgement);
  }
  return judged;
}

/** Serves a block in which each proof takes what it may take: its limit, or what judging took. */
export function serveAll(pool: Mempool): readonly PendingProof[] {
  const served: PendingProof[] = [];
  const all = roomOf(world.genesis.parameters, world.genesis.parameters.blockUnitsMax);
  let left = all;
  const serving = pool.serve({ all, left: () => left, isFirstCall: () => false });
  for (let next = serving.next(); next !== undefined; next = serving.next()) {
    served.push(next);
    const { body } = next.proof;
    left = {
      bytes: left.bytes - heldBytes(next),
      units: left.units - costOf({ body, bytes: next.bytes }),
      judging: left.judging - (next.judgement?.resource ?? 0),
      growth: left.growth,
    };
    serving.taken();
  }
  return served;
}

export const codeOf = (pool: Mempool, proof: Proof): string => {
  const added = pool.add(proof);
  return added.type === "refused" ? added.code : added.type;
};

/** What a block did, all of whose proofs count as paid. */
export const effectsOf = ({ changes }: Pick<StateTransition, "changes">): BlockEffects => ({
  changes,
  includes: () => true,
});
