import {
  type ConsensusMessage,
  outlineOf,
  sha256,
  toDigest,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { faultCodeOf, isStorageFailure } from "../src/errors.ts";
import { createBoundaryStash } from "../src/inbox/boundary-stash.ts";
import { createConfig, PbftError } from "../src/index.ts";
import { parameters } from "./cluster-options.ts";
import { GENESIS } from "./keys.ts";
import { at, createRuleStage } from "./rule-stage.ts";

describe("a configuration", () => {
  const make = (changes: Partial<typeof parameters>): (() => unknown) => {
    const id = sha256(GENESIS) as never;
    return () => createConfig({ genesis: GENESIS, id, parameters: { ...parameters, ...changes } });
  };
  const bounds = { judgingBoundMs: 10, disseminationBoundMs: 20, networkDelayMs: 5 };
  const least = 2 * (10 + 20 + 15);

  test("is refused exactly when time-outs could never be long enough, with each reason", () => {
    expect(make({ ...bounds, viewTimeoutMs: least, viewTimeoutMaxMs: least })).not.toThrow();
    expect(make({ ...bounds, viewTimeoutMs: 1, viewTimeoutMaxMs: least })).not.toThrow();
    for (const [viewTimeoutMs, viewTimeoutMaxMs, problems] of [
      [0, least, ["viewTimeoutMs must be at least 1"]],
      [1, least - 1, [`viewTimeoutMaxMs must be at least ${least}`]],
      [least + 1, least, ["viewTimeoutMaxMs must be at least viewTimeoutMs"]],
      [0, -1, expect.objectContaining({ length: 3 })],
    ] as const) {
      const fault = { code: "CONFIG", problems };
      expect(make({ ...bounds, viewTimeoutMs, viewTimeoutMaxMs })).toThrow(
        expect.objectContaining({ fault }) as Error,
      );
    }
  });

  test("clocks differ by what the chain says, else by half an interval, 50 ms at least, the drift at most", () => {
    const precision = (
      changes: Partial<typeof parameters> & { clockPrecisionMs?: number },
    ): unknown => (make(changes)() as { readonly clockPrecisionMs: number }).clockPrecisionMs;
    expect(precision({ clockPrecisionMs: 7 })).toBe(7);
    expect(precision({ minBlockIntervalMs: 1_001, maxDriftMs: 5_000 })).toBe(500);
    expect(precision({ minBlockIntervalMs: 10, maxDriftMs: 5_000 })).toBe(50);
    expect(precision({ minBlockIntervalMs: 1_000, maxDriftMs: 30 })).toBe(30);
  });
});

describe("errors", () => {
  const storage = new PbftError({ code: "STORAGE", path: "x", errno: "EIO" } as never);
  const config = new PbftError({ code: "CONFIG", problems: [] });
  const named = (fault: unknown): Error =>
    Object.assign(new Error("x"), { name: "PbftError", fault });

  test("have the code of their fault, in whichever copy of the package, and no others have one", () => {
    expect(faultCodeOf(storage)).toBe("STORAGE");
    expect(faultCodeOf(named({ code: "CONFIG" }))).toBe("CONFIG");
    const others = [
      undefined,
      "PbftError",
      { name: "PbftError", fault: { code: "CONFIG" } },
      Object.assign(new Error("x"), { fault: { code: "CONFIG" } }),
      Object.assign(new Error("x"), { name: "PbftError" }),
      named(undefined),
      named(null),
      named("CONFIG"),
      named({}),
    ];
    expect(others.map(faultCodeOf)).toEqual(others.map(() => undefined));
  });

  test("of a disk are known by their code or by what caused them, eight deep", () => {
    const caused = (by: unknown, depth: number): unknown =>
      depth === 0 ? by : new Error("x", { cause: caused(by, depth - 1) });
    const system = Object.assign(new Error("full"), { code: "ENOSPC" });
    for (const cause of [storage, system]) {
      expect(isStorageFailure(cause)).toBe(true);
      expect(isStorageFailure(caused(cause, 7))).toBe(true);
      expect(isStorageFailure(caused(cause, 8))).toBe(false);
    }
    const others = [
      config,
      Object.assign(new Error("x"), { code: "ERR_INVALID_ARG" }),
      Object.assign(new Error("x"), { code: 28 }),
      { code: "ENOSPC" },
      undefined,
    ];
    expect(others.map(isStorageFailure)).toEqual(others.map(() => false));
  });
});

describe("messages of the next sequence at a boundary", () => {
  const stage = createRuleStage(0);
  const signature = toSignature(new Uint8Array(64));
  const where = { sequence: toSequence(3), view: toView(0) };
  const vote = (seed: number): ConsensusMessage => ({
    type: "prepare",
    ...where,
    digest: toDigest(sha256(new Uint8Array([seed]))),
    voter: toValidatorIndex(0),
    signature,
  });
  const proposal = {
    ...where,
    digest: at(stage.digests, 0),
    leader: toValidatorIndex(0),
    signature,
  };
  const whole: ConsensusMessage = {
    type: "pre-prepare",
    proposal,
    outline: outlineOf(at(stage.blocks, 0)),
  };
  const bare: ConsensusMessage = { type: "pre-prepare", proposal, outline: undefined };

  const from = stage.cluster.node(0).config.id;

  test("B23: sixteen of each sender are held, one block among them, and given back once", () => {
    const stash = createBoundaryStash();
    const own = { name: "a", isShared: false };
    const hold = (message: ConsensusMessage, by: typeof own): boolean =>
      stash.hold({ message, from }, by);
    expect(hold(whole, own)).toBe(true);
    expect(hold(whole, own)).toBe(false);
    expect(hold(bare, own)).toBe(true);
    for (let count = 2; count < 16; count++) expect(hold(vote(count), own)).toBe(true);
    expect(hold(vote(16), own)).toBe(false);
    expect(hold(vote(17), { name: "b", isShared: false })).toBe(true);
    const held = stash.release();
    expect(held.slice(0, 3)).toEqual([whole, bare, vote(2)].map((message) => ({ message, from })));
    expect(held).toHaveLength(17);
    expect(stash.release()).toEqual([]);
    expect(hold(whole, own)).toBe(true);
  });

  test("B23: no blocks are held of who shares an account, but its votes are held whole", () => {
    const stash = createBoundaryStash();
    const shared = { name: "relayed", isShared: true };
    const hold = (message: ConsensusMessage, by: typeof shared): boolean =>
      stash.hold({ message, from: undefined }, by);
    expect(hold(whole, shared)).toBe(true);
    expect(hold(whole, shared)).toBe(true);
    expect(hold(vote(1), shared)).toBe(true);
    const held = stash.release().map(({ message }) => message);
    expect(held).toEqual([bare, bare, vote(1)]);
  });
});
