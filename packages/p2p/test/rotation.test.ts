import {
  type AccountId,
  createValidatorSet,
  equalBytes,
  toAmount,
  toSequence,
  type ValidatorSet,
} from "@aethel/models";
import { afterEach, describe, expect, test } from "vitest";
import { commit, type Identity, identity, startNode, type TestNode, until } from "./localnet.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const watcher = identity("watcher");
const rotating = identity("old");
const next = identity("new");

/** Returns the set in which `rotating` votes with the key of `voting`. */
function setWith(voting: Identity): ValidatorSet {
  const members = [
    { id: watcher.id, key: watcher.signer.publicKey, power: toAmount(10n) },
    { id: rotating.id, key: voting.signer.publicKey, power: toAmount(10n) },
  ];
  return createValidatorSet(members);
}

async function run(...args: Parameters<typeof startNode>): Promise<TestNode> {
  const node = await startNode(...args);
  stops.push(() => node.transport.stop());
  return node;
}

const question = { type: "head", known: toSequence(1) } as const;
const addressOf = (node: TestNode): string => node.transport.addresses()[0] ?? "";

describe("a validator that rotates its key", () => {
  test("keeps its name on connections that are open at the epoch boundary", async () => {
    const current = { set: setWith(rotating) };
    const options = { validators: () => current.set };
    const node = await run(watcher, current.set, options);
    const peer = await run(rotating, current.set, { ...options, bootstrap: [addressOf(node)] });
    await until(() => node.transport.peers().length === 1 && peer.transport.peers().length === 1);

    current.set = setWith(next);
    peer.transport.send(watcher.id, commit(1));
    await until(() => node.messages.length === 1);

    expect(node.messages[0]?.from).toEqual(rotating.id);
    expect(node.transport.peers()).toEqual([rotating.id]);
  });

  test("proves the key of the set on later connections, with a key that was added while it ran", async () => {
    const current = { set: setWith(rotating) };
    const signers = [rotating.signer];
    const validator = { id: rotating.id, signer: rotating.signer, signers };
    const peer = await run(rotating, current.set, { validator, validators: () => current.set });
    signers.push(next.signer);
    current.set = setWith(next);

    const node = await run(watcher, current.set, { bootstrap: [addressOf(peer)] });
    await until(() => node.transport.connections().length === 1);

    expect(node.transport.connections()[0]?.validator).toEqual(rotating.id);
  });

  test("is not its old key alone: that gets no name after the epoch boundary", async () => {
    const node = await run(watcher, setWith(next));
    const thief = await run(rotating, setWith(next), { bootstrap: [addressOf(node)] });
    // Messages sent before both sides know each other are lost.
    const [ours, theirs] = [node.transport, thief.transport];
    await until(() => ours.connections().length === 1 && theirs.peers().length === 1);
    theirs.send(watcher.id, commit(1));
    await until(() => node.events.some(({ type }) => type === "dropped"));

    expect(node.transport.connections()[0]?.validator).toBeUndefined();
    expect(node.messages).toEqual([]);
  });

  test("can be asked by a node that is behind the epoch boundary, under an alias", async () => {
    const behind = await run(watcher, setWith(rotating));
    const validator = { id: rotating.id, signer: next.signer };
    const peer = await run(rotating, setWith(next), { validator, bootstrap: [addressOf(behind)] });
    peer.answer = async () => ({ type: "absent", head: toSequence(9) });
    await until(() => behind.reachable.length === 1);

    const [alias] = behind.reachable;
    if (alias === undefined) throw new Error("nobody is reachable");
    const ask = (name: AccountId) =>
      behind.transport.request(name, question, AbortSignal.timeout(5_000));

    expect(await ask(alias)).toEqual({ type: "absent", head: 9 });
    expect(behind.transport.peers()).toEqual([alias]);
    expect(alias).not.toEqual(rotating.id);
    await expect(ask(rotating.id)).rejects.toThrow(/UNREACHABLE/);
    expect(behind.transport.connections()[0]?.validator).toBeUndefined();
  });

  test("is asked under its own name as soon as the node that was behind has the set", async () => {
    const current = { set: setWith(rotating) };
    const behind = await run(watcher, current.set, { validators: () => current.set });
    const validator = { id: rotating.id, signer: next.signer };
    await run(rotating, setWith(next), { validator, bootstrap: [addressOf(behind)] });
    await until(() => behind.reachable.length === 1);
    current.set = setWith(next);
    expect(behind.transport.peers()).toEqual([rotating.id]);

    await until(() => behind.reachable.length === 2);
    expect(behind.reachable[1]).toEqual(rotating.id);
  });

  test("is preferred to a peer that still proves its old key", async () => {
    const current = { set: setWith(rotating) };
    const node = await run(watcher, current.set, { validators: () => current.set });
    const bootstrap = [addressOf(node)];
    const validator = { id: rotating.id, signer: next.signer };
    const real = await run(rotating, setWith(next), { validator, bootstrap });
    await until(() => node.transport.connections().length === 1);
    // Whoever stole the old key connects last, while the set still names it.
    const thief = { ...rotating, networkKey: identity("thief").networkKey };
    const stolen = await run(thief, current.set, { bootstrap });
    await until(() => node.transport.peers().some((name) => equalBytes(name, rotating.id)));
    current.set = setWith(next);
    real.answer = async () => ({ type: "absent", head: toSequence(1) });
    stolen.answer = async () => ({ type: "absent", head: toSequence(2) });

    const signal = AbortSignal.timeout(5_000);
    expect(await node.transport.request(rotating.id, question, signal)).toEqual({
      type: "absent",
      head: 1,
    });
  });
});
