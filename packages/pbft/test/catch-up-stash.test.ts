import {
  blockDigest,
  createCertificate,
  type Digest,
  type FinalizedBlock,
  type ProofBlock,
  sha256,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createConfig, createState, type Occurrence, signStatement } from "../src/index.ts";
import { CatchUpStash } from "../src/replica/catch-up-stash.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { rigParameters } from "./rig.ts";

const membership = createMembership([1, 1, 1, 1]);
const { set, members, verify } = membership;
const elsewhere: Digest = sha256(new TextEncoder().encode("the end of another chain"));

describe("catch-up", () => {
  test("a block that all have signed and that follows another head is dropped", () => {
    const { counter, stash, inputs } = create();
    const right = finalized(blockOn(counter));
    const other = finalized(blockOn(counter, elsewhere));

    expect(stash.blocks([other])).toBe(false);
    expect(inputs).toEqual([]);
    expect(stash.blocks([right])).toBe(true);
    expect(inputs).toEqual([{ type: "finalized", finalized: right }]);
  });

  test("what came with it is dropped too: more must be fetched", () => {
    const { counter, stash, inputs } = create();
    const other = finalized(blockOn(counter, elsewhere));
    stash.blocks([other, finalized(blockOn(counter))]);

    expect(stash.feed()).toBe(false);
    expect(inputs).toEqual([]);
  });
});

/** A stash of a replica that stands at the genesis. */
function create(): {
  readonly counter: Counter;
  readonly stash: CatchUpStash;
  readonly inputs: Occurrence[];
} {
  const counter = new Counter(GENESIS, set);
  const [member] = members;
  if (member === undefined) throw new Error("there is one");
  const config = createConfig({ genesis: GENESIS, id: member.id, parameters: rigParameters });
  const state = createState(config, counter.head);
  const inputs: Occurrence[] = [];
  const stash = new CatchUpStash({
    options: { genesis: GENESIS, verify },
    state: () => state,
    input: (occurrence) => inputs.push(occurrence),
    emit: () => {},
  });
  return { counter, stash, inputs };
}

function blockOn(counter: Counter, parent = counter.head.digest): ProofBlock {
  const [member] = members;
  const block = counter.propose({
    sequence: toSequence(1),
    timestamp: toTimestamp(1_000),
    parentCertificate: undefined,
    evidence: [],
    reason: "heartbeat",
    proposer: member?.id ?? counter.head.header.proposer,
  });
  if (block === undefined) throw new Error("a heartbeat has a block");
  return { ...block, header: { ...block.header, parent } };
}

/** The block with the COMMIT of everybody. */
function finalized(block: ProofBlock): FinalizedBlock {
  const { sequence } = block.header;
  const vote = { sequence, view: toView(0), digest: blockDigest(block.header) };
  const votes = members.map(({ signer }, index) => {
    const statement = { type: "commit", ...vote, voter: toValidatorIndex(index) } as const;
    const message = signStatement({ statement, genesis: GENESIS, signer });
    if (message.type !== "commit") throw new Error("a COMMIT");
    return message;
  });
  return { block, certificate: createCertificate({ phase: "commit", vote, set, votes }) };
}
