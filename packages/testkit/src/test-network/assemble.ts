import {
  type AccountId,
  assert,
  equalBytes,
  type Genesis,
  hashGenesis,
  toAmount,
  toHex,
} from "@aethel/models";
import { createReplica, type PeerName, type ReplicaEvent } from "@aethel/pbft";
import type { ApplicationKind, ChainApplication } from "../applications/application-kind.ts";
import { applicationNamed } from "../applications/applications.ts";
import { counter } from "../applications/counter/counter-application.ts";
import { signersOf } from "../applications/key-changes.ts";
import { ledger } from "../applications/ledger/ledger-application.ts";
import { createVerifyOnce } from "../applications/verify-once.ts";
import type { Conspiracy, Strategy } from "../byzantine/behaviour/strategy.ts";
import { drawStrategies, strategyNamed } from "../byzantine/catalogue.ts";
import { timingStrategy } from "../byzantine/timing/timing-strategy.ts";
import type { Checker, Observation } from "../checkers/checker.ts";
import { createStandardCheckers } from "../checkers/standard-checkers.ts";
import { type TestKey, testKey } from "../fixtures/test-chain.ts";
import { createTestGenesis, TEST_PARAMETERS } from "../fixtures/test-genesis.ts";
import { createNode, type ManagedNode } from "../node/test-node.ts";
import { createRandom, type Random } from "../random.ts";
import { type ResolvedWorld, resolveWorld, type WorldOptions } from "../scenario/world-options.ts";
import { describeNetworkEvent, describeReplicaEvent, short } from "../trace/describe.ts";
import { createEventLog, type EventLog } from "../trace/event-log.ts";
import { createMeasures, type Measures } from "../trace/measures.ts";
import { createVirtualNetwork, type VirtualNetwork } from "../virtual-network/virtual-network.ts";
import { createScheduler, type Scheduler } from "../virtual-time/scheduler.ts";
import { createGossip, type Gossip } from "./gossip.ts";
import type { TestNetworkOptions } from "./test-network.ts";

/** All parts of a world, at time 0, its nodes down. */
export interface WorldParts {
  readonly options: WorldOptions;
  readonly world: ResolvedWorld;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly log: EventLog;
  readonly measures: Measures;
  readonly network: VirtualNetwork;
  readonly nodes: readonly ManagedNode[];
  readonly gossip: Gossip;
  readonly checkers: readonly Checker[];
  readonly genesis: Genesis;
  readonly chain: ChainApplication;
  readonly accounts: readonly TestKey[];
  readonly workers: readonly TestKey[];
  /** Accounts of the nodes, by index. */
  readonly validators: readonly TestKey[];
  /** Tells the checkers what happened. */
  readonly tell: (observation: Observation) => void;
  /** What happened since it was last asked. */
  readonly takeObservations: () => readonly Observation[];
  /** The first replica that gave up, or could not start, in words. */
  readonly trouble: () => string | undefined;
  /** Notes an error of something that nobody waits for. */
  readonly raise: (error: unknown) => void;
}

const ACCOUNTS = 6;
const FUNDS = toAmount(1_000_000_000_000n);
const LOG_LINES = 2_000;

/** Builds a world. Everything random in it comes from the seed. */
export async function assemble(given: TestNetworkOptions): Promise<WorldParts> {
  const {
    application,
    createReplica: create,
    checkers: more,
    logLines,
    onlyCheckers,
    onDelivered,
    ...rest
  } = given;
  const kind =
    typeof application === "object" ? application : applicationNamed(application ?? "ledger");
  const options: WorldOptions = { ...rest, application: kind.name };
  const world = resolveWorld(options);
  const random = createRandom(world.seed);
  const scheduler = createScheduler();
  const log = createEventLog(logLines ?? LOG_LINES);
  const measures = createMeasures();
  const observer = createObserver({ scheduler, log, measures, world });
  const people = createPeople(world, kind);
  const genesis = foundChain(kind, world, people);
  const chain = await kind.create(genesis, world);
  const names = instancesOf(people, world).map(({ owner }) => owner.id);
  const verify = createVerifyOnce();
  const network = createVirtualNetwork({
    scheduler,
    random: random.fork("network"),
    config: world.network,
    names,
    requestTimeoutMs: world.requestTimeoutMs,
    ...(world.ambush === undefined ? {} : { ambush: world.ambush }),
    onEvent: (event) => {
      observer.onNetwork(event);
      if (event.type === "delivered") onDelivered?.(event);
    },
  });
  const nodes = await createNodes({
    world,
    random,
    scheduler,
    network,
    people,
    chain,
    genesis,
    verify,
    observer,
    create: create ?? createReplica,
  });
  const gossip = createGossip({ network, nodes });
  observer.onApplied(gossip.onApplied);
  const auditor = await chain.createNode()();
  const standard = createStandardCheckers({
    genesis,
    hash: hashGenesis(genesis),
    honest: nodes.filter((node) => !node.isByzantine).map((node) => node.id),
    auditor,
    verify,
    ...(standsFor(kind) ? { names } : {}),
  });
  return {
    options,
    world,
    scheduler,
    random,
    log,
    measures,
    network,
    nodes,
    gossip,
    checkers: [
      ...standard.filter(({ name }) => onlyCheckers?.includes(name) ?? true),
      ...(more ?? []),
    ],
    genesis,
    chain,
    accounts: people.accounts,
    workers: people.workers,
    validators: people.validators.map(({ owner }) => owner),
    tell: observer.tell,
    takeObservations: observer.take,
    trouble: observer.trouble,
    raise: observer.raise,
  };
}

/** Whether a kind includes whatever it takes: one of ours, or one made of it. */
function standsFor({ name }: ApplicationKind): boolean {
  return name === counter.name || name === ledger.name;
}

/** Validators in order, then the second instances of those that have twins. */
function instancesOf(people: People, world: ResolvedWorld): People["validators"] {
  const { validators } = people;
  return [...validators, ...validators.filter((_, at) => world.twins.includes(at))];
}

interface People {
  readonly validators: readonly { readonly owner: TestKey; readonly voter: TestKey }[];
  readonly accounts: readonly TestKey[];
  readonly workers: readonly TestKey[];
}

function createPeople({ nodeCount }: ResolvedWorld, kind: ApplicationKind): People {
  const several = (label: string): readonly TestKey[] =>
    Array.from({ length: ACCOUNTS }, (_, at) => testKey(`world/${label}/${at}`));
  const validators = Array.from({ length: nodeCount }, (_, at) => ({
    owner: testKey(`world/validator/${at}/account`),
    voter: testKey(`world/validator/${at}/vote`),
  }));
  // On the ledger all of them move their stake; on the counter they are like everybody else.
  const stakers = kind.name === ledger.name ? validators : validators.slice(0, 2);
  return {
    validators,
    accounts: several("account"),
    workers: [...several("worker"), ...stakers.map(({ owner }) => owner)],
  };
}

function foundChain(kind: ApplicationKind, world: ResolvedWorld, people: People): Genesis {
  const { minimumStake } = TEST_PARAMETERS;
  return createTestGenesis({
    name: "world",
    intents: kind.intents,
    parameters: world.parameters,
    validators: people.validators.map(({ owner, voter }, at) => ({
      id: owner.id,
      key: voter.signer.publicKey,
      stake: toAmount(minimumStake * BigInt(world.powers[at] ?? 1)),
    })),
    accounts: [...people.accounts, ...people.workers].map(({ id }) => ({ id, balance: FUNDS })),
  });
}

interface Observer {
  readonly tell: (observation: Observation) => void;
  readonly take: () => readonly Observation[];
  readonly onNetwork: Parameters<typeof createVirtualNetwork>[0]["onEvent"] & {};
  readonly onReplica: (node: number, event: ReplicaEvent) => void;
  readonly onApplied: (action: Gossip["onApplied"]) => void;
  readonly trouble: () => string | undefined;
  readonly raise: (error: unknown) => void;
}

/** Collects what the checkers want to know, and writes the log. */
function createObserver(options: {
  readonly scheduler: Scheduler;
  readonly log: EventLog;
  readonly measures: Measures;
  readonly world: ResolvedWorld;
}): Observer {
  const { scheduler, log, measures } = options;
  const { network, nodeCount } = options.world;
  const isByzantine = (node: number): boolean =>
    node >= nodeCount || network.byzantineIds.includes(node);
  let waiting: Observation[] = [];
  let trouble: string | undefined;
  let onApplied: Gossip["onApplied"] = () => undefined;
  const write = (line: string): void => log.add(`${scheduler.nowMs} ${line}`);
  return {
    tell(observation) {
      waiting.push(observation);
      if (observation.type !== "applied") return;
      const { node, finalized, head } = observation;
      write(`${node} applied s${head.header.sequence} ${short(head.digest)}`);
      onApplied(finalized.block.proofs);
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
    onNetwork(event) {
      measures.onNetwork(event);
      if (event.type !== "sent") write(describeNetworkEvent(event));
    },
    onReplica(node, event) {
      const line = describeReplicaEvent(event);
      if (line !== undefined) write(`${node} ${line}`);
      if (isByzantine(node)) return;
      measures.onReplica(event);
      if (event.type === "evidence") {
        waiting.push({ type: "accused", node, evidence: event.evidence });
      }
      if (event.type === "failed" || event.type === "diverged") {
        trouble ??= `node ${node} stopped: ${describeError(event.error)}`;
      }
    },
    onApplied(action) {
      onApplied = action;
    },
    trouble: () => trouble,
    raise(error) {
      trouble ??= describeError(error);
    },
  };
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function createNodes(options: {
  readonly world: ResolvedWorld;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly network: VirtualNetwork;
  readonly people: People;
  readonly chain: ChainApplication;
  readonly genesis: Genesis;
  readonly verify: ReturnType<typeof createVerifyOnce>;
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
      judgingMs: world.judgingMs,
      slowBlocks: world.slowBlocks,
      syncMs: world.syncMs,
      clockRate: clockRate === 0 ? 0 : (clockRate * (own.below(2_001) - 1_000)) / 1_000,
      isByzantine,
      strategies: isByzantine && !isTwin ? strategiesOf(world, own) : [],
      conspiracy,
      signers: signersOf(index, key.voter, world.keyChanges),
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
