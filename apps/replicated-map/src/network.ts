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
import { createFileSigningLog, writeDurably } from "@aethel/pbft/file";

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

/** Form of `network.json`. */
interface NetworkFile {
  readonly genesis: string;
  readonly nodes: readonly { readonly key: string; readonly p2p: number; readonly http: number }[];
}

/** Returns the folder of a node. `node` counts from 0, the name of the folder from 1. */
export function nodeFolder(folder: string, node: number): string {
  return join(folder, `node-${node + 1}`);
}

/** Founds a network: writes the keys of all nodes, their empty signing logs, and `network.json`. */
export async function foundNetwork(folder: string, count: number): Promise<void> {
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

/** Reads the `network.json` that `foundNetwork` wrote. */
export function readNetwork(folder: string): Network {
  const file: NetworkFile = JSON.parse(readFileSync(join(folder, "network.json"), "utf8"));
  const validators = createValidatorSet(
    file.nodes.map(({ key: hex }) => {
      const key = toPublicKey(fromHex(hex));
      return { id: toAccountId(key), key, power: toAmount(1n) };
    }),
  );
  return { genesis: toDigest(fromHex(file.genesis)), validators, nodes: file.nodes };
}

/** Reads the secrets of a node. */
export function readKeys(folder: string, node: number): NodeKeys {
  const path = join(nodeFolder(folder, node), "keys.json");
  const keys: { readonly consensus: string; readonly network: string } = JSON.parse(
    readFileSync(path, "utf8"),
  );
  return { consensus: fromHex(keys.consensus), network: fromHex(keys.network) };
}

/**
 * Finds ports that no process uses now. All stay open until the last is found, so none comes twice.
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
