import { Proof } from "@aethel/models";
import { proofs } from "@aethel/testkit";
import fc from "fast-check";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { addProofRoutes } from "../src/http/proof-routes.ts";
import { onError } from "../src/http/respond.ts";

const [proof] = fc.sample(proofs(), { seed: 1, numRuns: 1 });

/** The next step that a node names when its mempool refuses a proof with a code. */
async function nextAfter(code: string): Promise<string> {
  const app = new Hono();
  app.onError(onError);
  const submit = (): object => ({ type: "refused", code, message: "no" });
  const ledger = {
    quote: () => ({ feeLimit: 123_456n }),
    pendingNonce: () => 17,
    head: () => ({ header: { sequence: 41 } }),
  };
  addProofRoutes(app, { submit, ledger } as never);
  const body = proof === undefined ? new Uint8Array() : Proof.encode(proof).slice();
  const headers = { "content-type": "application/octet-stream" };
  const answer = await app.request("/proofs", { method: "POST", headers, body });
  expect(answer.status).toBe(422);
  const { error } = (await answer.json()) as { error: { next: string } };
  return error.next;
}

describe("a refused proof", () => {
  test("whose fee limit is too low is told one number that suffices", async () => {
    expect(await nextAfter("fee-limit")).toContain("give a fee limit of 123456,");
    expect(await nextAfter("base-fee")).toContain("give a fee limit of 123456,");
  });

  test("that the author cannot pay for may need a lower limit", async () => {
    expect(await nextAfter("balance")).toContain("a lower --limit");
  });

  test("for what its call or its envelope lacks is told what to give", async () => {
    for (const [code, step] of [
      ["signers", "--account the key file of the account that has to sign"],
      ["unknown-intent", "publish it first"],
      ["arguments", "GET /intents/DIGEST"],
      ["nonce-used", "sign it again with the nonce 17"],
      ["nonce-gap", "with the nonce 17"],
      ["expired", "an expiry from 42 on"],
    ] as const) {
      expect(await nextAfter(code), code).toContain(step);
    }
  });

  test("for another reason has to be corrected", async () => {
    expect(await nextAfter("signature")).toBe("correct the proof, then submit it again");
  });
});
