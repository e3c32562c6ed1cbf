import {
  Block,
  CLAIM_BYTES_MAX,
  EVIDENCE_BYTES_MAX,
  EVIDENCE_UNITS_MAX,
  Evidence,
  evidenceUnits,
  OFFSET_BYTES,
  sha256,
  toAccountId,
  toPublicKey,
  toSequence,
  toSignature,
  toView,
  WIRE_VERSION,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dropSettledEvidence, recall, takeOffer } from "../src/evidence/pending.ts";
import { createConfig, createState } from "../src/index.ts";
import type { StepContext } from "../src/step-context.ts";
import { parameters } from "./cluster-options.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS } from "./keys.ts";

const signature = toSignature(new Uint8Array(64));
const membership = createMembership([1, 1, 1, 1]);
const { head } = new Counter(GENESIS, membership.set);

function draftOf(): StepContext {
  const { id } = membership.members[0] ?? { id: GENESIS as never };
  const config = createConfig({ genesis: GENESIS, id, parameters });
  return { config, now: 1_000, elapsed: 1_000, state: createState(config, head), effects: [] };
}

/** Evidence against a validator of its own, of so many bytes, as if its signature were sound. */
function evidenceOf(seed: number, bytes: number): Evidence {
  const of = (claim: number): Evidence => ({
    type: "false-header",
    validator: toAccountId(sha256(Uint8Array.of(seed))),
    key: toPublicKey(sha256(Uint8Array.of(seed, 1))),
    phase: "commit",
    view: toView(0),
    header: { ...head.header, sequence: toSequence(1) },
    signature,
    claim: new Uint8Array(claim),
  });
  return of(bytes - Evidence.encode(of(0)).length);
}

describe("evidence in a proposal", () => {
  test("keeps to the room of a block, and each piece is offered in the end", () => {
    const large = fc.integer({ min: 1_200, max: CLAIM_BYTES_MAX });
    const sizes = fc.array(fc.oneof(large, fc.constant(1_200)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sizes, (all) => {
        const context = draftOf();
        const pieces = all.map((size, at) => evidenceOf(at, size));
        for (const piece of pieces) expect(recall(context, piece)).toBe(true);
        const offered: Evidence[] = [];
        for (let turn = 0; turn < all.length && offered.length < all.length; turn += 1) {
          const evidence = takeOffer(context);
          const { header } = head;
          const block = {
            version: WIRE_VERSION,
            header,
            items: [],
            annex: [],
            evidence,
            parentCertificate: undefined,
          };
          // What is too large for a block would throw here.
          expect(Block.encode(block).length).toBeGreaterThan(0);
          expect(evidence.length).toBeGreaterThan(0);
          const units = evidence.reduce((sum, item) => sum + evidenceUnits(item), 0);
          expect(units).toBeLessThanOrEqual(EVIDENCE_UNITS_MAX);
          offered.push(...evidence);
          dropSettledEvidence(context, evidence);
        }
        expect(offered).toHaveLength(all.length);
      }),
      { numRuns: 60 },
    );
  });

  test("any one piece fits into a block, whatever its claim", () => {
    const most = evidenceOf(1, 1_000);
    if (most.type !== "false-header") throw new Error("it has a claim");
    const piece = { ...most, claim: new Uint8Array(CLAIM_BYTES_MAX) };
    expect(OFFSET_BYTES + Evidence.encode(piece).length).toBeLessThanOrEqual(EVIDENCE_BYTES_MAX);
    expect(evidenceUnits(piece)).toBeLessThanOrEqual(EVIDENCE_UNITS_MAX);
  });
});
