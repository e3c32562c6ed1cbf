import { expect, test } from "vitest";
import type { NodeClient } from "../src/client/node-client.ts";
import { untilFinal } from "../src/client/until-final.ts";

/** Error with which waiting ends for a proof that left the mempool for a reason. */
async function stepAfter(code: string): Promise<unknown> {
  const state = { status: "refused", hash: "aa", code, message: "gone" } as const;
  const client = { url: "http://x/", proof: () => Promise.resolve(state) };
  const waited = untilFinal(client as unknown as NodeClient, "aa", 1_000);
  return await waited.catch((error: unknown) => error);
}

test("a proof that left the mempool is told with its reason, and a step that fits it", async () => {
  for (const [code, step] of [
    ["replaced", "wait for the other proof"],
    ["expired", "a new expiry"],
    ["nonce-used", "it gets a new expiry and nonce"],
    ["rejected", "`aethel judge` shows the place"],
    ["balance", "remove the reason"],
  ] as const) {
    const message = `${code}: gone`;
    expect(await stepAfter(code)).toMatchObject({
      fault: { code: "REFUSED", message, next: expect.stringContaining(step) },
    });
  }
});
