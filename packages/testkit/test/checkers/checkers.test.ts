import {
  type AccountId,
  assert,
  blockDigest,
  type FinalizedBlock,
  LedgerHeader,
  sha256,
  signableVote,
  toAmount,
  toDifficulty,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { type Application, createReplica, type ReplicaOptions } from "@aethel/pbft";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAccusationChecker } from "../../src/checkers/accusation.ts";
import { createAgreementChecker } from "../../src/checkers/agreement.ts";
import { createConservationChecker } from "../../src/checkers/conservation.ts";
import { createDatingChecker } from "../../src/checkers/dating.ts";
import {
  type ApplicationKind,
  type ChainApplication,
  counter,
  createTestNetwork,
  drawWorld,
  evidences,
  ledger,
  runWorld,
  TEST_CHAIN,
  TEST_PARAMETERS,
  TestkitError,
  type TestNetworkOptions,
} from "../../src/index.ts";

type Violation = Extract<TestkitError["fault"], { readonly code: "VIOLATION" }>;
type Spoil = (options: ReplicaOptions) => ReplicaOptions;

const world: TestNetworkOptions = {
  nodeCount: 4,
  application: counter,
  workEveryMs: 300,
  seed: 7,
};

describe("each checker finds its violation", () => {
  test("agreement: two nodes apply different blocks at one sequence", async () => {
    const [first] = await finalBlocks();
    assert(first !== undefined, "the world finalized blocks");
    const { block } = first.finalized;
    const header = { ...block.header, timestamp: toTimestamp(block.header.timestamp + 1) };
    const other = {
      ...first,
      node: 3,
      finalized: { ...first.finalized, block: { ...block, header } },
    };
    const checker = createAgreementChecker();

    expect(checker.observe(first)).toBeUndefined();
    expect(checker.observe({ ...first, node: 2 })).toBeUndefined();
    expect(checker.observe(other)).toContain("at sequence 1 node");
  });

  test("agreement: a quorum of half the power and a leader with two blocks fork a chain", async () => {
    const found = await searchViolation({ nodesMax: 5 }, smallQuorum, {
      onlyCheckers: ["agreement"],
      strategies: ["equivocating-leader", "double-voter"],
    });

    expect(found?.checker).toBe("agreement");
  });

  test("sequence: a node comes back without the blocks that it had applied", async () => {
    const forgetful: ApplicationKind = {
      ...counter,
      create: async (genesis) => {
        const chain = await counter.create(genesis);
        return { ...chain, createNode: () => () => chain.createNode()() };
      },
    };
    await using network = await createTestNetwork({ ...world, application: forgetful });
    await network.run(5_000);
    await network.crash(1);

    await expect(network.restart(1)).rejects.toMatchObject({
      fault: { code: "VIOLATION", checker: "sequence" },
    });
  });

  test("certificates: replicas that take half of the power for a quorum", async () => {
    const found = await searchViolation({ nodesMax: 5 }, smallQuorum, {
      onlyCheckers: ["certificates"],
    });

    expect(found?.checker).toBe("certificates");
    expect(found?.reason).toContain("no-quorum");
  });

  test("certificates: replicas that do not look at signatures", async () => {
    const found = await searchViolation(
      { nodesMax: 5 },
      (options) => ({ ...options, verify: () => true }),
      { strategies: ["impersonator"] },
    );

    expect(found?.checker).toBe("certificates");
    expect(found?.reason).toContain("bad-signature");
  });

  test("dating: a node votes for a block dated ahead of its clock, or long behind it", async () => {
    const [first] = await finalBlocks();
    assert(first !== undefined, "the world finalized blocks");
    const { block } = first.finalized;
    const { clockPrecisionMs, maxDriftMs } = TEST_PARAMETERS;
    const objection = (aheadMs: number, isDisturbed: boolean): string | undefined => {
      const { observe } = createDatingChecker(TEST_PARAMETERS);
      const clockMs = block.header.timestamp - aheadMs;
      const digest = blockDigest(block.header);
      const vote = { sequence: block.header.sequence, view: toView(0), digest };
      observe({ type: "verified", node: 1, block });
      if (isDisturbed) observe({ type: "disturbed", node: 1 });
      return observe({
        type: "said",
        node: 1,
        clockMs,
        message: {
          type: "prepare",
          ...vote,
          voter: toValidatorIndex(1),
          signature: toSignature(new Uint8Array(64)),
        },
      });
    };

    expect(objection(clockPrecisionMs, false)).toBeUndefined();
    expect(objection(clockPrecisionMs + 1, false)).toContain("ahead of its clock");
    expect(objection(-maxDriftMs - 8_000, false)).toBeUndefined();
    expect(objection(-maxDriftMs - 8_001, false)).toContain("ahead of its clock");
    expect(objection(3_600_000, true)).toBeUndefined();
  });

  test("double signing: replicas that sign before anything is on the disk", async () => {
    const found = await searchViolation({ nodesMax: 4 }, (options) => ({
      ...options,
      signingLog: { ...options.signingLog, load: async () => [] },
    }));

    expect(found?.checker).toBe("double-signing");
  });

  test("judging: a replica that votes without asking its application", async () => {
    const found = await violationOf({
      ...world,
      createReplica: spoiled((options) => {
        const { application } = options;
        const verify: Application["verify"] = async () => ({ type: "accepted" });
        return { ...options, application: { ...application, verify } };
      }),
    });

    expect(found?.checker).toBe("judging");
  });

  test("validity: final blocks that the auditor refuses", async () => {
    let opened = 0;
    const nodes = 4;
    const strict: ApplicationKind = {
      ...counter,
      create: async (genesis) => {
        const chain = await counter.create(genesis);
        const createNode: typeof chain.createNode = () => {
          opened += 1;
          const isAuditor = opened > nodes;
          const open = chain.createNode();
          return async () => {
            const { application, submit } = await open();
            const verify: Application["verify"] = async () => ({ type: "refused", reason: "no" });
            const judged = isAuditor ? { ...application, verify } : application;
            return { application: judged, submit };
          };
        };
        return { ...chain, createNode };
      },
    };
    const found = await violationOf({ ...world, application: strict });

    expect(found?.checker).toBe("validity");
  });

  test("conservation: supply that appears between blocks, or beyond the schedule", async () => {
    const [first] = await finalBlocks();
    assert(first !== undefined, "the world finalized blocks");
    const withSupply = (supplyAfter: bigint): typeof first => {
      const { block } = first.finalized;
      const application = LedgerHeader.encode({
        callResultsRoot: block.header.payloadRoot,
        stateRootBefore: block.header.payloadRoot,
        stateRootAfter: block.header.payloadRoot,
        supplyBefore: toAmount(0n),
        supplyAfter: toAmount(supplyAfter),
        totalDifficulty: toDifficulty(0),
        judgeVersion: 1,
      });
      const header = { ...block.header, application };
      return { ...first, finalized: { ...first.finalized, block: { ...block, header } } };
    };
    const create = () => createConservationChecker({ supply: 0n, scheduled: () => 0n });

    expect(create().observe(withSupply(0n))).toBeUndefined();
    expect(create().observe(withSupply(1n))).toContain("is above 0");
    const other = createConservationChecker({ supply: 5n, scheduled: () => 0n });
    expect(other.observe(withSupply(0n))).toContain("its parent left 5");
  });

  test("accusation: evidence against an honest node, or evidence that convicts nobody", async () => {
    const [chain, item] = [TEST_CHAIN, fc.sample(evidences({ kind: "double-vote" }), 1)[0]];
    assert(item?.type === "double-vote", "there is evidence");
    const create = (honest: readonly AccountId[]) =>
      createAccusationChecker({ genesis: chain.genesis, honest });
    const accused = { type: "accused", node: 0, evidence: item } as const;
    const damaged = { ...accused, evidence: { ...item, view: toView(item.view + 1) } };

    expect(create([]).observe(accused)).toBeUndefined();
    expect(create([item.validator]).observe(accused)).toContain("which is honest");
    expect(create([]).observe(damaged)).toContain("bad-signature");
  });

  test("inclusion: a proof that all nodes take and no leader proposes", async () => {
    const forgetting: ApplicationKind = {
      ...counter,
      create: async (genesis, more) => {
        const chain = await counter.create(genesis, more);
        return { ...chain, createNode: () => censored(chain.createNode()) };
      },
    };
    const options = { ...world, application: forgetting, onlyCheckers: ["inclusion"] };

    const found = await failureOf(runWorld(options, { faultsMs: 1_000, blocks: 20 }));

    expect(found).toMatchObject({ code: "VIOLATION", checker: "inclusion" });
    expect(
      await failureOf(runWorld({ ...world, onlyCheckers: ["inclusion"] }, { blocks: 20 })),
    ).toBe(undefined);
  });

  test("inclusion: on the ledger as well, and a proof that was let go is not demanded", async () => {
    const forgetting: ApplicationKind = {
      ...ledger,
      create: async (genesis, more) => {
        const chain = await ledger.create(genesis, more);
        return { ...chain, createNode: () => censored(chain.createNode()) };
      },
    };
    const options = { ...world, application: forgetting, onlyCheckers: ["inclusion"] };
    const sound = { ...world, application: ledger, strategies: ["censor"], byzantineCount: 1 };

    const found = await failureOf(runWorld(options, { faultsMs: 1_000, blocks: 20 }));

    expect(found).toMatchObject({ code: "VIOLATION", checker: "inclusion" });
    expect(await failureOf(runWorld(sound, { faultsMs: 1_000, blocks: 20 }))).toBe(undefined);
  });

  test("slashing: an honest replica of which evidence gets into a block", async () => {
    let made = 0;
    const found = await violationOf({
      ...world,
      application: ledger,
      onlyCheckers: ["slashing"],
      createReplica: (options) => {
        made += 1;
        return createReplica(made === 1 ? votingTwice(options) : options);
      },
    });

    expect(found?.checker).toBe("slashing");
    expect(found?.reason).toContain("who is honest");
  });

  test("progress: replicas whose messages never leave", async () => {
    await using network = await createTestNetwork({
      ...world,
      createReplica: spoiled((options) => ({
        ...options,
        transport: { ...options.transport, broadcast: () => undefined, send: () => undefined },
      })),
    });

    await expect(network.expectProgress({ boundMs: 60_000 })).rejects.toMatchObject({
      fault: { code: "VIOLATION", checker: "progress" },
    });
  });

  test("replica: one that finds its disk damaged does not start, and that is reported", async () => {
    await using network = await createTestNetwork({
      ...world,
      createReplica: spoiled((options) => ({
        ...options,
        signingLog: {
          ...options.signingLog,
          load: async () => {
            const records = await options.signingLog.load();
            if (records.length > 0) throw new Error("damaged");
            return records;
          },
        },
      })),
      actions: [{ type: "crash", node: 1, atMs: 2_000, forMs: 500 }],
    });
    const fault = await failureOf(network.run(5_000));

    expect(fault?.code === "VIOLATION" ? fault.reason : "").toContain("damaged");
  });

  test("replica: one whose application fails stops, and that is reported", async () => {
    const found = await violationOf({ ...world, createReplica: spoiled(stateless) });

    expect(found?.checker).toBe("replica");
    expect(found?.reason).toContain("no state");
  });

  test("progress: no signing log accepts a record, so no node signs", async () => {
    await using network = await createTestNetwork({ ...world, createReplica: spoiled(diskless) });

    await expect(network.expectProgress({ boundMs: 60_000 })).rejects.toMatchObject({
      fault: { code: "VIOLATION", checker: "progress" },
    });
  });
});

describe("a violation", () => {
  test("prints one command, and the world in it shows the same violation again", async () => {
    const seeds = await searchViolation({ nodesMax: 5 }, smallQuorum);
    assert(seeds !== undefined, "the wrong quorum is found");
    const json = /^npm run sim -- replay '(?<json>.*)'$/.exec(seeds.replay)?.groups?.["json"];
    assert(json !== undefined, "the command has the world");
    const { untilMs, ...options } = JSON.parse(json);

    const again = await violationOf(
      { ...options, createReplica: spoiled(smallQuorum) },
      { runMs: untilMs },
    );

    expect(again).toEqual(seeds);
  });

  test("stops the world for good", async () => {
    await using network = await createTestNetwork({ ...world, createReplica: spoiled(stateless) });
    const first = await failureOf(network.run(5_000));

    expect(first?.code).toBe("VIOLATION");
    expect(await failureOf(network.run(1))).toBe(first);
  });
});

/** Takes half of the power for all of it: two disjoint halves can both have a "quorum". */
const smallQuorum: Spoil = (options) => {
  const { application } = options;
  const shrink = (head: ReturnType<Application["head"]>): typeof head => {
    const validators = {
      ...head.validators,
      totalPower: ((head.validators.totalPower * 3n) / 5n) as typeof head.validators.totalPower,
    };
    return {
      ...head,
      validators,
      previousValidators: { ...head.previousValidators, totalPower: validators.totalPower },
    };
  };
  return {
    ...options,
    application: {
      ...application,
      head: () => shrink(application.head()),
      commit: async (...given) => shrink(await application.commit(...given)),
    },
  };
};

/** Adds to each PREPARE one for a block that nobody proposed, without the replica's noticing. */
const votingTwice: Spoil = (options) => {
  const { transport, signer, genesis } = options;
  const broadcast: typeof transport.broadcast = (message) => {
    transport.broadcast(message);
    if (message.type !== "prepare") return;
    const other = { ...message, digest: sha256(message.digest) };
    transport.broadcast({
      ...other,
      signature: signer.sign(signableVote("prepare", genesis, other)),
    });
  };
  return { ...options, transport: { ...transport, broadcast }, ignoresOwnSignatures: true };
};

/** Fails to apply final blocks. */
const stateless: Spoil = (options) => {
  const commit = (): Promise<never> => Promise.reject(new Error("no state"));
  return { ...options, application: { ...options.application, commit } };
};

/** Fails to write anything, new files included. */
const diskless: Spoil = (options) => {
  const refuse = (): Promise<never> => Promise.reject(new Error("no disk"));
  return { ...options, signingLog: { ...options.signingLog, append: refuse, compact: refuse } };
};

function spoiled(spoil: Spoil): typeof createReplica {
  return (options) => createReplica(spoil(options));
}

async function finalBlocks(): Promise<
  readonly {
    type: "applied";
    node: number;
    finalized: FinalizedBlock;
    head: ReturnType<Application["head"]>;
  }[]
> {
  const seen: Awaited<ReturnType<typeof finalBlocks>>[number][] = [];
  await using network = await createTestNetwork({
    ...world,
    checkers: [
      {
        name: "collector",
        observe: (observation) => {
          if (observation.type === "applied") seen.push(observation);
          return undefined;
        },
      },
    ],
  });
  await network.run(2_000);
  return seen;
}

/** Takes every second proof and forgets it. */
function censored(
  open: ReturnType<ChainApplication["createNode"]>,
): ReturnType<ChainApplication["createNode"]> {
  return async () => {
    const opened = await open();
    let count = 0;
    return {
      ...opened,
      submit: (proof) => {
        count += 1;
        return count % 2 === 0 ? "accepted" : opened.submit(proof);
      },
    };
  };
}

/** Searches for the first violation in up to 60 random worlds of a wrong engine. */
async function searchViolation(
  bounds: { readonly nodesMax: number },
  spoil: Spoil,
  more: Partial<TestNetworkOptions> = {},
): Promise<Violation | undefined> {
  for (let seed = 1; seed <= 60; seed++) {
    const found = await failureOf(
      runWorld({ ...drawWorld({ seed, ...bounds }), createReplica: spoiled(spoil), ...more }),
    );
    if (found?.code === "VIOLATION") return found;
  }
  return undefined;
}

async function violationOf(
  options: TestNetworkOptions,
  { runMs = 10_000 }: { readonly runMs?: number } = {},
): Promise<Violation | undefined> {
  await using network = await createTestNetwork(options);
  const fault = await failureOf(network.run(runMs));
  return fault?.code === "VIOLATION" ? fault : undefined;
}

async function failureOf(run: Promise<unknown>): Promise<TestkitError["fault"] | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    if (error instanceof TestkitError) return error.fault;
    throw error;
  }
}
