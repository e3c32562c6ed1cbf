import { toDifficulty, toResource } from "@aethel/models";
import type { Application, VerifyRequest } from "@aethel/pbft";
import { finalizedBlocks } from "@aethel/testkit";
import type { Judge } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createNodeJudge,
  type NodeJudge,
  type OpenJudge,
  withPatience,
} from "../src/runtime/node-judge.ts";

const BOUND_MS = 20_000;
/** Time that a proof takes on this machine: more than the chain's bound. */
const SLOW_MS = 30_000;

const payload = { type: "theorem", script: new Uint8Array() } as const;
const how = { resourceLimit: toResource(1_000) };
const [final] = fc.sample(finalizedBlocks(), 1);

/** Judges that need `SLOW_MS` for everything, and what became of them. */
function slowMachine(): { readonly open: OpenJudge; readonly opened: number[]; closed: number } {
  const opened: number[] = [];
  const machine = {
    opened,
    closed: 0,
    open: (({ watchdogMilliseconds }) => {
      opened.push(watchdogMilliseconds);
      const close = async (): Promise<void> => void machine.closed++;
      const judge: Judge = {
        check: async () =>
          watchdogMilliseconds < SLOW_MS
            ? { type: "abstained", reason: "watchdog" }
            : {
                type: "judged",
                kind: "theorem",
                verdict: "valid",
                difficulty: toDifficulty(1),
                resource: how.resourceLimit,
                obligations: [],
                notes: [],
                milliseconds: SLOW_MS,
              },
        close,
        statistics: () => ({
          checks: 0,
          cacheHits: 0,
          merged: 0,
          workersReplaced: 0,
          heapBytes: [],
        }),
        [Symbol.asyncDispose]: close,
      };
      return Promise.resolve(judge);
    }) satisfies OpenJudge,
  };
  return machine;
}

/** An application that judges where a ledger does: in `verify`, and after `commit` for its mempool. */
function application(judge: NodeJudge): { readonly inner: Application; readonly said: string[] } {
  const said: string[] = [];
  const ask = async (where: string): Promise<string> => {
    const { type } = await judge.check(payload, how);
    said.push(`${where}: ${type}`);
    return type;
  };
  const nothing = (): never => {
    throw new Error("not asked for here");
  };
  const inner: Application = {
    head: nothing,
    hasWork: () => false,
    propose: nothing,
    finalized: nothing,
    async verify() {
      const type = await ask("block");
      return type === "judged" ? { type: "accepted" } : { type: "abstained", reason: type };
    },
    async commit() {
      await ask("mempool");
      return nothing();
    },
  };
  return { inner, said };
}

function request(patience: VerifyRequest["patience"]): VerifyRequest {
  if (final === undefined) throw new Error("there is no block");
  const { signal } = new AbortController();
  return { block: final.block, digest: final.certificate.digest, patience, signal };
}

describe("the watchdog is the judging bound of the chain", () => {
  test("a proof that takes longer is abstained on, by one judge", async () => {
    const machine = slowMachine();
    await using judge = await createNodeJudge({
      workers: 2,
      judgingBoundMs: BOUND_MS,
      open: machine.open,
    });

    expect(await judge.check(payload, how)).toEqual({ type: "abstained", reason: "watchdog" });
    expect(machine.opened).toEqual([BOUND_MS]);
  });

  test("a certified block is judged for as long as it takes, a proposed one is not", async () => {
    const machine = slowMachine();
    await using judge = await createNodeJudge({
      workers: 2,
      judgingBoundMs: BOUND_MS,
      open: machine.open,
    });
    const replicated = withPatience(application(judge).inner, judge);

    expect(await replicated.verify(request("watchdog"))).toMatchObject({ type: "abstained" });
    expect(await replicated.verify(request("none"))).toEqual({ type: "accepted" });
    expect(await replicated.verify(request("none"))).toEqual({ type: "accepted" });
    expect(machine.opened).toEqual([BOUND_MS, 2 ** 31 - 1]);
  });

  test("a final block is judged with patience, the mempool after it without", async () => {
    const machine = slowMachine();
    await using judge = await createNodeJudge({
      workers: 2,
      judgingBoundMs: BOUND_MS,
      open: machine.open,
    });
    const { inner, said } = application(judge);
    if (final === undefined) throw new Error("there is no block");

    await withPatience(inner, judge)
      .commit(final)
      .catch(() => undefined);

    expect(said).toEqual(["block: judged", "mempool: abstained"]);
  });

  test("what consensus keeps with a block is handed on, whatever it is", async () => {
    await using judge = await createNodeJudge({
      workers: 1,
      judgingBoundMs: BOUND_MS,
      open: slowMachine().open,
    });
    const { inner } = application(judge);
    if (final === undefined) throw new Error("there is no block");
    const given: unknown[] = [];
    const told: typeof inner = {
      ...inner,
      verify: async () => ({ type: "accepted" }),
      commit(...all) {
        given.push(...all);
        return Promise.reject(new Error("enough"));
      },
    };
    const record = new Uint8Array([1, 2]);

    await expect(withPatience(told, judge).commit(final, record)).rejects.toThrow("enough");

    expect(given).toEqual([final, record]);
  });

  test("both judges are closed with the node", async () => {
    const machine = slowMachine();
    const judge = await createNodeJudge({
      workers: 1,
      judgingBoundMs: BOUND_MS,
      open: machine.open,
    });
    await judge.patiently(() => judge.check(payload, how));

    await judge[Symbol.asyncDispose]();

    expect(machine.closed).toBe(2);
  });
});
