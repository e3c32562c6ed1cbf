import { type ConsensusMessage, toHex } from "@aethel/models";
import { afterEach, expect, test } from "vitest";
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
  second,
  set,
  stopRunning,
  third,
} from "./line.ts";
import { headAt, setOf, until } from "./localnet.ts";
import { asFresh, newView, request, vote } from "./signed.ts";

afterEach(stopRunning);

test("G16: a copy without some of its attachments goes no further, and keeps none away", async () => {
  const net = await line({ limits: { faultsMax: 1_000 } });
  const asked = request({ who: third, signers: names }, set);
  const later = request({ who: third, signers: names, parent: { signers: names, set } }, set, {
    sequence: 2,
  });
  const opened = newView({ who: fourth, voters: names }, set);
  const { votes } = opened;
  const lesser = [
    { ...asked, prepareCertificate: undefined },
    { ...later, parentCertificate: undefined },
    { ...later, prepareCertificate: undefined },
    { ...opened, votes: [], prepareCertificate: undefined },
    { ...opened, votes: votes.slice(0, 2) },
    { ...opened, prepareCertificate: undefined },
    // One whose votes would be those of another parent.
    { ...opened, parent: set.hash, votes: [], prepareCertificate: undefined },
  ] as readonly ConsensusMessage[];
  await pass(net, [...lesser, asked, later, opened]);

  for (const { messages } of [net.middle, net.end]) {
    expect(digests(messages)).toEqual([asked, later, opened].map(nameOf));
  }
  expect(net.middle.events.some((event) => isDrop(event, "forged"))).toBe(true);
});

test("G17: of one NEW-VIEW with votes of other quorums only the first is relayed", async () => {
  const net = await line();
  const quorums = [names, ...names.map((left) => names.filter((who) => who !== left))];
  const variants = quorums.map((voters) => newView({ who: fourth, voters }, set));
  await pass(net, variants);

  for (const { messages } of [net.middle, net.end]) {
    expect(digests(messages)).toEqual(variants.slice(0, 1).map(nameOf));
  }
});

test("G20: a NEW-VIEW without a PREPARE certificate does not stand in the way of one with it", async () => {
  const net = await line();
  const prepared = newView({ who: fourth, voters: names }, set);
  const forms = [asFresh(prepared, names, set), prepared];
  await pass(net, forms);

  expect(digests(net.end.messages)).toEqual(forms.map(nameOf));
});

test("G18: a validator that forwards what others signed keeps no gossiped copy away", async () => {
  const net = await line();
  const honest = [0, 1, 2].map((serial) => vote(third, set, { serial }));
  for (const message of honest) net.end.transport.send(first.id, message);
  await until(() => net.middle.messages.length === honest.length);
  expect(net.middle.messages.every(({ from }) => from !== undefined)).toBe(true);
  for (const message of honest) net.source.transport.broadcast(message);
  await until(() => gossiped(net.middle).length === honest.length);

  expect(gossiped(net.middle)).toEqual(honest.map(nameOf));
});

test("G19: nor does one that has the author's index today, and another after the block", async () => {
  const others = setOf([newcomer, ...names]);
  const current = { head: headAt(0, set) };
  const net = await line({ head: () => current.head });
  // The index that a validator has today belongs to its predecessor once the newcomer is in.
  const at = set.validators.findIndex(({ id }) => toHex(id) === toHex(second.id));
  const { id } = others.validators[at] ?? second;
  const author = [newcomer, ...names].find((who) => toHex(who.id) === toHex(id)) ?? second;
  expect(author).not.toBe(second);
  const honest = vote(author, others, { sequence: 2 });
  net.end.transport.send(first.id, honest);
  await until(() => net.middle.messages.length === 1);
  current.head = headAt(1, others, set);
  net.source.transport.broadcast(honest);
  await until(() => gossiped(net.middle).length === 1);

  expect(gossiped(net.middle)).toEqual([nameOf(honest)]);
});
