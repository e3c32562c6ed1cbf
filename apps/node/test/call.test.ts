import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { NATIVE_ASSET, toAmount } from "@aethel/models";
import { expect, test, vi } from "vitest";
import { createNodeClient } from "../src/client/node-client.ts";
import { readTransactions, writeTransaction } from "../src/contract/transaction-file.ts";
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

test("what others composed, and fees and losses beyond the author's word, are shown and not signed", async () => {
  const { url } = await startNode();
  const account = path.join(data(), "keys", "account.json");
  const about = ["--account", account, "--url", url];
  const pay = ["call", "transfer", `to=${"cd".repeat(32)}`, "amount=7", ...about];
  const [file, copy] = [path.join(folder(), "given.json"), path.join(folder(), "signed.json")];
  const own = await cli(...pay, "--sign-only", file);
  expect(own.stderr).toMatch(/^author {5}[0-9a-f]{64}, who signs$/m);
  expect(own.stderr).toMatch(/^pays {7}the author at most [\d.]+ tokens \(the fee limit\)/m);
  expect(own.stderr).toMatch(/^ {11}intent [0-9a-f]{64}$/m);
  expect(own.stderr).toMatch(
    /^losses {5}at most: the author 0.000007 tokens, exactly what this run takes$/m,
  );
  expect(own.stderr).toMatch(/^expires {4}after block \d+, \d+ blocks from now$/m);
  expect(own.code).toBe(0);

  const sign = ["call", "--signatures", file, ...about, "--sign-only", copy];
  const unasked = await cli(...sign);
  expect(unasked.stderr).toContain("losses     at most: the author 0.000007 tokens");
  expect(unasked.stderr).toContain("give --yes");
  expect(unasked.code).toBe(2);
  const inJson = await cli(...sign, "--json");
  expect(JSON.parse(inJson.stderr).error.details).toContain(
    "losses     at most: the author 0.000007 tokens",
  );
  expect(inJson.code).toBe(2);
  await expect(readFile(copy)).rejects.toThrow("ENOENT");
  expect((await cli(...sign, "--yes")).code).toBe(0);

  const given = await readTransactions([file]);
  const spending = [{ signer: 0, asset: NATIVE_ASSET, amount: toAmount(2n ** 64n - 1n) }];
  const limits = { feeLimit: toAmount(900_000_000_000n), tip: toAmount(10n ** 14n) };
  const body = { ...given.body, ...limits, spending };
  await writeTransaction(file, { ...given, body, signatures: new Map() });
  const drained = await cli(...sign, "--yes");
  expect(drained.stderr).toContain("pays       the author at most 900,000 tokens");
  expect(drained.stderr).toContain("tip        100,000,000 tokens for a million units");
  expect(drained.stderr).toContain("NO LIMIT");
  expect(drained.stderr).toContain("give --max-fee 900000000000");
  expect(drained.code).toBe(1);

  const dear = await cli(...pay, "--max-fee", "1");
  expect(dear.stderr).toContain("the value of --max-fee");
  expect(dear.code).toBe(1);
  const lossy = await cli(...pay, "--spend", "6");
  expect(lossy.stderr).toContain("more than --spend allows");
  expect(lossy.code).toBe(1);

  // An address of this machine that does not look like one.
  const away = pay.map((word) => word.replace("127.0.0.1", "0.0.0.0"));
  const proposed = await cli(...away, "--sign-only", copy);
  expect(proposed.stderr).toContain("is another machine, and proposes the limits of losses");
  expect(proposed.code).toBe(2);
  expect((await cli(...away, "--spend", "7", "--sign-only", copy)).code).toBe(0);
  expect((await createNodeClient(url).account("cd".repeat(32))).balance).toBe("0");
  await stopNode();
});
