import {
  Block,
  EVIDENCE_MAX,
  type Proposal,
  sha256,
  toAccountId,
  toHex,
  toPublicKey,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { emptyVoteBook, type Vote } from "../src/books/vote-book.ts";
import { accuseOfDoubleProposal, accuseOfDoubleVote } from "../src/evidence/evidence.ts";
import { accuseVotersOf } from "../src/evidence/false-header.ts";
import { recall, takeOffer } from "../src/evidence/pending.ts";
import type { KnownBlock } from "../src/state.ts";
import { at, createRuleStage } from "./rule-stage.ts";

const stage = createRuleStage(3);
const { state, digests, blocks, certificate } = stage;
const { validators: set } = state.head;
const signature = toSignature(new Uint8Array(64));
const [first, second] = [at(digests, 0), at(digests, 1)];
const shown = new Uint8Array(2);

const known = (of: number, claim: Uint8Array | undefined): KnownBlock => ({
  digest: at(digests, of),
  block: at(blocks, of),
  verdict: "refused",
  reason: "a false header",
  claim,
  durable: false,
});

describe("who voted for a false header", () => {
  test("is convicted by a certificate that came before the verdict, of either phase", () => {
    for (const phase of ["prepare", "commit"] as const) {
      for (const which of [0, 1]) {
        const held = certificate({ phase, view: 0, digest: at(digests, which) });
        const context = stage.context({
          blocks: [known(0, shown), known(1, undefined)],
          prepares: emptyVoteBook(),
          commits: emptyVoteBook(),
          ...(phase === "prepare" ? { prepared: held } : { committed: held }),
        });

        accuseVotersOf(context, first);

        const signers = which === 0 ? [0, 1, 2].map((index) => at(set.validators, index)) : [];
        const accused = context.state.evidence.map(({ evidence }) => evidence);
        expect(accused.map(({ type, validator, key }) => ({ type, validator, key }))).toEqual(
          signers.map(({ id: validator, key }) => ({
            type: "false-header",
            validator,
            key,
          })),
        );
      }
    }
  });
});

describe("an index that the set does not have", () => {
  const nobody = toValidatorIndex(set.validators.length);

  test("B16: accuses nobody, of two votes as of two proposals", () => {
    const { sequence } = state;
    const of = { view: toView(0), signature };
    for (const index of [nobody, toValidatorIndex(1)]) {
      const vote = (digest: Vote["digest"]): Vote => ({ ...of, digest, voter: index });
      const told = (digest: Vote["digest"]): Proposal => ({
        ...of,
        digest,
        sequence,
        leader: index,
      });
      const context = stage.context();

      accuseOfDoubleVote(context, { phase: "prepare", sequence, set }, [vote(first), vote(second)]);
      accuseOfDoubleProposal(context, set, [told(first), told(second)]);

      expect(context.state.evidence.map(({ evidence }) => evidence.type)).toEqual(
        index === nobody ? [] : ["double-vote", "double-proposal"],
      );
      if (index === nobody) expect(context.effects).toEqual([]);
    }
  });
});

describe("what was found", () => {
  const evidenceAgainst = (seed: number) =>
    ({
      type: "double-vote",
      validator: toAccountId(sha256(Uint8Array.of(seed))),
      key: toPublicKey(sha256(Uint8Array.of(seed, 1))),
      phase: "prepare",
      sequence: state.sequence,
      view: toView(0),
      first: { digest: first, signature },
      second: { digest: second, signature },
    }) as const;

  test("is kept once, and nothing has been done about it yet", () => {
    const context = stage.context();
    const evidence = evidenceAgainst(1);

    expect([recall(context, evidence), recall(context, evidence)]).toEqual([true, false]);
    expect(context.state.evidence).toEqual([
      { evidence, offered: false, asked: false, shared: false, from: undefined },
    ]);
  });

  test("is offered up to as many pieces as a block takes; the others wait", () => {
    for (const more of [-1, 0, 1, 5]) {
      const context = stage.context();
      const all = Array.from({ length: EVIDENCE_MAX + more }, (_, seed) => evidenceAgainst(seed));
      for (const evidence of all) recall(context, evidence);

      const evidence = takeOffer(context);

      const count = Math.min(all.length, EVIDENCE_MAX);
      expect(evidence).toEqual(all.slice(0, count));
      const asked = context.state.evidence.filter((pending) => pending.asked);
      expect(asked.map((pending) => toHex(pending.evidence.validator))).toEqual(
        evidence.map(({ validator }) => toHex(validator)),
      );
      // A list that is too long throws.
      expect(Block.encode({ ...at(blocks, 0), evidence }).length).toBeGreaterThan(0);
    }
  });
});
