import path from "node:path";
import { type FoundedChain, foundChain } from "../chain/found-chain.ts";
import { createLabNode, type LabNode, PEER_PORT } from "../chain/lab-node.ts";
import { createLoad, type Load } from "../chain/load.ts";
import type { Pace } from "../chain/node-app.ts";
import { createObserving, type Observing } from "../chain/observing.ts";
import type { Conditions } from "../wires/conditions.ts";
import { createNetwork, type Network } from "../wires/network.ts";

/** Size and pace of a lab. */
export interface LabOptions {
  /** Folder for data directories. */
  readonly directory: string;
  readonly validators: number;
  readonly observers: number;
  readonly pace: Pace;
  readonly seed: number;
  /** Proofs that all clients together send in a second. */
  readonly proofsPerSecond: number;
  /** Says what the lab is doing. */
  readonly say: (line: string) => void;
}

/** Running chain on a network of hosts. */
export interface Lab {
  readonly options: LabOptions;
  readonly network: Network;
  readonly validators: readonly LabNode[];
  /** Observers, those that joined later included. */
  readonly observers: LabNode[];
  readonly observing: Observing;
  readonly load: Load;
  /** All nodes that run. */
  running(): readonly LabNode[];
  /** Multiaddresses that a node is given: of all validators, or of one for an observer. */
  peersOf(node: LabNode): readonly string[];
  /** Creates one more observer, on a host of its own, that has nothing but the genesis. */
  addObserver(): Promise<LabNode>;
}

/** Hosts for nodes that join later. */
const SPARE_HOSTS = 2;

/** Founds a chain on a new network, and starts all nodes at once under the conditions. */
export async function createLab(options: LabOptions, conditions: Conditions): Promise<Lab> {
  const { directory, validators: count, observers: watchers, say } = options;
  const network = await createNetwork({
    count: count + watchers + SPARE_HOSTS,
    seed: options.seed,
  });
  await network.apply(conditions);
  const chain = await foundChain({ directory, validators: count, pace: options.pace });
  const validators = chain.validators.map((dataDir, at) =>
    nodeOn({ network, number: at + 1, role: "validator", dataDir }),
  );
  const observers: LabNode[] = [];
  const nodes = (): readonly LabNode[] => [...validators, ...observers];
  let load: Load | undefined;
  const observing = createObserving(({ node, proofs, atMs }) => load?.final(node, proofs, atMs));
  const peersOf = (node: LabNode): readonly string[] => {
    const others = validators.filter((other) => other !== node);
    const first = others[node.host.number % others.length];
    const known = node.role === "validator" || first === undefined ? others : [first];
    return known.map(({ host }) => `/ip4/${network.address(host.number)}/tcp/${PEER_PORT}`);
  };
  const addObserver = () => addTo({ chain, network, observers, observing, first: count + 1 });
  for (let at = 0; at < watchers; at++) await addObserver();
  say(`starting ${count} validators and ${watchers} observers`);
  await Promise.all(nodes().map((node) => node.start(peersOf(node))));
  for (const node of validators) observing.follow(node);
  load = await createLoad({ genesis: chain.genesis, nodes: validators });
  return {
    options,
    network,
    validators,
    observers,
    observing,
    load,
    running: () => nodes().filter((node) => node.isRunning()),
    peersOf,
    addObserver,
  };
}

async function addTo(parts: {
  readonly chain: FoundedChain;
  readonly network: Network;
  readonly observers: LabNode[];
  readonly observing: Observing;
  /** Number of the first observer's host. */
  readonly first: number;
}): Promise<LabNode> {
  const { chain, network, observers, observing, first } = parts;
  const number = first + observers.length;
  const dataDir = await chain.addObserver(`observer-${observers.length}`);
  const node = nodeOn({ network, number, role: "observer", dataDir });
  observers.push(node);
  observing.follow(node);
  return node;
}

function nodeOn(place: {
  readonly network: Network;
  readonly number: number;
  readonly role: LabNode["role"];
  readonly dataDir: string;
}): LabNode {
  const { network, number, role, dataDir } = place;
  const host = network.hosts[number - 1];
  if (host === undefined) throw new RangeError(`the network has no host ${number}`);
  const name = path.basename(dataDir);
  return createLabNode({ name, role, host, dataDir, address: () => network.address(number) });
}
