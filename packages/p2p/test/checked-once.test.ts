import { signingRoot, toHex, type VerifySigned, verifySigned } from "@aethel/models";
import {
  createApplication,
  createMemoryChainStore,
  createRememberingVerify,
  createReplica,
  type RememberingVerify,
  type Replica,
} from "@aethel/pbft";
import { afterEach, expect, test } from "vitest";
import { createPeerTransport } from "../src/index.ts";
import { genesis, type Identity, identity, setOf, until } from "./localnet.ts";
import { clock, forgetful, parameters } from "./replica-node.ts";

const BLOCKS = 10;
const COUNT = 4;
const members = Array.from({ length: COUNT }, (_, at) => identity(`member ${at}`));
const validators = setOf(members);
const parts = new AsyncDisposableStack();
afterEach(() => parts.disposeAsync());

interface Node {
  readonly replica: Replica;
  readonly addresses: readonly string[];
  readonly peers: () => number;
  readonly height: () => number;
  readonly submit: (bytes: Uint8Array) => void;
  /** How often each signature was verified. */
  readonly checks: ReadonlyMap<string, number>;
  /** How often the transport asked for a signature. */
  readonly relayed: () => number;
}

async function startNode(
  who: Identity,
  options: { readonly bootstrap: readonly string[]; readonly role: "validator" | "observer" },
): Promise<Node> {
  const checks = new Map<string, number>();
  const counted: VerifySigned = (key, object, signature) => {
    const name = [key, signingRoot(object), signature].map(toHex).join(" ");
    checks.set(name, (checks.get(name) ?? 0) + 1);
    return verifySigned(key, object, signature);
  };
  const verify = createRememberingVerify(counted);
  let relayed = 0;
  const ofTransport: RememberingVerify = Object.assign(
    (...signed: Parameters<VerifySigned>) => {
      relayed += 1;
      return verify(...signed);
    },
    { verifications: () => verify.verifications() },
  );
  const application = await createApplication<number>({
    genesis,
    validators,
    store: createMemoryChainStore(),
    initial: 0,
    apply: (count) => count + 1,
    root: (count) => Uint8Array.of(count),
  });
  const { id, signer, networkKey } = who;
  const transport = parts.use(
    await createPeerTransport({
      genesis,
      networkKey,
      ...(options.role === "observer" ? {} : { validator: { id, signer } }),
      head: () => application.head(),
      verify: ofTransport,
      listen: ["/ip4/127.0.0.1/tcp/0"],
      bootstrap: options.bootstrap,
    }),
  );
  const world = {
    parameters: { ...parameters, viewTimeoutMs: 5_000 },
    application,
    transport,
    clock,
    signingLog: forgetful,
    verify,
  };
  const replica = parts.use(createReplica({ genesis, id, signer, ...world }));
  return {
    replica,
    addresses: transport.addresses(),
    peers: () => transport.peers().length,
    height: () => application.head().header.sequence,
    submit(bytes) {
      application.submit(bytes);
      replica.notifyWork();
    },
    checks,
    relayed: () => relayed,
  };
}

test("G9: of four validators and an observer each verifies each signature once, gossip included", async () => {
  const nodes: Node[] = [];
  for (const who of members) {
    const bootstrap = nodes.flatMap(({ addresses }) => addresses);
    nodes.push(await startNode(who, { bootstrap, role: "validator" }));
  }
  const bootstrap = nodes.flatMap(({ addresses }) => addresses);
  nodes.push(await startNode(identity("observer"), { bootstrap, role: "observer" }));
  await Promise.all(nodes.map(({ replica }) => replica.start()));
  await until(() => nodes.every((node) => node.peers() >= COUNT - 1));
  for (let block = 1; block <= BLOCKS; block += 1) {
    for (const { submit } of nodes.slice(0, COUNT)) submit(Uint8Array.of(block));
    await until(() => nodes.every(({ height }) => height() >= block));
  }

  for (const { checks, height, relayed } of nodes) {
    expect(relayed()).toBeGreaterThan(BLOCKS);
    expect(Math.max(...checks.values())).toBe(1);
    // A proposal, and of each validator a PREPARE and a COMMIT. Besides, heads signed at the start.
    expect(checks.size).toBeLessThanOrEqual((height() + 1) * (1 + 2 * COUNT) + 2 * COUNT);
    expect(checks.size).toBeGreaterThanOrEqual(BLOCKS);
  }
});
