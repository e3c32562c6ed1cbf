import { toAmount, toResource } from "@aethel/models";
import { createJudge } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import {
  createGenesisState,
  createPrograms,
  FAUCET_SOURCE,
  genesisState,
  type LedgerState,
  stateKey,
} from "../../src/index.ts";
import { judgedSource } from "../fixtures/judgements.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  createWorld,
  invoke,
  STANDARD_SOURCE,
  step,
  utf8,
} from "../fixtures/world.ts";

const bare = createWorld({ balances: [1_000_000_000n, 500_000_000n, 2_000_000n] });
const { alice, carol } = bare;
const genesis = { ...bare.genesis, faucet: alice.id };

describe("the faucet", () => {
  test("is there when the genesis names an account for it, and only then", () => {
    const programs = createPrograms();
    const verdicts = [utf8(STANDARD_SOURCE), utf8(FAUCET_SOURCE)].map((one) => judgedSource(one));
    const local = genesisState(genesis, verdicts, programs);
    const [faucet] = programs.compile(utf8(FAUCET_SOURCE), "genesis");
    if (faucet === undefined) throw new Error("it compiles");
    const has = (state: LedgerState): boolean =>
      state.tree.get(stateKey.intent(faucet.digest)) !== undefined;

    expect(has(local)).toBe(true);
    expect(has(bare.state)).toBe(false);
    expect(() => genesisState(genesis, verdicts.slice(0, 1), programs)).toThrow("GENESIS_INTENT");
  });

  test("is proved like every other intent", async () => {
    await using judge = await createJudge({ workers: 1 });
    const resourceLimit = toResource(5_000_000);
    const source = utf8(FAUCET_SOURCE);
    const said = await judge.check({ type: "publish", source }, { resourceLimit });
    expect(said).toMatchObject({ type: "judged", verdict: "valid" });
    const asked: number[] = [];
    await createGenesisState(genesis, {
      programs: createPrograms(),
      judge: {
        check: (payload) => {
          const text = payload.type === "publish" ? payload.source : payload.script;
          asked.push(text.length);
          return Promise.resolve(judgedSource(text));
        },
      },
    });
    expect(asked).toEqual([genesis.intents[0]?.source.length, source.length]);
  });

  test("gives a hundred tokens at a time, until an account has a thousand", () => {
    const world = createWorld({
      source: FAUCET_SOURCE,
      balances: [9_000_000_000n, 5n, 900_000_000n],
    });
    const drip = (amount: bigint) =>
      step(world, world.state, {
        proofs: [
          invoke(world, world.alice, {
            nonce: 0,
            intent: "faucet",
            arguments: [
              accountArgument(world.alice.id),
              accountArgument(carol.id),
              amountArgument(amount),
            ],
          }),
        ],
      });
    expect(drip(100_000_000n).results[0]?.outcome).toBe("applied");
    expect(accountOf(drip(100_000_000n).state, carol.id).balance).toBe(toAmount(1_000_000_000n));
    expect(drip(100_000_001n).results[0]?.outcome).toBe("guard-false");
  });
});
