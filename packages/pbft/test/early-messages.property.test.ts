import {
  type ConsensusMessage,
  type Digest,
  leaderOfSlot,
  outlineOf,
  type QuorumCertificate,
  sha256,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allEarly } from "../src/catch-up/early-messages.ts";
import { triage } from "../src/inbox/triage.ts";
import { type State, step } from "../src/index.ts";
import { likelyLeaderAfter } from "../src/schedule/leader-at.ts";
import { noEarlyMessages, type State as Whole } from "../src/state.ts";
import { at, createRuleStage } from "./rule-stage.ts";

const stage = createRuleStage(3);
const { config, me, cluster } = stage;
const set = stage.state.head.validators;
const others = [0, 1, 2, 3].filter((index) => index !== me);
const NEXT = toSequence(3);
const likely = likelyLeaderAfter(stage.state.head, undefined, toView(0));
const parent = at(stage.digests, 0);
const certificate = stage.certificate({ phase: "commit", view: 0, digest: parent });
const outline = outlineOf(at(stage.blocks, 1));

/** A message as the test draws it. Two that are alike in all but `variant` contradict each other. */
interface Drawn {
  readonly kind: ConsensusMessage["type"];
  readonly signer: number;
  readonly view: number;
  readonly variant: number;
  /** Whether it has what it may lack: its outline, or the certificate of the parent. */
  readonly isWhole: boolean;
}

const kinds = ["pre-prepare", "prepare", "commit", "view-change", "new-view"] as const;

/** Messages of a few kinds only, so that many meet in one place. */
const lists: fc.Arbitrary<readonly Drawn[]> = fc
  .subarray([...kinds], { minLength: 1 })
  .chain((some) => {
    const drawn = fc.record({
      kind: fc.constantFrom(...some),
      signer: fc.constantFrom(...others),
      // Of view 0 more: proposals of later views have no form of their own.
      view: fc.constantFrom(0, 0, 1, 2, 3),
      variant: fc.nat(1),
      isWhole: fc.boolean(),
    });
    return fc.array(drawn, { minLength: 10, maxLength: 40 });
  });

function messageOf({ kind, signer, view: number, variant, isWhole }: Drawn): ConsensusMessage {
  const hash = sha256(new TextEncoder().encode(`${kind}/${signer}/${number}/${variant}`));
  const signature = toSignature(new Uint8Array([...hash, ...hash]));
  const digest: Digest = sha256(new Uint8Array([variant]));
  const [view, index] = [toView(number), toValidatorIndex(signer)];
  const proposal = { sequence: NEXT, view, digest, leader: index, signature };
  const parentCertificate: QuorumCertificate | undefined = isWhole ? certificate : undefined;
  const rest = { parentCertificate, prepareCertificate: undefined };
  switch (kind) {
    case "pre-prepare":
      return { type: kind, proposal, outline: isWhole ? outline : undefined };
    case "prepare":
    case "commit":
      return { type: kind, sequence: NEXT, view, digest, voter: index, signature };
    case "view-change": {
      const of = { validators: set.hash, sequence: NEXT, parent, prepared: undefined };
      return { type: kind, body: { ...of, newView: view }, voter: index, signature, ...rest };
    }
    case "new-view": {
      const votes = [0, 1, 2].map((voter) => ({
        voter: toValidatorIndex(voter),
        prepared: undefined,
        signature,
      }));
      return { type: kind, proposal, parent, votes, ...rest };
    }
  }
}

/** Messages that are kept: one of each kind and signer; NewViews of the highest view alone. */
class Oracle {
  kept: readonly Drawn[] = [];

  /** Says what becomes of a message, and keeps it if it is one to keep. */
  take(given: Drawn): "drop" | "ahead" | "whole" | "bare" {
    const { kind, signer, view, variant } = given;
    const isNewView = kind === "new-view";
    const beside = this.kept.filter((each) => each.kind === kind);
    const known = beside.find((each) => each.signer === signer);
    const rival = known ?? (isNewView ? beside.find((each) => each.view >= view) : undefined);
    const isSame = known?.view === view && known.variant === variant;
    const isLarge = kind === "pre-prepare" && given.isWhole;
    const isMore = isLarge && signer === likely && !known?.isWhole;
    if (isSame && !isMore) return "drop";
    const isTwin = isNewView && known === undefined && rival?.view === view;
    if (rival !== undefined && rival.view >= view && !isTwin && !isSame) return "ahead";
    if (!this.#hasForm(given)) return "ahead";
    const isBare = isLarge && signer !== likely;
    const gone = isNewView ? beside.filter((each) => each.view < view) : [known];
    const rest = this.kept.filter((each) => !gone.includes(each));
    this.kept = [...rest, { ...given, isWhole: given.isWhole && !isBare }];
    return isBare ? "bare" : "whole";
  }

  #hasForm({ kind, signer, view, isWhole }: Drawn): boolean {
    if (kind === "pre-prepare") return view === 0;
    if (kind === "prepare" || kind === "commit") return true;
    const mayLead = [0n, 1n].some(
      (more) => leaderOfSlot(set, BigInt(NEXT + view) + more) === signer,
    );
    return view > 0 && isWhole && (kind === "view-change" || mayLead);
  }
}

/** Hands a message that has passed to the engine, as if its signatures were right. */
function keep(state: State, message: ConsensusMessage): State {
  const input = { type: "message", message, from: undefined, now: cluster.now } as const;
  // A certificate in it makes the current block final, which is not looked at here.
  return { ...state, early: step(config, state, input).state.early };
}

describe("messages of the next sequence", () => {
  test("P10: one of each kind and signer is kept, whoever leads; only a repetition is dropped", () => {
    fc.assert(
      fc.property(lists, (all) => {
        let state: Whole = { ...stage.state, early: noEarlyMessages() };
        const oracle = new Oracle();
        for (const each of all) {
          const message = messageOf(each);
          const verdict = triage(state, message);
          const expected = oracle.take(each);
          const isBare = expected === "bare";
          const passed = isBare ? { ...message, outline: undefined } : message;
          if (expected === "drop") expect(verdict).toEqual({ type: "drop", reason: "duplicate" });
          else if (expected === "ahead") expect(verdict).toEqual({ type: "ahead", sequence: 2 });
          else expect(verdict).toEqual({ type: "check", message: passed });
          // The engine has the same rules, also for who asks it directly.
          state = keep(state, message);
          const kept = allEarly(state.early);
          expect(kept).toHaveLength(oracle.kept.length);
          expect(kept).toEqual(expect.arrayContaining(oracle.kept.map(messageOf)));
        }
      }),
      { numRuns: 200 },
    );
  });
});
