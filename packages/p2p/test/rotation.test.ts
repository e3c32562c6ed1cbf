import { createValidatorSet, toAmount, toSequence, type ValidatorSet } from "@aethel/models";
import { afterEach, describe, expect, test } from "vitest";
import { commit, type Identity, identity, startNode, type TestNode, until } from "./localnet.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const watcher = identity("watcher");
const rotating = identity("old");
const next = identity("new");

/** The set in which `rotating` votes with the key of `voting`. */
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

const addressOf = (node: TestNode): string => node.transport.addresses()[0] ?? "";

describe("a validator that rotates its key", () => {
  test("keeps its name on the connections that are open at the border", async () => {
    const border = { set: setWith(rotating) };
    const options = { validators: () => border.set };
    const node = await run(watcher, border.set, options);
    const peer = await run(rotating, border.set, { ...options, bootstrap: [addressOf(node)] });
    await until(() => node.transport.peers().length === 1 && peer.transport.peers().length === 1);

    border.set = setWith(next);
    peer.transport.send(watcher.id, commit(1));
    await until(() => node.messages.length === 1);

    expect(node.messages[0]?.from).toEqual(rotating.id);
    expect(node.transport.peers()).toEqual([rotating.id]);
  });

  test("proves the key of the set to whom it meets later, with a key that came while it ran", async () => {
    const border = { set: setWith(rotating) };
    const signers = [rotating.signer];
    const validator = { id: rotating.id, signer: rotating.signer, signers };
    const peer = await run(rotating, border.set, { validator, validators: () => border.set });
    signers.push(next.signer);
    border.set = setWith(next);

    const node = await run(watcher, border.set, { bootstrap: [addressOf(peer)] });
    await until(() => node.transport.connections().length === 1);

    expect(node.transport.connections()[0]?.validator).toEqual(rotating.id);
  });

  test("is no stranger's to be: the old key alone gets no name after the border", async () => {
    const node = await run(watcher, setWith(next));
    const thief = await run(rotating, setWith(next), { bootstrap: [addressOf(node)] });
    // What is sent before both sides know each other goes nowhere.
    const [ours, theirs] = [node.transport, thief.transport];
    await until(() => ours.connections().length === 1 && theirs.peers().length === 1);
    theirs.send(watcher.id, commit(1));
    await until(() => node.events.some(({ type }) => type === "dropped"));

    expect(node.transport.connections()[0]?.validator).toBeUndefined();
    expect(node.messages).toEqual([]);
  });

  test("can be asked by who is behind the border and knows the old key alone", async () => {
    const behind = await run(watcher, setWith(rotating));
    const validator = { id: rotating.id, signer: next.signer };
    const peer = await run(rotating, setWith(next), { validator, bootstrap: [addressOf(behind)] });
    peer.answer = async () => ({ type: "absent", head: toSequence(9) });
    await until(() => behind.transport.peers().length === 1);

    const signal = AbortSignal.timeout(5_000);
    const request = { type: "head", known: toSequence(1) } as const;
    const answer = await behind.transport.request(rotating.id, request, signal);

    expect(answer).toEqual({ type: "absent", head: 9 });
    expect(behind.transport.connections()[0]?.validator).toBeUndefined();
  });
});
