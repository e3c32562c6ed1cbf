import {
  type AccountId,
  type Digest,
  equalBytes,
  type FinalizedBlock,
  type SyncRequest,
  type SyncResponse,
  signableHead,
  toAccountId,
  toDigest,
  toSequence,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { quietOf } from "../src/hearing/quiet.ts";
import { decodeSigningLog, SigningRecord, signFrom } from "../src/index.ts";
import { createLog } from "./hub.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { listens, replicaOf } from "./listener.ts";
import { createRig } from "./rig.ts";

describe("questions of the driver", () => {
  /** A rig whose peers answer as the test says; the replica is one of four. */
  async function asked(
    answer: (
      request: Extract<SyncRequest, { readonly type: "signed-head" }>,
      at: number,
    ) => SyncResponse,
  ) {
    const nonces: Digest[] = [];
    const membership = createMembership([1, 1, 1, 1], "ed25519");
    const rig = createRig({
      membership,
      peers: () => membership.members.slice(1).map(({ id }) => id),
      answer: async (to, request) => {
        if (request.type !== "signed-head") throw new Error("nothing else is answered");
        nonces.push(request.nonce);
        return answer(
          request,
          membership.members.findIndex(({ id }) => equalBytes(id, to)),
        );
      },
      signingLog: {
        load: async () => [listens],
        append: async () => {},
        compact: async () => {},
      },
    });
    await rig.replica.start();
    await rig.pass(50);
    const heard = rig.replica.status().quiet?.listening?.heardPower;
    await rig.replica.stop();
    return { heard, nonces };
  }

  const signed = (
    request: Extract<SyncRequest, { readonly type: "signed-head" }>,
    by: number,
    changes: { readonly nonce?: Digest; readonly genesis?: Digest; readonly as?: number } = {},
  ): SyncResponse => {
    const { members } = createMembership([1, 1, 1, 1], "ed25519");
    const { nonce = request.nonce, genesis = GENESIS, as = by } = changes;
    const sequence = toSequence(0);
    const digest = GENESIS;
    const signer = members[by]?.signer;
    const validator = members[as]?.id;
    if (signer === undefined || validator === undefined) throw new Error("no such member");
    const signature = signer.sign(signableHead(genesis, { nonce, sequence, digest }));
    return { type: "signed-head", validator, sequence, digest, signature, seen: [] };
  };

  test("all that answer under the nonce, with the key of the set, are heard", async () => {
    const { heard, nonces } = await asked((request, at) => signed(request, at));

    expect(heard).toBe(3n);
    expect(new Set(nonces.map(String)).size).toBe(1);
    expect(nonces[0]?.length).toBe(32);
  });

  test.each([
    ["another nonce", { nonce: toDigest(new Uint8Array(32)) }],
    ["another chain", { genesis: toDigest(new Uint8Array(32)) }],
  ] as const)("an answer for %s counts for nothing", async (_, changes) => {
    const { heard } = await asked((request, at) => signed(request, at, changes));

    expect(heard).toBe(0n);
  });

  test("an answer in the name of somebody else counts for nobody", async () => {
    const others = await asked((request, at) => signed(request, 1, { as: at }));
    const own = await asked((request) => signed(request, 1));

    expect(others.heard).toBe(1n);
    expect(own.heard).toBe(1n);
  });

  test("each start asks under a nonce of its own", async () => {
    const first = await asked((request, at) => signed(request, at));
    const second = await asked((request, at) => signed(request, at));

    expect(equalBytes(first.nonces[0] ?? GENESIS, second.nonces[0] ?? GENESIS)).toBe(false);
  });
});

describe("one validator alone, whose log and database are lost", () => {
  /** Makes history that it once made final and that others keep. */
  async function history(length: number): Promise<readonly FinalizedBlock[]> {
    const rig = createRig();
    await rig.replica.start();
    for (let height = 0; height < length; height++) await rig.finalize();
    await rig.replica.stop();
    return rig.counter.blocks;
  }

  test.each([
    [0, false],
    [3, false],
    [0, true],
    [3, true],
  ])(
    "goes on from the %i blocks that others keep, whoever else claims more: %s",
    async (length, isLied) => {
      const blocks = await history(length);
      const [keeper, liar] = [2, 3].map((fill) => toAccountId(new Uint8Array(32).fill(fill)));
      if (keeper === undefined || liar === undefined) throw new Error("there are two");
      const top = (to: AccountId) =>
        toSequence(equalBytes(to, liar) && isLied ? 1_000_000 : length);
      const rig = createRig({
        log: createLog([listens]),
        peers: () => [liar, keeper],
        answer: async (to, request) => {
          const [digest, head] = [GENESIS, top(to)];
          if (request.type === "head")
            return { type: "head", sequence: head, digest, oldest: toSequence(1) };
          const kept = equalBytes(to, keeper) ? blocks : [];
          const found = request.type === "blocks" ? kept.slice(request.from - 1) : [];
          return found.length > 0 ? { type: "blocks", blocks: found } : { type: "absent", head };
        },
      });
      await rig.replica.start();
      await rig.pass(10_000);
      expect(rig.counter.blocks.slice(0, length)).toEqual(blocks);
      await rig.finalize();

      const own = rig.sent.flatMap((said) =>
        said.type === "commit" ? [Number(said.sequence)] : [],
      );
      expect(Math.min(...own)).toBe(length + 1);
      await rig.replica.stop();
    },
  );
});

describe("signFrom", () => {
  const entry = { type: "vote", phase: "commit", view: toView(0), digest: GENESIS } as const;
  const voted = (sequence: number): Uint8Array =>
    SigningRecord.encode({ entries: [{ ...entry, sequence: toSequence(sequence) }] });

  test("ends a listening, and nothing below the sequence is signed", () => {
    const log = signFrom({ records: [listens], sequence: toSequence(7) });
    const { replica } = replicaOf({ log });

    expect(replica.state.listening).toBeUndefined();
    expect(replica.state.floor).toBe(6);
    expect(quietOf(replica.state)).toMatchObject({ reason: "log-ahead", signsFrom: 7 });
  });

  test("forgets nothing that the log still knows", () => {
    const floor = SigningRecord.encode({ entries: [{ type: "floor", sequence: toSequence(3) }] });
    const log = signFrom({ records: [floor, voted(4), listens], sequence: toSequence(1) });
    const entries = decodeSigningLog(log);

    expect(entries).toContainEqual({ ...entry, sequence: 4 });
    expect(replicaOf({ log }).replica.state.floor).toBe(3);
  });

  test("a log that is gone altogether begins with it", () => {
    const log = signFrom({ records: [], sequence: toSequence(1) });

    expect(decodeSigningLog(log)).toEqual([{ type: "floor", sequence: 0 }]);
    expect(quietOf(replicaOf({ log }).replica.state)).toBeUndefined();
  });
});
