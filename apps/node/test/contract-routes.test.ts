import { stateKey } from "@aethel/ledger";
import { decodeProof, emptyTree, verifyProof } from "@aethel/merkle";
import { fromHex, NATIVE_ASSET, toHex } from "@aethel/models";
import { finalizedBlocks, TEST_CHAIN } from "@aethel/testkit";
import { compileContract } from "@aethel/verifier";
import fc from "fast-check";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import {
  CellBody,
  ContractDetail,
  ContractStateBody,
  ContractsBody,
  ScalarsBody,
  VaultBody,
} from "../src/api/contract-api.ts";
import { addContractRoutes } from "../src/http/contract-routes.ts";
import { onError } from "../src/http/respond.ts";

const compiled = compileContract(`contract game {
  asset SHARE issuer self;
  enum Side { left, right }
  record Bet { by: Account; amount: Amount; side: Side; open: Bool; }
  state { bets: map[Int][Side] Bet; owners: map[Account] Bool; round: Int = -4; last: Side = Side.right; }
  intent bet(signer by: Account, optional to: Account, side: Side) { guard { round < 9; } effect { round += 1; } }
}`);
if (compiled.type !== "contract") throw new Error(JSON.stringify(compiled));
const { contract } = compiled;
const digest = toHex(contract.digest);
const by = "ab".repeat(32);
const view = {
  digest: contract.digest,
  name: "game",
  text: contract.canonical,
  author: NATIVE_ASSET,
  difficulty: 1,
  judgeVersion: 1,
  languageVersion: 1,
  sequence: 2,
  certification: { kernelVersion: 1, certificateHash: contract.digest },
};
const tree = emptyTree.update([
  { key: stateKey.contract(contract.digest), value: Uint8Array.of(1) },
  { key: stateKey.vault(contract.digest, NATIVE_ASSET), value: Uint8Array.of(2) },
]);
const [final] = fc.sample(finalizedBlocks(), { seed: 1, numRuns: 1 });
const limits: number[] = [];

/** A node with one contract, whose cell `bets[-7][right]` is present. */
function createApp(isFinal = true): Hono {
  const isKnown = (asked: Uint8Array): boolean => toHex(asked) === digest;
  const header = final?.block.header;
  const contracts = {
    view: (asked: Uint8Array) => (isKnown(asked) ? view : undefined),
    typed: (asked: Uint8Array) => (isKnown(asked) ? contract : undefined),
    page: ({ limit }: { limit: number }) => {
      limits.push(limit);
      return { entries: [view], next: { name: "game", id: digest } };
    },
    beginning: (prefix: string) => (digest.startsWith(prefix) ? [contract.digest] : []),
    scalars: () => [-5n, 0n],
    vault: () => 12n,
    cell: (_: unknown, { map, keys }: { map: number; keys: readonly unknown[] }) =>
      map === 0 && keys[0] === -7n && keys[1] === 1n ? [by, 9n, 0n, true] : undefined,
  };
  const ledger = {
    contracts,
    head: () => ({ header: { sequence: 7 } }),
    header: async () => header,
    state: () => ({ tree, header, previousSet: TEST_CHAIN.set }),
    finalized: async () => (isFinal ? final : undefined),
  };
  const app = new Hono();
  app.onError(onError);
  addContractRoutes(app, { ledger } as never);
  return app;
}

async function get(path: string, app = createApp()): Promise<unknown> {
  const answer = await app.request(path);
  return answer.status === 200 ? await answer.json() : answer.status;
}

describe("contracts over HTTP", () => {
  test("are listed page by page, found by the first digits, and shown with interface and text", async () => {
    expect(ContractsBody.parse(await get("/contracts"))).toMatchObject({ next: digest });
    const begun = ContractsBody.parse(await get(`/contracts?begins=${digest.slice(0, 5)}`));
    expect(begun.contracts.map((one) => one.digest)).toEqual([digest]);
    const shown = ContractDetail.parse(await get(`/contracts/${digest}`));
    expect(shown.text).toBe(contract.canonical);
    expect(shown.interface.intents[0]).toMatchObject({
      name: "bet",
      parameters: [
        { name: "by", type: "Account", signer: true, optional: false },
        { name: "to", type: "Account", signer: false, optional: true },
        { name: "side", type: "Side", signer: false, optional: false },
      ],
    });
    expect(shown.interface.maps[0]).toEqual({ name: "bets", keys: ["Int", "Side"], value: "Bet" });
    expect(shown.interface.enums).toEqual([{ name: "Side", words: ["left", "right"] }]);
    expect(shown.interface.assets).toMatchObject([{ name: "SHARE", own: true }]);
  });

  test("have values in the names of the source", async () => {
    const state = ContractStateBody.parse(await get(`/contracts/${digest}/state`));
    expect(state.scalars).toEqual([
      { name: "round", type: "Int", value: "-5" },
      { name: "last", type: "Side", value: "left" },
    ]);
    expect(state.vault.map(({ asset, amount }) => [asset, amount])).toEqual([
      ["", "12"],
      ["SHARE", "12"],
    ]);
    const cell = CellBody.parse(await get(`/contracts/${digest}/state/cells/bets/-7/right`));
    expect(cell).toMatchObject({ present: true, keys: ["-7", "right"], sequence: 7 });
    expect(cell.value).toEqual({ by, amount: "9", side: "left", open: true });
    const absent = CellBody.parse(await get(`/contracts/${digest}/state/cells/bets/7/right`));
    expect(absent).toMatchObject({ present: false, value: { amount: "0", open: false } });
  });

  test("have values with a Merkle proof of one state, if a block is final", async () => {
    const path = `/contracts/${digest}/state/vault/native?proof=true`;
    const { proof } = VaultBody.parse(await get(path));
    const key = stateKey.vault(contract.digest, NATIVE_ASSET);
    const checked = verifyProof({
      root: tree.root,
      key,
      proof: decodeProof(fromHex(proof?.path ?? "")),
    });
    expect(checked).toEqual({ ok: true, value: Uint8Array.of(2) });
    expect(await get(path, createApp(false))).toBe(404);
    const scalars = ScalarsBody.parse(await get(`/contracts/${digest}/state/scalars?proof=false`));
    expect(scalars.proof).toBeUndefined();
  });

  test("answer hostile paths and queries with a bad request, or that it is not there", async () => {
    const state = `/contracts/${digest}/state`;
    const unknown = "00".repeat(32);
    const expected: readonly (readonly [string, number])[] = [
      ["/contracts/12", 400],
      [`/contracts/${unknown}`, 404],
      [`/contracts/${unknown}/state`, 404],
      [`/contracts?after=${unknown}`, 404],
      ["/contracts?after=x", 400],
      ["/contracts?limit=-1", 400],
      ["/contracts?begins=ab", 400],
      ["/contracts?begins=%2e%2e%2f%2e%2e", 400],
      [`/contracts?begins=${"a".repeat(65)}`, 400],
      [`${state}/cells/nothing/1`, 404],
      [`${state}/cells/__proto__/1`, 404],
      [`${state}/cells/bets/7`, 400],
      [`${state}/cells/bets/07/left`, 400],
      [`${state}/cells/bets/1e3/left`, 400],
      [`${state}/cells/bets/${"9".repeat(60)}/left`, 400],
      [`${state}/cells/bets/7/up`, 400],
      [`${state}/cells/owners/${by}/left`, 400],
      [`${state}/cells/owners/${by.toUpperCase()}`, 400],
      [`${state}/vault/GOLD`, 400],
      [`${state}/vault/${unknown.replace("0", "1")}`, 404],
      [`${state}/scalars?proof=1`, 400],
    ];
    for (const [path, status] of expected) expect([path, await get(path)]).toEqual([path, status]);
    await get("/contracts?limit=9007199254740991");
    expect(limits.at(-1)).toBe(100);
  });
});
