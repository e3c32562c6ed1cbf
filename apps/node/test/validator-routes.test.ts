import { fromHex } from "@aethel/models";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { ValidatorDetail } from "../src/api/api.ts";
import { onError } from "../src/http/respond.ts";
import { addValidatorRoutes } from "../src/http/validator-routes.ts";

const ids = ["ab01", "ab02", "cd03"].map((start) => start.padEnd(64, "0"));

/** A node whose set is empty: all that ever staked have left. */
function createApp(unbonding: readonly object[] = []): Hono {
  const record = (id: Uint8Array): object => ({
    id,
    key: id,
    power: 0n,
    stake: 0n,
    rewards: 0n,
    tips: 0n,
    status: "leaving",
    votes: 0,
    blocks: 0,
    offences: 0,
    slashed: 0n,
    recent: [],
    unbonding,
  });
  const ledger = {
    validators: () => [],
    validator: record,
    stakersBeginning: (prefix: string) => ids.filter((id) => id.startsWith(prefix)).map(fromHex),
  };
  const app = new Hono();
  app.onError(onError);
  addValidatorRoutes(app, { ledger, slashes: async () => [] } as never);
  return app;
}

describe("one validator", () => {
  test("has the date of each payout of what unbonds", async () => {
    const answer = await createApp([
      { amount: 5n, freeAt: 1_800_000_000_000 },
      { amount: 7n, freeAt: 1_900_000_000_000 },
    ]).request(`/validators/${ids[0]}`);

    const detail = ValidatorDetail.parse(await answer.json());
    expect(detail.unbonding).toBe("12");
    expect(detail.payouts).toEqual([
      { amount: "5", freeAt: 1_800_000_000_000 },
      { amount: "7", freeAt: 1_900_000_000_000 },
    ]);
  });
});

test("an account that has never staked is none, and the answer says so", async () => {
  const app = new Hono();
  app.onError(onError);
  addValidatorRoutes(app, { ledger: { validator: () => undefined } } as never);
  const answer = await app.request(`/validators/${ids[0]}`);
  expect(answer.status).toBe(404);
  expect(JSON.stringify(await answer.json())).toContain("when its stake is final");
});

describe("validators by the beginning of their id", () => {
  test("are found when they have left the set, each once", async () => {
    const app = createApp();
    const found = async (prefix: string): Promise<readonly string[]> => {
      const answer = await app.request(`/validators?begins=${prefix}`);
      const { validators } = (await answer.json()) as { validators: { id: string }[] };
      return validators.map(({ id }) => id);
    };

    expect(await found("ab01")).toEqual([ids[0]]);
    expect(await found("AB02")).toEqual([ids[1]]);
    expect(await found("ffff")).toEqual([]);
    expect(await found("cd0300")).toEqual([ids[2]]);
  });

  test("a beginning that is none is a bad request", async () => {
    for (const prefix of ["", "ab", "xyzw", "0".repeat(65)]) {
      const { status } = await createApp().request(`/validators?begins=${prefix}`);
      expect(status).toBe(400);
    }
  });
});
