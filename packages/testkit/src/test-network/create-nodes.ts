import {
  type AccountId,
  assert,
  equalBytes,
  type Genesis,
  hashGenesis,
  toHex,
  type VerifySigned,
} from "@aethel/models";
import type { createReplica, PeerName } from "@aethel/pbft";
import type { ChainApplication } from "../applications/application-kind.ts";
import { signersOfNode } from "../applications/key-changes.ts";
import type { Conspiracy, Strategy } from "../byzantine/behaviour/strategy.ts";
import { drawStrategies, strategyNamed } from "../byzantine/catalogue.ts";
import { timingStrategy } from "../byzantine/timing/timing-strategy.ts";
import { createNode } from "../node/replica-node.ts";
import type { ManagedNode } from "../node/test-node.ts";
import type { Random } from "../random.ts";
import type { ResolvedWorld } from "../scenario/resolve-world.ts";
import type { VirtualNetwork } from "../virtual-network/virtual-network.ts";
import type { Scheduler } from "../virtual-time/scheduler.ts";
import type { Observer } from "./observer.ts";
import { instancesOf, type People } from "./people.ts";

/** Creates the nodes of a world, all of them down. Byzantine nodes share one `Conspiracy`. */
export async function createNodes(options: {
  readonly world: ResolvedWorld;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly network: VirtualNetwork;
  readonly people: People;
  readonly chain: ChainApplication;
  readonly genesis: Genesis;
  readonly verify: VerifySigned;
  readonly observer: Observer;
  readonly create: typeof createReplica;
}): Promise<readonly ManagedNode[]> {
  const { world, random, people, genesis, observer } = options;
  const conspiracy: Conspiracy = { splits: [], blocks: new Map(), twins: new Map() };
  const names: readonly AccountId[] = people.validators.map(({ owner }) => owner.id);
  const accomplices = new Set(world.network.byzantineIds.map((at) => nameOf(names, at)));
  const { clockDriftMs, clockRate, byzantineIds } = world.network;
  const nodes: ManagedNode[] = [];
  const instances = instancesOf(people, world);
  for (const [index, key] of instances.entries()) {
    const isByzantine = index >= world.nodeCount || byzantineIds.includes(index);
    const isTwin = index >= world.nodeCount || world.twins.includes(index);
    const own = random.fork(`node/${index}`);
    const node = await createNode({
      ...options,
      index,
      key,
      genesis: hashGenesis(genesis),
      parameters: genesis.parameters,
      random: own,
      clockOffsetMs: own.below(2 * clockDriftMs + 1) - clockDriftMs - world.startsInMs,
      isPoolless: world.poolless.includes(index),
      judgingMs: world.judgingMs,
      slowBlocks: world.slowBlocks,
      syncMs: world.syncMs,
      clockRate: clockRate === 0 ? 0 : (clockRate * (own.below(2_001) - 1_000)) / 1_000,
      isByzantine,
      strategies: isByzantine && !isTwin ? strategiesOf(world, own) : [],
      conspiracy,
      signers: signersOfNode(index, key.voter, world.keyChanges),
      others: names.filter((id) => !equalBytes(id, key.owner.id)),
      isAccomplice: (peer: PeerName) => accomplices.has(toHex(peer)),
      createReplica: options.create,
      tell: observer.tell,
      onReplicaEvent: observer.onReplica,
    });
    nodes.push(node);
  }
  return nodes;
}

function strategiesOf(world: ResolvedWorld, random: Random): readonly Strategy[] {
  const { strategies, timing } = world;
  if (strategies === undefined) {
    return drawStrategies(random.fork("strategies"), world.application);
  }
  const timed = timing === undefined ? [] : [timingStrategy(timing)];
  const named = [...strategies.map(strategyNamed), ...timed];
  assert(named.length > 0, "a Byzantine node has a strategy");
  return named;
}

function nameOf(names: readonly AccountId[], at: number): string {
  const name = names[at];
  assert(name !== undefined, "a Byzantine node is one of the nodes");
  return toHex(name);
}
