import { KEY_KIND, OffenceRecord, ValidatorRecord } from "@aethel/ledger";
import {
  assert,
  type Evidence,
  type StateChange,
  type StateTransition,
  toAmount,
  toSequence,
} from "@aethel/models";
import { beforeAll, describe, expect, test } from "vitest";
import { namedIntents } from "../../src/applications/ledger/ledger-work.ts";
import { createSlashingFinder, type SlashedBlock } from "../../src/checkers/slashing/slashing.ts";
import { createTestNetwork } from "../../src/index.ts";

/** A real chain on which somebody was slashed; its blocks can be falsified. */
interface Chain {
  readonly options: Parameters<typeof createSlashingFinder>[0];
  readonly blocks: readonly SlashedBlock[];
  /** Position of the first block with evidence. */
  readonly first: number;
}

let chain: Chain;

beforeAll(async () => {
  chain = await slashedChain();
});

describe("the slashing checker", () => {
  test("does not object to a real chain", () => {
    expect(faultIn(chain.blocks)).toBeUndefined();
  });

  test("objects to evidence against an honest node", () => {
    const accused = evidenceIn(chain.blocks)[0]?.validator;
    assert(accused !== undefined, "somebody is accused");

    expect(faultIn(chain.blocks, { honest: [accused] })).toContain("who is honest");
  });

  test("objects to one offence in two blocks", () => {
    const [again] = evidenceIn(chain.blocks);
    assert(again !== undefined, "somebody is accused");
    const spoilt = chain.blocks.map((each, at) =>
      at === chain.first + 1 ? withEvidence(each, [again]) : each,
    );

    expect(faultIn(spoilt)).toContain("is punished twice");
  });

  test("objects to three votes in one place that are punished as two offences", () => {
    const spoilt = spoilFirst((each) => {
      const [one, ...more] = each.block.evidence;
      return one === undefined ? each : withEvidence(each, [one, one, ...more]);
    });

    expect(faultIn(spoilt)).toContain("is punished twice");
  });

  test("objects to an amount that is a micro-token off", () => {
    const spoilt = spoilFirst((each) =>
      withChanges(each, KEY_KIND.offence, (after) => {
        const record = OffenceRecord.decode(after);
        return OffenceRecord.encode({ ...record, slashed: toAmount(record.slashed + 1n) });
      }),
    );

    expect(faultIn(spoilt)).toContain("in the records, and should");
  });

  test("objects to another part of the stake than the chain's", () => {
    const { genesis } = chain.options;
    // More than the epoch boundary raises it to.
    const parameters = { ...genesis.parameters, slashDoubleSignBasisPoints: 9_000 };

    const fault = faultIn(chain.blocks, { genesis: { ...genesis, parameters } });
    expect(fault).toContain("in the records, and should");
  });

  test("objects to a total that is raised too far, or not at all", () => {
    const { genesis } = chain.options;
    const parameters = { ...genesis.parameters, epochMs: 1_000_000_000 };
    const validators = genesis.validators.map((one) => ({
      ...one,
      stake: toAmount(one.stake * 2n),
    }));

    for (const other of [{ parameters }, { validators }]) {
      const fault = faultIn(chain.blocks, { genesis: { ...genesis, ...other } });
      expect(fault).toMatch(/in the records, and should|and should have/);
    }
  });

  test("objects to evidence by a key that the set of its sequence does not name", () => {
    const spoilt = spoilFirst((each) => {
      const [one, ...more] = each.block.evidence;
      const key = chain.options.genesis.validators[1]?.key;
      if (one === undefined || key === undefined) return each;
      return withEvidence(each, [{ ...one, key }, ...more]);
    });

    expect(faultIn(spoilt)).toContain("a key that no set named");
  });

  test("objects to a convict that is not ejected", () => {
    const spoilt = spoilFirst((each) =>
      withChanges(each, KEY_KIND.validator, (after) => {
        const record = ValidatorRecord.decode(after);
        if (record.offences === 0) return after;
        return ValidatorRecord.encode({ ...record, status: "active" });
      }),
    );

    expect(faultIn(spoilt)).toContain("is convicted and active");
  });

  test("objects to stake that stays, or falls without a reason", () => {
    for (const by of [1n, -1n]) {
      const spoilt = spoilFirst((each) =>
        withChanges(each, KEY_KIND.validator, (after) => {
          const record = ValidatorRecord.decode(after);
          return ValidatorRecord.encode({ ...record, stake: toAmount(record.stake + by) });
        }),
      );

      expect(faultIn(spoilt)).toContain("and should have");
    }
  });

  test("objects to a slash that reaches the treasury in part", () => {
    const spoilt = spoilFirst((each) => ({
      ...each,
      receipts: each.receipts.map((one, at) =>
        at === 0 ? { ...one, fee: toAmount(one.fee + 1n) } : one,
      ),
    }));

    expect(faultIn(spoilt)).toContain("the treasury gained");
  });

  test("objects to an offence record that is written over", () => {
    const spoilt = spoilFirst((each) => {
      const changes = each.transition.changes.map((change): StateChange => {
        const { key, after } = change;
        if (key[0] !== KEY_KIND.offence || after === undefined) return change;
        const record = { ...OffenceRecord.decode(after), sequence: toSequence(0) };
        return { ...change, before: OffenceRecord.encode(record) };
      });
      return { ...each, transition: { ...each.transition, changes } };
    });

    expect(faultIn(spoilt)).toContain("written over");
  });

  test("objects to a jail for an offence", () => {
    const spoilt = spoilFirst((each) =>
      withChanges(each, KEY_KIND.validator, (after) => {
        const record = ValidatorRecord.decode(after);
        if (record.offences === 0) return after;
        return ValidatorRecord.encode({ ...record, status: "jailed", absent: 0 });
      }),
    );

    expect(faultIn(spoilt)).toContain("is jailed, and was not absent");
  });
});

function faultIn(
  blocks: readonly SlashedBlock[],
  other: Partial<Chain["options"]> = {},
): string | undefined {
  const find = createSlashingFinder({ ...chain.options, ...other });
  for (const each of blocks) {
    const fault = find(each);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function spoilFirst(spoil: (block: SlashedBlock) => SlashedBlock): readonly SlashedBlock[] {
  return chain.blocks.map((each, at) => (at === chain.first ? spoil(each) : each));
}

function evidenceIn(blocks: readonly SlashedBlock[]): readonly Evidence[] {
  return blocks.flatMap(({ block }) => block.evidence);
}

function withEvidence(slashed: SlashedBlock, evidence: readonly Evidence[]): SlashedBlock {
  return { ...slashed, block: { ...slashed.block, evidence } };
}

function withChanges(
  slashed: SlashedBlock,
  kind: number,
  spoil: (after: Uint8Array) => Uint8Array,
): SlashedBlock {
  const changes = slashed.transition.changes.map((change): StateChange => {
    const { key, after } = change;
    return key[0] === kind && after !== undefined ? { ...change, after: spoil(after) } : change;
  });
  const transition: StateTransition = { ...slashed.transition, changes };
  return { ...slashed, transition };
}

async function slashedChain(): Promise<Chain> {
  await using network = await createTestNetwork({
    nodeCount: 4,
    powers: [3, 4, 3, 3],
    seed: 2,
    strategies: ["triple-voter"],
    network: { byzantineIds: [0] },
    workEveryMs: 150,
    onlyCheckers: [],
  });
  const ledger = network.nodes[1]?.ledger;
  assert(ledger !== undefined, "the second node is up");
  const done: Omit<SlashedBlock, "block">[] = [];
  ledger.subscribe((event) => {
    if (event.type === "finalized") done.push(event);
  });
  await network.run(8_000);
  const blocks = await Promise.all(
    done.map(async ({ transition, receipts }) => {
      const final = await ledger.finalized(transition.sequence);
      assert(final !== undefined, "a ledger keeps its blocks");
      return { block: final.block, transition, receipts };
    }),
  );
  // The block holds a proof, so that fees go to the treasury too.
  const first = blocks.findIndex(
    ({ block }) => block.evidence.length > 0 && block.items.length > 0,
  );
  assert(first >= 0 && first + 1 < blocks.length, "there is a slash, and a block after it");
  const { genesis } = network;
  return { options: { genesis, honest: [], intents: namedIntents(genesis) }, blocks, first };
}
