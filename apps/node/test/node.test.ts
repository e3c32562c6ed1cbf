import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  createSigner,
  hashGenesis,
  Proof,
  type ProofBody,
  sha256,
  signProof,
  toAccountId,
  toAmount,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { certificateDigest } from "@aethel/verifier/certificate";
import { describe, expect, test, vi } from "vitest";
import { ProofState, TheoremBody } from "../src/api/api.ts";
import { feeLimitFor } from "../src/api/fee-limit.ts";
import { createNodeClient } from "../src/client/node-client.ts";
import type { ErrorBody } from "../src/http/respond.ts";
import type { Finished } from "./cli.ts";
import { useLoneValidator } from "./lone-validator.ts";

// Seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000 });

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));

const { folder, data, cli, startNode, startIn, stopNode } = useLoneValidator();

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function submit(url: string, file: string): Promise<Finished> {
  const account = path.join(data(), "keys", "account.json");
  return await cli("submit", file, "--account", account, "--url", url);
}

/** Checks that a screened proof uses no nonce and no fee, and that the node keeps the reason. */
async function saysWhyItIsRejected(url: string): Promise<void> {
  const file = path.join(folder(), "ill-sorted.smt2");
  await writeFile(file, "(declare-const x Int)\n(assert (= x 1.5))\n(check-sat)");

  const { code, stdout, stderr } = await submit(url, file);

  expect(stderr).toMatch(/sort: .*expects Int, found Real.* Next: /s);
  expect(code).toBe(1);
  const hash = /in the mempool: ([0-9a-f]{64})/.exec(`${stdout}${stderr}`)?.[1] ?? "";
  const state = ProofState.parse(await (await fetch(new URL(`/proofs/${hash}`, url))).json());
  expect(state).toMatchObject({ status: "refused", hash });
}

/** Checks the record of a theorem, and its certificate with the kernel. */
async function certifiesWhatIsServed(url: string, script: string): Promise<void> {
  const digest = toHex(sha256(await readFile(script)));
  const response = await fetch(new URL(`/theorems/${digest}`, url));
  const record = TheoremBody.parse(await response.json());
  const served = await fetch(new URL(`/certificates/${digest}`, url));
  const bytes = new Uint8Array(await served.arrayBuffer());
  const file = path.join(folder(), "served.cert");
  await writeFile(file, bytes);

  expect(record).toMatchObject({ digest, trust: "certified", certification: { kernelVersion: 1 } });
  expect(record.certification?.certificateHash).toBe(toHex(certificateDigest(bytes)));
  expect((await cli("certify", script, file)).code).toBe(0);
}

describe("one validator alone (R5.6)", () => {
  test("finalizes what is submitted, refuses what is not proved, and remembers both after a restart", async () => {
    const { url } = await startNode();
    const theorem = await submit(url, example("theorems/schedule.smt2"));
    expect(theorem.stdout).toContain("applied");
    expect(theorem.code).toBe(0);
    await certifiesWhatIsServed(url, example("theorems/schedule.smt2"));
    const refused = await submit(url, example("intents/refused-steal.ae"));
    expect(refused.stdout).toMatch(/^refuted/);
    expect(refused.stdout).toMatch(/did\s+not\s+sign/);
    expect(refused.code).toBe(1);
    await saysWhyItIsRejected(url);
    const call = path.join(folder(), "call.json");
    const { publicKey } = JSON.parse(
      await readFile(path.join(data(), "keys", "account.json"), "utf8"),
    );
    const given = [{ account: publicKey }, { account: "aa".repeat(32) }, { amount: "5" }];
    await writeFile(call, JSON.stringify({ intent: "transfer", arguments: given }));
    expect((await submit(url, call)).stdout).toContain("applied");

    const before = await createNodeClient(url).status();
    await stopNode();
    const again = await startNode();
    const client = createNodeClient(again.url);

    const after = await client.status();
    expect(after.head.sequence).toBeGreaterThanOrEqual(before.head.sequence);
    expect((await client.account("aa".repeat(32))).balance).toBe("5");
    expect((await client.account(publicKey)).nonce).toBe(3);
    const shown = await cli("status", "--url", again.url);
    expect(shown.stdout).toContain(after.genesis);
    // The restarted replica still votes: its signing state came back with it.
    const next = await submit(again.url, example("theorems/congruence.smt2"));
    expect(next.stdout).toContain("applied");
    await stopNode();

    expect((await cli("check", "--data-dir", data())).stdout).toMatch(/^whole: sequence \d+/);
  });

  test("outlives peers that do not speak Aethel, and API clients that send nonsense", async () => {
    const { url, addresses } = await startNode();
    const port = Number(addresses[0]?.match(/tcp\/(\d+)/)?.[1]);
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\n\r\n");
    await new Promise((resolve) => socket.once("close", resolve));

    // The line is written after the connection has ended, by a process of its own pace.
    const log = (): Promise<string> => readFile(path.join(data(), "node.log"), "utf8");
    await expect.poll(log, { timeout: 120_000 }).toContain("does not speak libp2p: disconnected");

    const bad = async (route: string, init?: RequestInit): Promise<unknown> => {
      const response = await fetch(new URL(route, url), init);
      const { error }: ErrorBody = JSON.parse(await response.text());
      expect(error.message).not.toBe("");
      expect(error.next).not.toBe("");
      return [response.status, error.code];
    };
    const bytes = { "content-type": "application/octet-stream" };
    expect(await bad("/nowhere")).toEqual([404, "ROUTE"]);
    expect(await bad("/blocks/x")).toEqual([400, "BAD_REQUEST"]);
    expect(await bad("/blocks/99999")).toEqual([404, "NOT_FOUND"]);
    expect(await bad("/accounts/12")).toEqual([400, "BAD_REQUEST"]);
    expect(await bad(`/proofs/${"00".repeat(32)}`)).toEqual([404, "NOT_FOUND"]);
    expect(await bad("/validators/mallory")).toEqual([400, "BAD_REQUEST"]);
    expect(await bad(`/validators/${"00".repeat(32)}`)).toEqual([404, "NOT_FOUND"]);
    expect(await bad(`/theorems/${"00".repeat(32)}`)).toEqual([404, "NOT_FOUND"]);
    expect(await bad(`/certificates/${"00".repeat(32)}`)).toEqual([404, "NOT_FOUND"]);
    expect(await bad("/certificates/12")).toEqual([400, "BAD_REQUEST"]);
    expect(await bad("/evidence/12")).toEqual([400, "BAD_REQUEST"]);
    expect(await bad(`/evidence/${"00".repeat(32)}`)).toEqual([404, "NOT_FOUND"]);
    expect(await bad("/slashes?from=-1")).toEqual([400, "BAD_REQUEST"]);
    expect(await bad("/proofs", { method: "POST", body: "x", headers: bytes })).toEqual([
      400,
      "DECODE",
    ]);
    expect(await bad("/proofs", { method: "POST", body: "x" })).toEqual([400, "BAD_REQUEST"]);
    const huge = { method: "POST", body: new Uint8Array(8_000_000), headers: bytes };
    expect(await bad("/proofs", huge)).toEqual([413, "TOO_LARGE"]);
    const json = { "content-type": "application/json" };
    const pauper = { method: "POST", headers: json, body: await paupersProof(url) };
    expect(await bad("/proofs", pauper)).toEqual([422, "REFUSED"]);
    expect(await statusFor(url, "localhost")).toBe(200);
    expect(await statusFor(url, "attacker.example")).toBe(403);
    expect((await createNodeClient(url).status()).role).toBe("validator");
    await stopNode();
  });
});

/** A well-formed, signed proof as JSON, of an account with balance 0. */
async function paupersProof(url: string): Promise<string> {
  const genesis = await createNodeClient(url).genesis();
  const signer = createSigner(new Uint8Array(32).fill(7));
  const draft: ProofBody = {
    type: "theorem",
    author: toAccountId(signer.publicKey),
    nonce: toNonce(0),
    resourceLimit: toResource(1_000_000),
    feeLimit: toAmount(0n),
    expiry: toSequence(1_000_000),
    script: new TextEncoder().encode("(assert false)(check-sat)"),
  };
  const body = { ...draft, feeLimit: feeLimitFor(genesis.parameters, draft) };
  return JSON.stringify(Proof.toJson(signProof(hashGenesis(genesis), body, [signer])));
}

/** HTTP status of a request that came to the node under some name, as through a browser. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL("/status", url), { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once("error", reject).end();
  });
}

describe("an observer", () => {
  test("joins with the genesis file, catches up, follows, and passes on what is submitted to it", async () => {
    const { url, addresses } = await startNode();
    const client = createNodeClient(url);
    expect((await submit(url, example("theorems/de-morgan-bits.smt2"))).code).toBe(0);
    const place = path.join(folder(), "observer");
    const genesis = path.join(data(), "genesis.yaml");
    const peers = addresses.flatMap((address) => ["--peer", address]);
    const join = ["--genesis", genesis, "--observer", ...peers];
    expect((await cli("init", "--data-dir", place, ...join)).code).toBe(0);

    const { running: observer, ...ready } = await startIn(place);
    const follower = createNodeClient(ready.url);
    const sameHead = async (): Promise<boolean> =>
      (await follower.status()).head.stateRoot === (await client.status()).head.stateRoot;
    await until(sameHead);
    expect((await follower.status()).role).toBe("observer");

    const submitted = await submit(ready.url, example("theorems/dense-order.smt2"));
    expect(submitted.stdout).toContain("applied");
    await until(sameHead);

    observer.child.kill("SIGTERM");
    expect((await observer.done).code).toBe(0);
    await stopNode();
  });
});
