import { fromHex, toHex } from "@aethel/models";
import { afterEach, describe, expect, test } from "vitest";
import {
  digests,
  first,
  fourth,
  gossiped,
  isDrop,
  line,
  nameOf,
  names,
  newcomer,
  pass,
  run,
  second,
  set,
  stopRunning,
  stranger,
  third,
} from "./line.ts";
import { countSeconds, headAt, identity, item, setOf, type TestNode, until } from "./localnet.ts";
import {
  bareProposal,
  forgedVote,
  newView,
  proposal,
  request,
  vote,
  withMadeUpCertificate,
} from "./signed.ts";

afterEach(stopRunning);

const refusals = ({ events }: TestNode): readonly string[] =>
  events.flatMap((event) => (event.type === "refused" ? [event.reason] : []));

describe("relayed messages", () => {
  test("G1: one that holds is delivered as nobody's and relayed, though a stranger brings it", async () => {
    const net = await line();
    const messages = [
      vote(third, set),
      bareProposal(third, set),
      request({ who: third, signers: [first, second, third] }, set),
      // Of the block after the next one, by the set that may still change.
      vote(third, set, { sequence: 2 }),
      request({ who: third, signers: names, parent: { signers: names, set } }, set, {
        sequence: 2,
      }),
      newView({ who: third, voters: names }, set),
    ];
    await pass(net, messages);

    for (const node of [net.middle, net.end]) {
      expect(digests(node.messages)).toEqual(messages.map(nameOf));
      expect(node.messages.every(({ from }) => from === undefined)).toBe(true);
    }
  });

  test("G2: one that its author did not sign goes no further, and counts against who brings it", async () => {
    const net = await line({ limits: { faultsMax: 6 } });
    const forge = (serial: number) => forgedVote({ who: third, by: stranger }, set, { serial });
    await pass(net, [1, 2, 3, 4, 5].map(forge));

    expect(net.middle.messages).toEqual([]);
    expect(net.end.messages).toEqual([]);
    expect(refusals(net.middle)).toEqual([]);

    net.source.transport.broadcast(forge(6));
    await until(() => refusals(net.middle).length > 0);
    expect(net.middle.events).toContainEqual({
      type: "refused",
      peer: net.source.transport.peer,
      address: expect.any(String),
      reason: "misbehaving",
    });
    expect(net.end.transport.peers()).toEqual([first.id]);
  });

  test("G3: one whose author signed it, with another certificate, goes no further either", async () => {
    const net = await line();
    const honest = request({ who: third, signers: [first, second, third] }, set);
    await pass(net, [withMadeUpCertificate(honest, 1), withMadeUpCertificate(honest, 2)]);

    expect(net.middle.messages).toEqual([]);
    expect(net.end.messages).toEqual([]);
    expect(net.middle.events).toContainEqual({
      type: "dropped",
      peer: net.source.transport.peer,
      reason: "forged",
    });
  });

  test("G11: nor does one whose outline was exchanged, and its bytes are paid for", async () => {
    const limits = { observersMessageSignaturesPerSecondMax: 10, faultsMax: 1_000 };
    const net = await line({ limits });
    for (let serial = 0; serial < 10; serial += 1) {
      net.source.transport.broadcast(proposal(third, set, { bytes: 100_000, serial }));
    }
    await until(() => isSlowed(net.middle, net.source));

    expect(net.middle.events.some((event) => isDrop(event, "forged"))).toBe(true);
    expect([net.middle.messages, net.end.messages]).toEqual([[], []]);
    // The leader's signature is the same each time.
    expect(net.checks()).toBe(1);
  });

  test("G12: of one statement with certificates of other votes only the first is relayed", async () => {
    const net = await line();
    const quorums = [0, 1, 2, 3, 4].map((left) => names.filter((_, at) => at !== left));
    const variants = quorums.map((signers) => request({ who: third, signers }, set));
    const proposals = [bareProposal(third, set), bareProposal(third, set, { view: 1 })];
    await pass(net, [...variants, ...proposals]);

    for (const node of [net.middle, net.end]) {
      expect(digests(node.messages)).toEqual([...variants.slice(0, 1), ...proposals].map(nameOf));
    }
    expect(net.middle.events.some(({ type }) => type === "dropped")).toBe(false);
  });

  test("G14: a proposal without its outline does not stand in the way of the outline", async () => {
    const net = await line();
    const messages = (["none", "own"] as const).map((outline) => proposal(third, set, outline));
    await pass(net, messages);

    expect(digests(net.end.messages)).toEqual(messages.map(nameOf));
  });

  test("G4: forgeries cost the one who brings them, and leave the author all it has", async () => {
    const limits = { messageSignaturesPerSecondMax: 32, faultsMax: 1_000 };
    const seconds = countSeconds();
    const net = await line({ limits });
    const forge = (serial: number) => forgedVote({ who: third, by: stranger }, set, { serial });
    for (let serial = 0; serial < 2_000; serial += 1) net.source.transport.broadcast(forge(serial));
    await until(() => net.middle.events.some((event) => isDrop(event, "too-fast")));
    expect(net.checks()).toBeLessThanOrEqual(66 + 32 * seconds());
    const honest = Array.from({ length: 40 }, (_, serial) =>
      vote(third, set, { serial: 1_000 + serial }),
    );
    // They come from a peer that has used up nothing.
    for (const message of honest) net.end.transport.broadcast(message);
    await until(() => gossiped(net.middle).length === honest.length);

    expect(gossiped(net.middle)).toEqual(honest.map(nameOf));
  });

  test("G5: one that came over its bringer's budget is taken from the next who brings it", async () => {
    const limits = { messageSignaturesPerSecondMax: 1, faultsMax: 1_000 };
    const net = await line({ limits });
    let isThrough = false;
    net.middle.transport.onItem(() => {
      isThrough = true;
      return "accept";
    });
    const honest = Array.from({ length: 20 }, (_, serial) => vote(third, set, { serial }));
    for (const [serial, message] of honest.entries()) {
      const forged = forgedVote({ who: third, by: stranger }, set, { serial });
      for (const each of [forged, message]) net.source.transport.broadcast(each);
    }
    net.source.transport.publishItem(item(4));
    await until(() => isThrough);
    const dropped = honest.find((message) => !gossiped(net.middle).includes(nameOf(message)));
    if (dropped === undefined) throw new Error("nothing was over the budget");

    net.end.transport.broadcast(dropped);
    await until(() => gossiped(net.middle).includes(nameOf(dropped)));
  });

  test("G6: one far ahead is delivered if its author signed it, and not relayed", async () => {
    const net = await line();
    const ahead = vote(third, set, { sequence: 9 });
    const request9 = request({ who: third, signers: [first] }, set, { sequence: 9 });
    const forged = forgedVote({ who: third, by: stranger }, set, { sequence: 9 });
    await pass(net, [ahead, request9, forged]);

    expect(digests(net.middle.messages)).toEqual([ahead, request9].map(nameOf));
    expect(net.end.messages).toEqual([]);
    expect(net.middle.events.some((event) => isDrop(event, "forged"))).toBe(false);
  });

  test("G13: one that was far ahead is relayed once it can be checked, whatever came before it", async () => {
    const current = { head: headAt(0, set) };
    const net = await line({ head: () => current.head });
    const place = { sequence: 3, serial: 5 };
    const parent = { signers: names, set };
    const honest = request({ who: third, signers: [first, second, third], parent }, set, place);
    await pass(net, [withMadeUpCertificate(honest, 1)]);
    current.head = headAt(2, set);
    net.source.transport.broadcast(honest);
    // The end is behind, so the message is a hint there. It came from the middle all the same.
    await until(() => digests(net.end.messages).includes(nameOf(honest)));

    expect(digests(net.end.messages)).toEqual([nameOf(honest)]);
  });

  test("G7: what an honest peer at another head may think right counts against nobody", async () => {
    const others = setOf([newcomer, ...names]);
    const limits = { faultsMax: 2 };
    const net = await line({ head: () => headAt(0, others, set), limits });
    let isThrough = false;
    net.middle.transport.onItem(() => {
      isThrough = true;
      return "accept";
    });
    const messages = [
      // By the set before: the one who brings it may be a block behind.
      vote(third, set),
      // By a set that may come.
      vote(third, set, { sequence: 2 }),
      // Of the head itself, and of the next block but one.
      vote(third, set, { sequence: 0 }),
      vote(newcomer, others, { sequence: 2 }),
    ];
    for (const message of messages) net.source.transport.broadcast(message);
    net.source.transport.broadcast(forgedVote({ who: third, by: stranger }, others));
    net.source.transport.publishItem(item(4));
    await until(() => isThrough);

    // One fault, not two.
    expect(net.middle.events.some((event) => isDrop(event, "forged"))).toBe(true);
    expect(refusals(net.middle)).toEqual([]);
    expect(gossiped(net.middle)).toEqual(messages.slice(2).map(nameOf));
  });

  test("G15: the certificate of a parent is checked by the set that voted on the parent", async () => {
    const others = setOf([newcomer, ...names]);
    const head = () => headAt(1, others, set);
    const net = await line({ head }, { head });
    const ask = (sequence: number, parentSet: typeof set) =>
      request(
        { who: third, signers: [...names, newcomer], parent: { signers: names, set: parentSet } },
        others,
        { sequence },
      );
    const right = [ask(2, set), ask(3, others)];
    await pass(net, [...right, ask(3, set)]);

    expect(digests(net.end.messages)).toEqual(right.map(nameOf));
  });

  test("G8: a validator that signs without end is relayed at its own share, and no other loses", async () => {
    const seconds = countSeconds();
    const net = await line({ limits: { messageSignaturesPerSecondMax: 32 } });
    const bootstrap = net.middle.transport.addresses();
    const other = await run(fourth, set, { bootstrap });
    // It has heard that the middle takes gossip.
    await until(() => other.transport.publishItem(item(5)));
    const flood = Array.from({ length: 400 }, (_, serial) => vote(third, set, { serial }));
    for (const [at, message] of flood.entries()) {
      (at % 2 === 0 ? net.source : net.end).transport.broadcast(message);
    }
    await until(() => [net.source, net.end].every((node) => isSlowed(net.middle, node)));
    const honest = vote(fourth, set);
    other.transport.broadcast(honest);
    await until(() => gossiped(net.middle).includes(nameOf(honest)));

    // Its share is 8 a second, and 64 at once; each of the two could have brought as many.
    expect(gossiped(net.middle).length).toBeLessThanOrEqual(66 + 8 * seconds());
  });
});

describe("relayed items", () => {
  test("G10: strangers share one budget of checks, and what waits is taken from a validator", async () => {
    const seconds = countSeconds();
    const net = await line({ limits: { observersSignaturesPerSecondMax: 4 } });
    const bootstrap = net.middle.transport.addresses();
    const another = await run(identity("another"), set, { bootstrap, role: "observer" });
    await until(() => another.transport.publishItem(item(0)));
    const received: string[] = [];
    net.middle.transport.onItem((bytes) => {
      received.push(toHex(bytes));
      return "accept";
    });
    for (let name = 1; name <= 200; name += 1) {
      (name % 2 === 0 ? net.source : another).transport.publishItem(item(name));
    }
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(received.length).toBeLessThanOrEqual(9 + 4 * seconds());

    const names = Array.from({ length: 200 }, (_, at) => toHex(item(at + 1)));
    const waiting = names.findLast((name) => !received.includes(name)) ?? "";
    net.end.transport.publishItem(fromHex(waiting));
    await until(() => received.includes(waiting), 2_000);
    expect(received.filter((name) => name === waiting)).toHaveLength(1);
  });

  test("G21: a stranger that floods waits for itself, and others take turns with it", async () => {
    const net = await line({ limits: { observersSignaturesPerSecondMax: 10 } });
    const bootstrap = net.middle.transport.addresses();
    const another = await run(identity("another"), set, { bootstrap, role: "observer" });
    await until(() => another.transport.publishItem(item(0)));
    const received: string[] = [];
    net.middle.transport.onItem((_, { peer }) => {
      received.push(peer);
      return "accept";
    });
    const flooder = net.source.transport.peer;
    for (let name = 1; name <= 400; name += 1) net.source.transport.publishItem(item(name));
    await until(() => received.length > 10);
    for (let name = 401; name <= 403; name += 1) another.transport.publishItem(item(name));
    for (let name = 404; name <= 500; name += 1) net.end.transport.publishItem(item(name));
    const of = (peer: string): number => received.filter((each) => each === peer).length;
    await until(() => of(net.end.transport.peer) === 97, 2_000);
    await until(() => of(another.transport.peer) === 3);

    expect(of(flooder)).toBeLessThan(100);
    expect(net.middle.events.filter(({ type }) => type === "refused")).toEqual([]);
  });
});

function isSlowed({ events }: TestNode, { transport }: TestNode): boolean {
  return events.some(
    (event) => isDrop(event, "too-fast") && "peer" in event && event.peer === transport.peer,
  );
}
