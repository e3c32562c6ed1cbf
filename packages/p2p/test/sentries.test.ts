import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { afterEach, expect, test } from "vitest";
import { type Identity, identity, setOf, until } from "./localnet.ts";
import { createReplicaNode, type ReplicaNode } from "./replica-node.ts";

const members = ["v0", "v1", "v2", "v3"].map((name) => identity(name));
const validators = setOf(members);
const nodes: ReplicaNode[] = [];
const limits = { recordsIntervalMs: 200 };

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.stop()));
});

async function run(...args: Parameters<typeof createReplicaNode>): Promise<ReplicaNode> {
  const node = await createReplicaNode(...args);
  nodes.push(node);
  return node;
}

async function peerOf({ networkKey }: Identity): Promise<string> {
  return (await generateKeyPairFromSeed("Ed25519", networkKey)).publicKey.toString();
}

const addressesOf = (some: readonly ReplicaNode[]) =>
  some.flatMap(({ transport }) => transport.addresses());

interface Guarded {
  readonly sentries: readonly ReplicaNode[];
  readonly behind: readonly ReplicaNode[];
}

/** Starts `count` sentries, which dial `others`, and private validators behind all of them. */
async function guard(
  who: readonly Identity[],
  names: readonly string[],
  others: readonly ReplicaNode[],
): Promise<Guarded> {
  const privatePeers = await Promise.all(who.map(peerOf));
  const sentries: ReplicaNode[] = [];
  for (const name of names) {
    const bootstrap = addressesOf([...others, ...sentries]);
    const options = { role: "sentry", privatePeers, bootstrap, limits } as const;
    sentries.push(await run(identity(name), validators, options));
  }
  const behind: ReplicaNode[] = [];
  for (const member of who) {
    const { id, signer } = member;
    const options = { validator: { id, signer }, sentries: addressesOf(sentries), limits };
    behind.push(await run(member, validators, options));
  }
  return { sentries, behind };
}

async function finalize(all: readonly ReplicaNode[], blocks: number, seed: number): Promise<void> {
  const from = Math.max(...all.map(({ height }) => height()));
  for (let block = 1; block <= blocks; block += 1) {
    for (const { submit } of all) submit(Uint8Array.of(seed, block));
    await until(() => all.every(({ height }) => height() >= from + block), 90_000);
  }
}

test("validators that are all behind sentries finalize, also after one of two sentries died", async () => {
  const left = await guard(members.slice(0, 2), ["s0", "s1"], []);
  const right = await guard(members.slice(2), ["s2", "s3"], left.sentries);
  const hidden = [...left.behind, ...right.behind];
  await Promise.all(nodes.map(({ replica }) => replica.start()));
  await until(() => hidden.every(({ transport }) => transport.peers().length >= 3), 60_000);
  await finalize(nodes, 3, 1);

  for (const { transport } of hidden) {
    expect(transport.connections().every(({ role }) => role === "sentry")).toBe(true);
    expect(transport.connections().length).toBeLessThanOrEqual(4);
  }

  const [dead] = left.sentries;
  await dead?.stop();
  nodes.splice(nodes.indexOf(dead as ReplicaNode), 1);
  await finalize(nodes, 3, 2);
}, 400_000);

test("a private validator among public ones finalizes with them, and is asked over its sentry", async () => {
  const open: ReplicaNode[] = [];
  for (const member of members.slice(1)) {
    const { id, signer } = member;
    const options = { validator: { id, signer }, bootstrap: addressesOf(open), limits };
    open.push(await run(member, validators, options));
  }
  const { behind } = await guard(members.slice(0, 1), ["s0"], open);
  await Promise.all(nodes.map(({ replica }) => replica.start()));
  await until(
    () => [...open, ...behind].every(({ transport }) => transport.peers().length >= 3),
    60_000,
  );
  await finalize(nodes, 2, 1);
  const hidden = members[0]?.id as Identity["id"];
  const asked = open[0]?.transport;
  const answer = await asked?.request(
    hidden,
    { type: "head", known: 0 as never },
    AbortSignal.timeout(5_000),
  );

  expect(answer).toMatchObject({ type: "head" });
}, 400_000);

test("a private validator refuses all but its sentries, without a hello, and dials nobody else", async () => {
  const { behind } = await guard(members.slice(0, 1), ["s0"], []);
  const [hidden] = behind;
  const stranger = await run(identity("stranger"), validators, {
    role: "sentry",
    bootstrap: addressesOf(behind),
  });
  await until(() => hidden?.events.some((event) => event.type === "refused") === true);

  expect(hidden?.events.find(({ type }) => type === "refused")).toMatchObject({
    peer: stranger.transport.peer,
    reason: "no-sentry",
  });
  expect(stranger.transport.connections()).toEqual([]);
}, 60_000);

test("a private peer finds its place at its sentry although strangers take all others", async () => {
  const friend = members[0] as Identity;
  const one = { observersMax: 1 };
  const privatePeers = [await peerOf(friend)];
  const sentry = await run(identity("s0"), validators, {
    role: "sentry",
    privatePeers,
    limits: one,
  });
  const bootstrap = sentry.transport.addresses();
  await run(identity("first stranger"), validators, { bootstrap });
  await until(() => sentry.transport.connections().length === 1);
  const late = await run(identity("second stranger"), validators, { bootstrap });
  await until(() => late.events.some(({ type }) => type === "refused-by"));
  // It claims nothing: its peer id alone lets it in.
  const hidden = await run(friend, validators, { bootstrap });
  await until(() => hidden.transport.connections().length === 1);

  expect(sentry.transport.connections()).toHaveLength(2);
}, 60_000);
