import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { createNodeClient } from "../src/client/node-client.ts";
import { useLoneValidator } from "./lone-validator.ts";

// Seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000 });

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/intents/${name}`, import.meta.url));

const { folder, data, cli, startNode, stopNode } = useLoneValidator();

test("what is proved here is published, what is not is refused here, and calls take arguments by name", async () => {
  const { url } = await startNode();
  const account = path.join(data(), "keys", "account.json");
  const about = ["--account", account, "--url", url];
  const { publicKey: me } = JSON.parse(await readFile(account, "utf8"));

  const stolen = await cli("publish", example("refused-steal.ae"), ...about);
  expect(stolen.stdout).toMatch(/`victim`\s+did\s+not\s+sign/);
  expect(stolen.stderr).toContain("nothing was published");
  expect(stolen.code).toBe(1);
  const tip = await cli("publish", example("tip.ae"), ...about, "--json");
  const { programs, receipt } = JSON.parse(tip.stdout);
  expect(programs[0]).toMatchObject({ kind: "intent", name: "pay_with_tip" });
  expect(receipt).toMatchObject({ outcome: "applied", kind: "publish" });

  const payee = "ab".repeat(32);
  const paid = await cli("call", "transfer", "--to", payee, "amount=1_000micro-tokens", ...about);
  expect(paid.stderr).toContain(`calls      transfer  from ${me} (the author)  to ${payee}`);
  expect(paid.stdout).toMatch(/^applied {2}sequence \d+/);
  expect(paid.code).toBe(0);
  expect((await createNodeClient(url).account(payee)).balance).toBe("1000");

  const wrong = await cli("call", "transfer", "--too", payee, ...about);
  expect(wrong.stderr).toContain("there is no parameter `too`; did you mean `to`?");
  expect(wrong.stderr).toContain("missing: amount: Amount");
  expect(wrong.code).toBe(2);
  const failing = ["transfer", `to=${payee}`, "amount=10_000_000_000 tokens"];
  expect((await cli("call", ...failing, ...about)).stderr).toContain("nothing was submitted");

  const tooLow = await cli("call", "transfer", `to=${payee}`, "amount=5", ...about, "--spend", "4");
  expect(tooLow.stderr).toContain("would lose more than --spend allows");
  expect(tooLow.code).toBe(1);
  const misspelled = await cli("call", "tranfer", `to=${payee}`, "amount=5", ...about);
  expect(misspelled.stderr).toContain("write CONTRACT.INTENT if it is in a contract");
  expect((await createNodeClient(url).account(payee)).balance).toBe("1000");

  const file = path.join(folder(), "tx.json");
  const signOnly = ["--sign-only", file];
  const signed = await cli("call", "transfer", `to=${payee}`, "amount=1", ...about, ...signOnly);
  expect(signed.stderr).toContain("1 of 1 signatures are in");
  expect(signed.stderr).toContain(`next: send it: aethel call --signatures ${file}`);
  const sent = await cli("call", "--signatures", file, "--url", url, "--json");
  expect(JSON.parse(sent.stdout)).toMatchObject({ outcome: "applied" });
  await writeFile(file, "{}");
  expect((await cli("call", "--signatures", file, "--url", url)).code).toBe(1);
  await stopNode();
});
