import {
  type Block,
  type Digest,
  type FinalizedBlock,
  sha256,
  toSequence,
  toSignature,
  toTimestamp,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createConfig, createState, type Occurrence, type PeerName } from "../src/index.ts";
import { CatchUpStash } from "../src/replica/catch-up-stash.ts";
import { certifiedByAll } from "./commit-certificate.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { rigParameters } from "./rig.ts";

const membership = createMembership([1, 1, 1, 1]);
const { set, members, verify } = membership;
const [honest, liar] = members.slice(1).map(({ id }) => id) as [PeerName, PeerName];
const first = toSequence(1);
const elsewhere: Digest = sha256(new TextEncoder().encode("the end of another chain"));

describe("catch-up", () => {
  test("a block that all have signed and that follows another head is dropped", () => {
    const { counter, stash, inputs, blamed } = create();
    const right = finalized(blockOn(counter));
    const other = finalized(blockOn(counter, elsewhere));

    stash.blocks(first, [other], liar);
    expect([inputs, blamed]).toEqual([[], [liar]]);
    stash.blocks(first, [right], honest);
    expect(inputs).toEqual([{ type: "finalized", finalized: right }]);
    expect(blamed).toEqual([liar]);
  });

  test("all that its sender gave is dropped with it, and what others gave is kept", () => {
    const { counter, stash } = create();
    const two = toSequence(2);
    stash.blocks(two, [finalized(blockOn(counter, elsewhere, 2))], honest);
    stash.blocks(toSequence(3), [finalized(blockOn(counter, elsewhere, 3))], liar);
    stash.blocks(first, [finalized(blockOn(counter, elsewhere))], liar);

    expect([1, 2, 3].map((at) => stash.holds(at))).toEqual([false, true, false]);
    expect(stash.bytes()).toBeGreaterThan(0);
  });

  test("an answer that is no chain is wrong before any signature is looked at", () => {
    const { counter, stash, inputs } = create();
    const one = finalized(blockOn(counter));
    const loose = finalized(blockOn(counter, elsewhere, 2));
    const renamed = { ...one, certificate: { ...one.certificate, digest: elsewhere } };

    expect(stash.blocks(first, [one, loose], liar)).toBeUndefined();
    expect(stash.blocks(first, [renamed], liar)).toBeUndefined();
    expect(stash.blocks(toSequence(2), [one], liar)).toBeUndefined();
    expect([inputs, stash.bytes()]).toEqual([[], 0]);
  });

  test("blocks far beyond the head are not held, whoever sends them", () => {
    const { counter, stash } = create();
    const far = toSequence(1_000);
    stash.blocks(far, [finalized(blockOn(counter, elsewhere, far))], honest);

    expect([stash.holds(far), stash.bytes()]).toEqual([false, 0]);
  });

  test("a chain whose last block the current set has not signed is wrong, however far ahead it is", () => {
    const { counter, stash } = create();
    const two = toSequence(2);
    const right = finalized(blockOn(counter, elsewhere, 2));

    expect(stash.blocks(two, [unsigned(right)], liar)).toBeUndefined();
    expect([stash.holds(2), stash.bytes()]).toEqual([false, 0]);
    expect(stash.blocks(two, [right], honest)).toBeGreaterThan(0);
    expect(stash.holds(2)).toBe(true);
  });

  test("blocks of another set wait until that set is known", () => {
    const { counter, stash } = create();
    const block = blockOn(counter, elsewhere, 2);
    const header = { ...block.header, validators: elsewhere };
    const other = unsigned(finalized({ ...block, header }));

    expect(stash.blocks(toSequence(2), [other], honest)).toBeGreaterThan(0);
    expect(stash.holds(2)).toBe(true);
  });
});

/** A stash of a replica that stands at the genesis. */
function create(): {
  readonly counter: Counter;
  readonly stash: CatchUpStash;
  readonly inputs: Occurrence[];
  readonly blamed: PeerName[];
} {
  const counter = new Counter(GENESIS, set);
  const [member] = members;
  if (member === undefined) throw new Error("there is one");
  const config = createConfig({ genesis: GENESIS, id: member.id, parameters: rigParameters });
  const state = createState(config, counter.head);
  const inputs: Occurrence[] = [];
  const blamed: PeerName[] = [];
  const stash = new CatchUpStash({
    options: { genesis: GENESIS, verify },
    state: () => state,
    input: (occurrence) => inputs.push(occurrence),
    emit: () => {},
    blame: (peer) => blamed.push(peer),
  });
  return { counter, stash, inputs, blamed };
}

function blockOn(counter: Counter, parent = counter.head.digest, sequence = 1): Block {
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
  return { ...block, header: { ...block.header, parent, sequence: toSequence(sequence) } };
}

/** The block with the COMMIT of everybody. */
function finalized(block: Block): FinalizedBlock {
  return { block, certificate: certifiedByAll(membership, block) };
}

/** The same with signatures that nobody has made. */
function unsigned({ block, certificate }: FinalizedBlock): FinalizedBlock {
  const { seal } = certificate;
  const signatures = seal.signatures.map(() => toSignature(new Uint8Array(64)));
  return { block, certificate: { ...certificate, seal: { ...seal, signatures } } };
}
