import {
  type Block,
  blockDigest,
  type ConsensusMessage,
  type Evidence,
  outlineOf,
  sha256,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
  type ValidatorIndex,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaderOf, signStatement } from "../src/index.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS, type Member } from "./keys.ts";
import { createRig, type Rig } from "./rig.ts";

const base = createMembership([1, 1, 1, 1], "ed25519");
const unsigned = toSignature(new Uint8Array(64));
const LEAD = leaderOf(base.set, toSequence(1), toView(0));

/** A replica that does not lead, and the three others, the leader first. */
function createFollower(answer: "block" | "absent"): {
  readonly rig: Rig;
  readonly block: Block;
  readonly others: readonly Member[];
  readonly real: Extract<ConsensusMessage, { type: "pre-prepare" }>;
} {
  const rest = base.members.filter((_, at) => at !== LEAD);
  const [own, ...followers] = rest;
  const leader = base.members[LEAD];
  if (own === undefined || leader === undefined) throw new Error("four of them");
  const others = [leader, ...followers];
  const app = new Counter(GENESIS, base.set);
  app.pending = 1;
  const block = app.propose({
    sequence: toSequence(1),
    timestamp: toTimestamp(2_000),
    proposer: leader.id,
    parentCertificate: undefined,
    evidence: [],
    reason: "work",
  });
  if (block === undefined) throw new Error("there is work");
  const rig = createRig({
    membership: { ...base, members: [own, ...others] },
    peers: () => others.map(({ id }) => id),
    answer: async (_, { type }) =>
      type === "block" && answer === "block"
        ? { type: "block", block }
        : { type: "absent", head: toSequence(0) },
  });
  const digest = blockDigest(block.header);
  const proposal = { sequence: toSequence(1), view: toView(0), digest, leader: LEAD };
  const statement = { type: "pre-prepare", proposal, outline: outlineOf(block) } as const;
  const real = signStatement({ statement, genesis: GENESIS, signer: leader.signer });
  if (real.type !== "pre-prepare") throw new Error("a proposal");
  return { rig, block, others, real };
}

const evidenceOf = (serial: number): Evidence => ({
  type: "double-vote",
  validator: base.set.validators[0]?.id as never,
  key: base.set.validators[0]?.key as never,
  phase: "prepare",
  sequence: toSequence(1),
  view: toView(serial),
  first: { digest: sha256(new Uint8Array([1])), signature: unsigned },
  second: { digest: sha256(new Uint8Array([2])), signature: unsigned },
});

/** The same block with something else in it, as whoever relays it can make it. */
function exchanged(block: Block, part: "header" | "body", serial: number): Block {
  if (part === "body") return { ...block, evidence: [evidenceOf(serial)] };
  return { ...block, header: { ...block.header, timestamp: toTimestamp(serial) } };
}

function preparesOf(rig: Rig): number {
  return rig.sent.filter(({ type }) => type === "prepare").length;
}

describe("what others do to a proposal on its way", () => {
  const copies = fc.array(
    fc.record({
      part: fc.constantFrom("header", "body"),
      by: fc.constantFrom("nobody", "stranger", "validator"),
    }),
    { minLength: 1, maxLength: 20 },
  );

  test("P10: however often its block was exchanged, the proposal counts, and the right block is found", async () => {
    await fc.assert(
      fc.asyncProperty(copies, fc.boolean(), async (all, isRelayed) => {
        const few = all.filter(({ part }) => part === "body").length < 8;
        // Few wrong ones: the right one that comes is looked at. Many: it is got by its digest.
        const { rig, block, others, real } = createFollower(few ? "absent" : "block");
        await rig.replica.start();
        await rig.pass(2_000);
        const senders = {
          nobody: undefined,
          stranger: new Uint8Array(32).fill(9) as never,
          validator: others[1]?.id,
        };
        for (const [serial, { part, by }] of all.entries()) {
          const wrong = { ...real, outline: outlineOf(exchanged(block, part, serial + 1)) };
          rig.handlers().message(wrong, senders[by]);
          await rig.pass(1);
        }
        rig.handlers().message(real, isRelayed ? undefined : others[0]?.id);
        await rig.pass(100);

        expect(preparesOf(rig)).toBeGreaterThan(0);
        await rig.replica.stop();
      }),
      { numRuns: 40 },
    );
  });

  test("forged messages in the name of one validator bar nothing that others said and somebody relays", async () => {
    for (const isLater of [false, true]) {
      const from = undefined;
      const { rig, others, real } = createFollower("absent");
      await rig.replica.start();
      await rig.pass(2_000);
      const [leader, second, third] = others;
      if (leader === undefined || second === undefined || third === undefined) return;
      const indexOf = ({ id }: Member): ValidatorIndex =>
        toValidatorIndex(base.members.findIndex((member) => member.id === id));
      for (let view = 0; view < 2_000; view++) {
        const vote = { sequence: toSequence(1), view: toView(view), voter: indexOf(third) };
        const signature = toSignature(new Uint8Array(64).fill(view & 255));
        const { digest } = real.proposal;
        rig.handlers().message({ type: "prepare", ...vote, digest, signature }, from);
      }
      if (isLater) await rig.pass(0);
      rig.handlers().message(real, from);
      for (const type of ["prepare", "commit"] as const) {
        for (const voter of [leader, second]) {
          const { sequence, view, digest } = real.proposal;
          const statement = { type, sequence, view, digest, voter: indexOf(voter) } as const;
          const { signer } = voter;
          rig.handlers().message(signStatement({ statement, genesis: GENESIS, signer }), from);
        }
        await rig.pass(20);
      }

      expect(rig.counter.head.header.sequence).toBe(1);
      await rig.replica.stop();
    }
  });
});
