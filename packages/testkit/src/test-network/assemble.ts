import { type AccountId, type Genesis, hashGenesis, type VerifySigned } from "@aethel/models";
import { createReplica } from "@aethel/pbft";
import type {
  ApplicationKind,
  ChainApplication,
  OpenApplication,
} from "../applications/application-kind.ts";
import { applicationNamed } from "../applications/applications.ts";
import { counter } from "../applications/counter/counter-application.ts";
import { ledger } from "../applications/ledger/ledger-application.ts";
import { createVerifyOnce } from "../applications/verify-once.ts";
import type { Checker, Observation } from "../checkers/checker.ts";
import { createStandardCheckers } from "../checkers/standard-checkers.ts";
import type { TestKey } from "../fixtures/test-chain.ts";
import type { ManagedNode } from "../node/test-node.ts";
import { createRandom, type Random } from "../random.ts";
import { type ResolvedWorld, resolveWorld } from "../scenario/resolve-world.ts";
import type { WorldOptions } from "../scenario/world-options.ts";
import { createEventLog, type EventLog } from "../trace/event-log.ts";
import { createMeasures, type Measures } from "../trace/measures.ts";
import { createVirtualNetwork, type VirtualNetwork } from "../virtual-network/virtual-network.ts";
import { createScheduler, type Scheduler } from "../virtual-time/scheduler.ts";
import { createNodes } from "./create-nodes.ts";
import { createGossip, type Gossip } from "./gossip.ts";
import { createObserver, type Observer } from "./observer.ts";
import { createPeople, foundChain, instancesOf } from "./people.ts";
import type { TestNetworkOptions } from "./test-network.ts";

/** All parts of a world at time 0, before its nodes start. */
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
  /** Account keys of the nodes, by index. */
  readonly validators: readonly TestKey[];
  /** Passes an observation to the checkers. */
  readonly tell: (observation: Observation) => void;
  /** Returns the observations since the last call. */
  readonly takeObservations: () => readonly Observation[];
  /** Returns a description of the first failure of a replica. Undefined if there was none. */
  readonly trouble: () => string | undefined;
  /** Reports an error of an action that nobody awaits. */
  readonly raise: (error: unknown) => void;
}

const LOG_LINES = 2_000;

/** Builds a world. Everything random in it is drawn from the seed. */
export async function assemble(given: TestNetworkOptions): Promise<WorldParts> {
  const {
    application,
    createReplica: create,
    checkers: _,
    onlyCheckers: __,
    logLines,
    onDelivered: ___,
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
  const network = connect({ given, world, scheduler, random, observer, names });
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
  const checkers = createCheckers(given, {
    kind,
    genesis,
    nodes,
    auditor: await chain.createNode()(),
    verify,
    names,
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
    checkers,
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

/** Creates the network of a world, and reports its events to the observer. */
function connect(options: {
  readonly given: TestNetworkOptions;
  readonly world: ResolvedWorld;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly observer: Observer;
  readonly names: readonly AccountId[];
}): VirtualNetwork {
  const { given, world, scheduler, random, observer, names } = options;
  return createVirtualNetwork({
    scheduler,
    random: random.fork("network"),
    config: world.network,
    names,
    requestTimeoutMs: world.requestTimeoutMs,
    ...(world.ambush === undefined ? {} : { ambush: world.ambush }),
    onEvent: (event) => {
      observer.onNetwork(event);
      if (event.type === "delivered") given.onDelivered?.(event);
    },
  });
}

/** Creates the standard checkers, or those in `onlyCheckers`, and adds the caller's. */
function createCheckers(
  { onlyCheckers, checkers = [] }: TestNetworkOptions,
  watched: {
    readonly kind: ApplicationKind;
    readonly genesis: Genesis;
    readonly nodes: readonly ManagedNode[];
    readonly auditor: OpenApplication;
    readonly verify: VerifySigned;
    readonly names: readonly AccountId[];
  },
): readonly Checker[] {
  const { kind, genesis, nodes, auditor, verify, names } = watched;
  const standard = createStandardCheckers({
    genesis,
    hash: hashGenesis(genesis),
    honest: nodes.filter((node) => !node.isByzantine).map((node) => node.id),
    auditor,
    verify,
    ...(includesAllThatItTakes(kind) ? { names } : {}),
  });
  return [...standard.filter(({ name }) => onlyCheckers?.includes(name) ?? true), ...checkers];
}

/**
 * Returns whether the application includes or drops every proof that it takes, as the inclusion
 * checker demands. This is known only of the testkit's own applications.
 */
function includesAllThatItTakes({ name }: ApplicationKind): boolean {
  return name === counter.name || name === ledger.name;
}
