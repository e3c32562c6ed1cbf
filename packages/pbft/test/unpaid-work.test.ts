import crypto from "node:crypto";
import {
  type AccountId,
  blockDigest,
  type ConsensusMessage,
  type Evidence,
  equalBytes,
  outlineOf,
  sha256,
  signableHead,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isNews, RELAYED_PLACES } from "../src/evidence/pending.ts";
import { verificationLimit } from "../src/inbox/sender-budget.ts";
import { leaderOf, type Statement, signStatement } from "../src/index.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS, type Membership } from "./keys.ts";
import { listens } from "./listener.ts";
import { createRig, rigParameters } from "./rig.ts";
import { at, createRuleStage } from "./rule-stage.ts";

afterEach(() => vi.restoreAllMocks());

const digest = sha256(new Uint8Array([7]));
const junk = toSignature(new Uint8Array(64));

/** A vote that nobody signed. */
function forged(options: { sequence: number; view: number; by: number }): ConsensusMessage {
  const { sequence, view, by } = options;
  const where = { sequence: toSequence(sequence), view: toView(view), digest };
  return { type: "prepare", ...where, voter: toValidatorIndex(by), signature: junk };
}

function signedBy(membership: Membership, index: number, statement: Statement): ConsensusMessage {
  const { signer } = at(membership.members, index);
  return signStatement({ statement, genesis: GENESIS, signer });
}

describe("what an answer to a question for signed heads brings besides", () => {
  const membership = createMembership([1, 1, 1, 1], "ed25519");
  const { set, members } = membership;
  const names = Array.from({ length: 512 }, (_, seed) => sha256(new Uint8Array([seed & 255])));

  /** A proposal of each validator, the asker too, with an outline of many names that is wrong. */
  function seenOf(leader: number, view: number): ConsensusMessage {
    const right = outlineOf(at(createRuleStage(3).blocks, 0));
    const outline = { ...right, items: names };
    const where = { sequence: toSequence(1), view: toView(view) };
    const named = { digest: blockDigest(right.header), leader: toValidatorIndex(leader) };
    const proposal = { ...where, ...named };
    return signedBy(membership, leader, { type: "pre-prepare", proposal, outline });
  }

  /** Hashes that the start of a replica takes whose peers add messages to their answers. */
  async function hashesWith(seen: readonly ConsensusMessage[]): Promise<number> {
    const rig = createRig({
      membership,
      peers: () => members.slice(1).map(({ id }) => id),
      answer: async (to, request) => {
        if (request.type !== "signed-head") throw new Error("nothing else is answered");
        const by = at(
          members,
          members.findIndex(({ id }) => equalBytes(id, to)),
        );
        const head = { sequence: toSequence(0), digest: GENESIS };
        const signed = signableHead(GENESIS, { nonce: request.nonce, ...head });
        const signature = by.signer.sign(signed);
        return { type: "signed-head", validator: by.id, ...head, signature, seen };
      },
      signingLog: { load: async () => [listens], append: async () => {}, compact: async () => {} },
    });
    const spy = vi.spyOn(crypto, "hash");
    await rig.replica.start();
    await rig.pass(50);
    const { length } = spy.mock.calls;
    spy.mockRestore();
    await rig.replica.stop();
    return length;
  }

  test("costs no more than one signature each, whatever it is and whoever signed it", async () => {
    const lead = leaderOf(set, toSequence(1), toView(0));
    const least = await hashesWith([]);
    for (const seen of [
      Array.from({ length: 16 }, (_, view) => seenOf(lead, view === 0 ? 0 : view)),
      Array.from({ length: 16 }, () => seenOf(lead, 0)),
      Array.from({ length: 16 }, (_, view) => seenOf(0, view)),
    ]) {
      expect((await hashesWith(seen)) - least).toBeLessThanOrEqual(3 * 16 * 4);
    }
  });
});

/** Two validators, of whom the first alone is a quorum. */
function ruling(power: number): Membership {
  const found = [
    [power, 1],
    [1, power],
  ]
    .map((powers) => createMembership(powers, "ed25519"))
    .find(({ set }) => set.validators[0]?.power === BigInt(power));
  if (found === undefined) throw new Error("one of both is first");
  return found;
}

describe("what was held for the boundary of a set", () => {
  test.each([false, true])(
    "is paid for by who sent it: its budget is used up (%s)",
    async (isUsedUp) => {
      const membership = ruling(4);
      const sender: AccountId = at(membership.members, 1).id;
      const counter = new Counter(GENESIS, membership.set);
      const next = ruling(5).set;
      counter.setAt = (sequence) => (sequence > 2 ? next : membership.set);
      const { burst } = verificationLimit(rigParameters, 2);
      const rig = createRig({ membership, counter });
      await rig.replica.start();
      // The other leads the first sequence, and is down: the second needs no later view.
      await rig.finalize();
      await rig.pass(2_000);
      rig.handlers().message(forged({ sequence: 3, view: 0, by: 1 }), sender);
      await rig.pass(10);
      expect(rig.events.filter(({ type }) => type === "discarded")).toEqual([]);
      for (let view = 0; view < (isUsedUp ? 2 * burst : 0); view++) {
        rig.handlers().message(forged({ sequence: 2, view, by: 1 }), sender);
      }
      // Still the same moment: nothing is earned back.
      for (let turn = 0; turn < 4; turn++) await rig.pass(0);
      await rig.finalize();

      const last = rig.events.findLast(({ type }) => type === "discarded");
      expect(last).toMatchObject({ reason: isUsedUp ? "over-budget" : "bad-signature" });
      await rig.replica.stop();
    },
  );
});

describe("evidence of a validator", () => {
  test("B23: each piece is hashed once, however many more its sender offers", () => {
    const { state } = createRuleStage(3);
    const [accused, sender] = [0, 1].map((index) => at(state.head.validators.validators, index));
    if (accused === undefined || sender === undefined) throw new Error("four of them");
    const from = sender.id;
    const other = sha256(digest);
    const pieceOf = (view: number): Evidence => ({
      type: "double-vote",
      validator: accused.id,
      key: accused.key,
      phase: "prepare",
      sequence: state.sequence,
      view: toView(view),
      first: { digest, signature: junk },
      second: { digest: other, signature: junk },
    });
    const rest = { offered: false, asked: false, shared: true, from };
    const kept = Array.from({ length: RELAYED_PLACES - 1 }, (_, view) => pieceOf(view));
    const now = { ...state, evidence: kept.map((evidence) => ({ evidence, ...rest })) };
    isNews(now, pieceOf(100), from);
    const spy = vi.spyOn(crypto, "hash");

    for (let view = 200; view < 210; view++) expect(isNews(now, pieceOf(view), from)).toBe(true);
    expect(isNews(now, { ...at(kept, 0) }, from)).toBe(false);
    expect(spy.mock.calls.length).toBe(11);
  });
});
