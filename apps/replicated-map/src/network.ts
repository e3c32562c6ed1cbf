import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import {
  createSigner,
  createValidatorSet,
  type Digest,
  fromHex,
  toAccountId,
  toAmount,
  toDigest,
  toHex,
  toPublicKey,
  type ValidatorSet,
} from "@aethel/models";
import { createFileSigningLog, errnoOf, storageFailure, writeDurably } from "@aethel/pbft/file";

/** Public facts that all nodes of a network know, from `network.json`. */
export interface Network {
  readonly genesis: Digest;
  readonly validators: ValidatorSet;
  /** Ports of each node on loopback, by the index of the node, from 0. */
  readonly nodes: readonly { readonly p2p: number; readonly http: number }[];
}

/** Secret keys of one node, from `node-N/keys.json`. */
export interface NodeKeys {
  readonly consensus: Uint8Array;
  readonly network: Uint8Array;
}

/** JSON form of `network.json`. */
interface NetworkFile {
  readonly genesis: string;
  readonly nodes: readonly { readonly key: string; readonly p2p: number; readonly http: number }[];
}

/** JSON form of `keys.json`. */
interface KeysFile {
  readonly consensus: string;
  readonly network: string;
}

/** Returns the folder of a node. `node` counts from 0, and the name of the folder counts from 1. */
export function nodeFolder(folder: string, node: number): string {
  return join(folder, `node-${node + 1}`);
}

/** Most nodes of a network, all of which are on this machine. */
const NODES_MAX = 100;

/** Founds a network: writes the keys of all nodes, their empty signing logs, and `network.json`. */
export async function foundNetwork(folder: string, count: number): Promise<void> {
  if (count > NODES_MAX) {
    throw new Error(`${count} nodes are more than the ${NODES_MAX} that one machine may have`);
  }
  const path = join(folder, "network.json");
  if (existsSync(path)) throw new Error(`${path} is there already: take another folder`);
  const ports = await freePorts(2 * count);
  const nodes: NetworkFile["nodes"][number][] = [];
  for (let node = 0; node < count; node++) {
    const home = nodeFolder(folder, node);
    const [consensus, network] = [randomBytes(32), randomBytes(32)];
    const keys = JSON.stringify({ consensus: toHex(consensus), network: toHex(network) });
    await writeDurably({ path: join(home, "keys.json"), content: keys, mode: 0o600 });
    // Now, and never again: a key that has signed must not sign without knowing what.
    const logPath = join(home, "signing.log");
    await (await createFileSigningLog({ path: logPath, allowNewSigningState: "new-key" })).close();
    const key = toHex(createSigner(consensus).publicKey);
    nodes.push({ key, p2p: ports[2 * node] ?? 0, http: ports[2 * node + 1] ?? 0 });
  }
  const file: NetworkFile = { genesis: toHex(randomBytes(32)), nodes };
  await writeDurably({ path, content: `${JSON.stringify(file, undefined, 2)}\n` });
}

/**
 * Reads the `network.json` that `foundNetwork` wrote.
 * @throws Error with a text for the user when it is missing or damaged.
 */
export function readNetwork(folder: string): Network {
  const path = join(folder, "network.json");
  const lost = `found a network (map found ${folder}), or put the file back: that of any node is right`;
  return readJson(path, lost, (file: NetworkFile) => {
    const validators = createValidatorSet(
      file.nodes.map(({ key: hex }) => {
        const key = toPublicKey(fromHex(hex));
        return { id: toAccountId(key), key, power: toAmount(1n) };
      }),
    );
    return { genesis: toDigest(fromHex(file.genesis)), validators, nodes: file.nodes };
  });
}

/** Returns the ports of a node. @throws Error if there is no such node. */
export function nodeOf({ nodes }: Network, node: number): Network["nodes"][number] {
  const found = nodes[node];
  if (found !== undefined) return found;
  throw new Error(`there is no node ${node + 1}: this network has 1 to ${nodes.length}`);
}

/**
 * Reads the secrets of a node.
 * @throws Error with a text for the user when they are missing or damaged.
 */
export function readKeys(folder: string, node: number): NodeKeys {
  const path = join(nodeFolder(folder, node), "keys.json");
  const lost = "put the file back; nobody else has these keys, and the others go on without them";
  return readJson(path, lost, (keys: KeysFile) => ({
    consensus: fromHex(keys.consensus),
    network: fromHex(keys.network),
  }));
}

/** Reads a JSON file. `next`: the next step for the user if the file is missing or damaged. */
function readJson<Form, T>(path: string, next: string, read: (file: Form) => T): T {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (errnoOf(cause) !== "ENOENT") throw storageFailure(path, cause);
    throw new Error(`${path} is not there. Next: ${next}.`, { cause });
  }
  try {
    const file: Form = JSON.parse(text);
    return read(file);
  } catch (cause) {
    throw new Error(`${path} is damaged. Next: ${next}.`, { cause });
  }
}

/**
 * Finds ports that no process uses now. All are kept open until the last is found, so that no port
 * is returned twice.
 */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers: Server[] = [];
  for (let at = 0; at < count; at++) {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
  }
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  for (const server of servers) server.close();
  return ports;
}
