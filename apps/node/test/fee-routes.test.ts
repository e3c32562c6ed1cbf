import {
  ProofBody,
  toAccountId,
  toAmount,
  toDigest,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { FeesBody, QuoteBody } from "../src/api/fee-api.ts";
import { addFeeRoutes } from "../src/http/fee-routes.ts";
import { onError } from "../src/http/respond.ts";

const envelope = {
  author: toAccountId(new Uint8Array(32).fill(1)),
  nonce: toNonce(0),
  resourceLimit: toResource(1_000),
  feeLimit: toAmount(0n),
  expiry: toSequence(9),
};
const call: ProofBody = {
  type: "invoke",
  ...envelope,
  tip: toAmount(7n),
  calls: [{ intent: toDigest(new Uint8Array(32).fill(2)), arguments: [] }],
  cosigners: [],
};
const theorem: ProofBody = { type: "theorem", ...envelope, script: new Uint8Array(40) };

/** A node whose ledger records the questions. */
function createApp(): { readonly app: Hono; readonly asked: (readonly [ProofBody, object])[] } {
  const asked: (readonly [ProofBody, object])[] = [];
  const ledger = {
    head: () => ({ header: { sequence: 41 } }),
    baseFees: () => ({ invoke: 2_250n, judged: 10_000n }),
    parameters: () => ({
      invokeBaseFeeMin: 2_000n,
      judgedBaseFeeMin: 10_000n,
      creationFee: 10n,
      statePrice: 20n,
      depositPrice: 3n,
    }),
    quote: (body: ProofBody, guess: object) => {
      asked.push([body, guess]);
      const losses = [{ signer: 0, asset: new Uint8Array(32).fill(4), amount: 5n }];
      const told = { outcome: "applied", units: 300, detail: "", losses, deposit: -7n };
      const run = { type: "run", ...told, charged: 3n, burned: 2n, tip: 1n };
      const lane = body.type === "invoke" ? "invoke" : "judged";
      const priced = {
        lane,
        baseFee: 2_250n,
        weight: 655_000n,
        feeLimit: 12_345n,
        charge: { expected: 3n, most: 3_000n },
      };
      return body.type === "invoke" ? { ...priced, run } : priced;
    },
  };
  const app = new Hono();
  app.onError(onError);
  addFeeRoutes(app, { ledger } as never);
  return { app, asked };
}

const post = (
  app: Hono,
  body: Uint8Array<ArrayBuffer> | string,
  type = "application/octet-stream",
) => app.request("/quote", { method: "POST", headers: { "content-type": type }, body });

describe("fees over HTTP", () => {
  test("GET /fees says what a place in the next block costs, in the form that clients check", async () => {
    const answer = await createApp().app.request("/fees");
    expect(FeesBody.parse(await answer.json())).toEqual({
      sequence: 42,
      invoke: { baseFee: "2250", floor: "2000" },
      judged: { baseFee: "10000", floor: "10000" },
      creationFee: "10",
      statePrice: "20",
      depositPrice: "3",
    });
  });

  test("POST /quote asks the ledger about the body that was sent", async () => {
    const { app, asked } = createApp();
    const answer = await post(app, ProofBody.encode(call).slice());
    expect(QuoteBody.parse(await answer.json())).toEqual({
      lane: "invoke",
      baseFee: "2250",
      weight: "655000",
      feeLimit: "12345",
      charge: { expected: "3", most: "3000" },
      run: {
        type: "run",
        outcome: "applied",
        units: 300,
        detail: "",
        losses: [{ signer: 0, asset: "04".repeat(32), amount: "5" }],
        deposit: "-7",
        charged: "3",
        burned: "2",
        tip: "1",
      },
    });
    expect(asked[0]?.[0]).toEqual(call);
  });

  test("what goes to the Judge is quoted for all that it can find, and has no run", async () => {
    const { app, asked } = createApp();
    const answer = await post(app, ProofBody.encode(theorem).slice());
    const { run, charge } = QuoteBody.parse(await answer.json());
    expect(run).toBeUndefined();
    expect(charge).toEqual({ expected: "3", most: "3000" });
    expect(asked[0]?.[1]).toMatchObject({ certificateBytes: 65_536 });
  });

  test("what is no body, or comes as something else, is a bad request", async () => {
    const { app } = createApp();
    expect((await post(app, new Uint8Array(3))).status).toBe(400);
    expect((await post(app, "{}", "application/json")).status).toBe(400);
  });
});
