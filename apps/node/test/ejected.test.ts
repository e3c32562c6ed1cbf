import { writeFile } from "node:fs/promises";
import path from "node:path";
import { toHex } from "@aethel/models";
import { expect, test, vi } from "vitest";
import { tokens } from "../src/config/new-chain.ts";
import { ACCOUNTS, LOCALNET_PASSWORD } from "../src/localnet/network-directory.ts";
import { person } from "../src/localnet/people.ts";
import { start } from "./cli.ts";
import { done } from "./operators.ts";
import { eventually, keepBusy, startSlashingNetwork } from "./slashing-network.ts";

// Some thirty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000 });

const env = { AETHEL_PASSWORD: LOCALNET_PASSWORD };
const STAKES = [300, 300, 300, 100].map((thousand) => tokens(thousand * 1_000));

test("an ejected validator comes back by `aethel rotate-key`, once its power is gone", async () => {
  await using network = await startSlashingNetwork(STAKES, ["epochMs=3 s"]);
  const { client } = network.honest[0] ?? {};
  const id = network.genesis.validators.at(-1)?.id;
  if (client === undefined || id === undefined) throw new Error("a network of four");
  const record = () => client.validator(toHex(id));
  const busy = keepBusy(network);
  await network.misbehave("two-proposals");
  await eventually(record, ({ status, power }) => status === "ejected" && power === "0");
  const { key: old } = await record();

  const node = await network.reform();
  // Its account has nothing but its stake.
  const file = path.join(network.directory, "call.json");
  const [from, to] = [person("dora").id, id].map((account) => ({ account: toHex(account) }));
  const call = { intent: "transfer", arguments: [from, to, { amount: "5000000" }] };
  await writeFile(file, JSON.stringify(call));
  const dora = path.join(network.directory, ACCOUNTS, "dora.json");
  const signed = ["--account", dora, "--url", client.url];
  await done(start(["submit", file, ...signed], { env }).done);
  const about = ["--data-dir", node.dataDir, "--url", node.client.url, "--json"];
  const { stdout } = await done(start(["rotate-key", ...about], { env }).done);
  const { key, outcome } = JSON.parse(stdout);
  const back = await eventually(record, ({ power }) => power !== "0");
  const { keys } = await eventually(
    () => node.client.status(),
    ({ keys: held }) => held.some((each) => each.key === key && each.votes),
  );
  await busy.stop();

  expect(outcome).toBe("applied");
  expect(back).toMatchObject({ status: "active", key, offences: 1 });
  expect(key).not.toBe(old);
  expect(keys.filter(({ votes }) => votes).map((each) => each.key)).toEqual([key]);
});
