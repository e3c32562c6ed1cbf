import {
  blockDigest,
  type Evidence,
  equalBytes,
  itemOf,
  sha256,
  toAccountId,
  toHex,
  toSequence,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { type ChainStore, createMemoryChainStore, PbftError } from "../src/index.ts";
import { createMembership } from "./keys.ts";
import {
  blockOf,
  coding,
  doubleVote,
  falseHeader,
  finalize,
  openStack,
  POP,
  propose,
  type Stack,
  settle,
  stackMachine,
  THROW,
  validate,
} from "./stack-machine.ts";

const item = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);
const rootOf = (...stack: readonly number[]): Uint8Array => stackMachine.root(stack);

describe("blocks", () => {
  test("hold the items in order of arrival, and the root of the state after them", async () => {
    const application = await openStack();
    for (const byte of [1, 2, POP, 3]) application.submit(item(byte));
    const block = await propose(application);

    expect(block?.items.map(({ bytes }) => bytes[0])).toEqual([1, 2, POP, 3]);
    expect(block?.header.application).toEqual(rootOf(1, 3));
    expect(application.state()).toEqual([]);
    if (block === undefined) return;
    expect(await validate(await openStack(), block)).toEqual({ type: "accepted" });
    await application.commit(finalize(block));
    expect(application.state()).toEqual([1, 3]);
    expect(application.hasWork()).toBe(false);
  });

  test("nothing to propose is nothing, and an empty block at a heartbeat", async () => {
    const application = await openStack();

    expect(application.hasWork()).toBe(false);
    expect(await propose(application)).toBeUndefined();
    const beat = await propose(application, "heartbeat");
    expect(beat?.items).toEqual([]);
    expect(beat?.header.application).toEqual(rootOf());
  });

  test("B20: evidence that convicts stands in a block, and no other is proposed or accepted", async () => {
    const application = await openStack();
    const right = doubleVote(1);
    const otherKey = createMembership([1, 1]).set.validators.find(
      ({ key }) => !equalBytes(key, right.key),
    )?.key;
    if (otherKey === undefined) throw new Error("there are two");
    const wrong: readonly Evidence[] = [
      doubleVote(2),
      { ...right, first: right.second, second: right.first },
      { ...right, second: { ...right.second, signature: right.first.signature } },
      { ...right, validator: toAccountId(sha256(item(1))) },
      { ...right, key: otherKey },
      falseHeader(blockOf(application, []).header),
    ];
    const given = [...wrong, right];

    expect((await propose(application, "heartbeat", given))?.evidence).toEqual([right]);
    expect((await propose(application, "work", given))?.evidence).toEqual([right]);
    expect(await propose(application, "work", wrong)).toBeUndefined();
    const verdict = (evidence: readonly Evidence[]) =>
      validate(application, blockOf(application, [], { root: rootOf(), evidence }));
    expect(await verdict([right])).toEqual({ type: "accepted" });
    for (const one of wrong) expect(await verdict([one])).toMatchObject({ type: "refused" });
    expect(await verdict([right, doubleVote(2)])).toMatchObject({ type: "refused" });
  });

  test.each([
    ["an item that does not apply", [item(1), item(POP), item(POP, 1)], rootOf()],
    ["an item upon which the machine throws", [item(1), item(THROW)], rootOf(1)],
    ["another root", [item(1)], rootOf(2)],
  ])("one with %s is refused, and never applied", async (_, items, root) => {
    const application = await openStack();
    const block = blockOf(application, items, { root });

    expect(await validate(application, block)).toMatchObject({ type: "refused" });
    await expect(application.commit(finalize(block))).rejects.toThrow("block 1 cannot apply");
    expect(application.head().header.sequence).toBe(0);
    expect(application.state()).toEqual([]);
  });

  test("one with an annex, or with other items than its header says, is refused", async () => {
    const application = await openStack();
    const sound = blockOf(application, [item(1)], { root: rootOf(1) });
    const annexed = blockOf(application, [item(1)], { root: rootOf(1), annex: [item(9)] });
    const swapped = { ...sound, items: [itemOf(item(2))] };

    expect(await validate(application, annexed)).toMatchObject({ type: "refused" });
    expect(await validate(application, sound)).toEqual({ type: "accepted" });
    // Executed already under this very digest.
    expect(await validate(application, swapped)).toMatchObject({ type: "refused" });
  });

  test("a block that is applied twice counts once", async () => {
    const application = await openStack();
    const finalized = finalize(blockOf(application, [item(1)], { root: rootOf(1) }));
    const head = await application.commit(finalized);

    expect(await application.commit(finalized)).toBe(head);
    expect(application.state()).toEqual([1]);
    expect(await application.finalized(toSequence(1))).toBe(finalized);
    expect(await application.finalized(toSequence(2))).toBeUndefined();
  });

  test("a disk that refuses a block leaves the state, and the same call works later", async () => {
    const memory = createMemoryChainStore();
    let isFull = true;
    const append: ChainStore["append"] = async (block) => {
      if (isFull) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
      await memory.append(block);
    };
    const application = await openStack({ store: { ...memory, append } });
    const finalized = finalize(blockOf(application, [item(1)], { root: rootOf(1) }));

    await expect(application.commit(finalized)).rejects.toMatchObject({ code: "ENOSPC" });
    expect([application.state(), application.head().header.sequence]).toEqual([[], 0]);
    isFull = false;
    await application.commit(finalized);
    expect([application.state(), application.head().header.sequence]).toEqual([[1], 1]);
  });

  test("listeners hear of each block with the state after it, until they leave", async () => {
    const application = await openStack();
    const heard: [string, Stack][] = [];
    const leave = application.subscribe(({ certificate }, state) =>
      heard.push([toHex(certificate.digest), state]),
    );
    const first = blockOf(application, [item(7)], { root: rootOf(7) });
    await application.commit(finalize(first));
    await Promise.resolve();
    leave();
    await settle(application, [item(8)]);

    expect(heard).toEqual([[toHex(blockDigest(first.header)), [7]]]);
  });
});

describe("after a restart", () => {
  const failure = async (opening: Promise<unknown>): Promise<unknown> => {
    const error: unknown = await opening.then(() => undefined).catch((caught: unknown) => caught);
    return error instanceof PbftError ? error.fault : error;
  };

  test("without a coding all blocks are applied again, with one those since the last saved state", async () => {
    const store = createMemoryChainStore();
    const application = await openStack({ store, coding });
    for (const byte of [1, 2, 3, 4, 5]) await settle(application, [item(byte)]);
    let applied = 0;
    const apply = (stack: Stack, bytes: Uint8Array): Stack | undefined => {
      applied += 1;
      return stackMachine.apply(stack, bytes);
    };

    const quick = await openStack({ store, coding, apply });
    expect([quick.state(), applied]).toEqual([[1, 2, 3, 4, 5], 1]);
    const slow = await openStack({ store, apply });
    expect([slow.state(), applied]).toEqual([[1, 2, 3, 4, 5], 6]);
    expect(slow.head()).toEqual(application.head());
    expect(quick.head()).toEqual(application.head());
  });

  test("a state machine that gives another state than before is refused by the block", async () => {
    const store = createMemoryChainStore();
    const application = await openStack({ store });
    for (const byte of [1, 2]) await settle(application, [item(byte)]);
    const apply = (stack: Stack, bytes: Uint8Array): Stack | undefined =>
      bytes[0] === 2 ? stack : stackMachine.apply(stack, bytes);

    expect(await failure(openStack({ store, apply }))).toMatchObject({
      code: "CHAIN_DAMAGED",
      sequence: 2,
    });
  });

  test("a saved state that is not the one of its block is refused", async () => {
    const store = createMemoryChainStore();
    const application = await openStack({ store, coding });
    for (const byte of [1, 2]) await settle(application, [item(byte)]);
    await store.saveState({ sequence: toSequence(2), bytes: item(1, 3) });

    expect(await failure(openStack({ store, coding }))).toMatchObject({
      code: "CHAIN_DAMAGED",
      sequence: 2,
    });
  });

  test("another chain's blocks, and other validators, are refused", async () => {
    const store = createMemoryChainStore();
    await settle(await openStack({ store }), [item(1)]);
    const { set: validators } = createMembership([1, 1]);

    const genesis = sha256(item(1));
    expect(await failure(openStack({ store, genesis }))).toMatchObject({ code: "CHAIN_DAMAGED" });
    expect(await failure(openStack({ store, validators }))).toMatchObject({ code: "CONFIG" });
  });

  test("a saved state that a disk refuses costs a longer restart, and no block", async () => {
    const memory = createMemoryChainStore();
    const saveState = async (): Promise<void> => {
      throw new Error("ENOSPC");
    };
    const application = await openStack({ store: { ...memory, saveState }, coding });
    for (const byte of [1, 2, 3]) await settle(application, [item(byte)]);

    expect((await openStack({ store: memory, coding })).state()).toEqual([1, 2, 3]);
  });
});

describe("options", () => {
  test("bounds that cannot be, and a root that no header can hold, are told at once", async () => {
    const bounds = { items: 0, itemBytes: 2_000_000, blockBytes: 10 };
    const wrong = openStack({ bounds });
    await expect(wrong).rejects.toMatchObject({
      fault: {
        code: "CONFIG",
        problems: [
          expect.stringContaining("bounds.items"),
          expect.stringContaining("bounds.itemBytes"),
        ],
      },
    });
    const long = openStack({ root: () => new Uint8Array(1_025) });
    await expect(long).rejects.toMatchObject({ fault: { code: "CONFIG" } });
  });
});
