import { toSequence } from "@aethel/models";
import { afterEach, expect, test } from "vitest";
import { identity, setOf, startNode, stopAll, type TestNode, until } from "./localnet.ts";

const running: TestNode[] = [];
afterEach(() => stopAll(running.splice(0)));

test("B23: observers have one budget together for what they ask, and a validator has its own", async () => {
  const members = [identity("served"), identity("member")] as const;
  const set = setOf(members);
  // Eight requests of all observers at once, then four a second.
  const limits = { observersServedBytesPerSecondMax: 4 * 131_072 };
  const server = await startNode(members[0], set, { limits });
  running.push(server);
  const bootstrap = server.transport.addresses();
  const observers = await Promise.all(
    ["one", "two", "three"].map((name) =>
      startNode(identity(name), set, { bootstrap, role: "observer" }),
    ),
  );
  const member = await startNode(members[1], set, { bootstrap });
  running.push(...observers, member);
  await until(() => [...observers, member].every(({ transport }) => transport.peers().length > 0));
  let served = 0;
  server.answer = (_, from) => {
    if (from === undefined) served += 1;
    return Promise.resolve({ type: "absent", head: toSequence(0) });
  };
  const ask = (node: TestNode, signal: AbortSignal) =>
    node.transport.request(server.identity.id, { type: "head", known: toSequence(0) }, signal);

  const started = performance.now();
  const end = new AbortController();
  const floods = observers.map(async (observer) => {
    while (!end.signal.aborted) await ask(observer, end.signal).catch(() => undefined);
  });
  for (let turn = 0; turn < 40; turn++) await ask(member, new AbortController().signal);
  await until(() => served >= 10);
  const seconds = (performance.now() - started) / 1_000;
  const most = 8 + 4 * seconds + 1;
  const total = served;
  end.abort();
  await Promise.all(floods);

  expect(total).toBeLessThanOrEqual(most);
});
