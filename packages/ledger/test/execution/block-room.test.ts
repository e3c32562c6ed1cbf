import {
  APPLICATION_HEADER_BYTES_MAX,
  BLOCK_BYTES_MAX,
  Block,
  BlockHeader,
  blockBytesBesides,
  CLAIM_BYTES_MAX,
  createCertificate,
  EVIDENCE_BYTES_MAX,
  EVIDENCE_UNITS_MAX,
  type Evidence,
  evidenceUnits,
  JudgedResult,
  OFFSET_BYTES,
  Proof,
  proofItem,
  type QuorumCertificate,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
  WIRE_VERSION,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWireRoom } from "../../src/execution/wire-room.ts";
import { beginBlock, earliestTimestamp, STATE_BOUNDS } from "../../src/index.ts";
import { createEvidenceRoom } from "../../src/slashing/evidence-room.ts";
import { evidenceOf, lieIn } from "../fixtures/misdeeds.ts";
import { createWorld, doubleVote, type Person, skip, step, theorem } from "../fixtures/world.ts";

const world = createWorld();
const head = skip(world, world.state, 1);
const lie = lieIn(world);
const [first, second, third] = world.validators as [Person, Person, Person];

function accuse(who: Person): Evidence {
  return doubleVote(world, { signer: who.signer, accused: who, sequence: 1 });
}

/** A theorem of so many bytes in all. */
function proofOfBytes(bytes: number): Proof {
  const bare = theorem(world, world.alice, "", { nonce: 0 });
  return theorem(world, world.alice, "x".repeat(bytes - Proof.encode(bare).length), { nonce: 0 });
}

/** Evidence of a false header that takes so many bytes of a block. */
function evidenceOfBytes(bytes: number): Evidence {
  const item = evidenceOf(
    { kind: "false-header", who: first, sequence: 1 },
    { world, state: head, lie },
  );
  if (item.type !== "false-header") throw new Error("it is about a claim");
  const sized = (size: number): Evidence => ({ ...item, claim: new Uint8Array(size) });
  const room = createEvidenceRoom(STATE_BOUNDS);
  room.takes(sized(0));
  return sized(bytes - room.bytes());
}

/** Evidence that takes as many bytes of a block as all of it may. */
function allEvidence(): readonly Evidence[] {
  const most = EVIDENCE_BYTES_MAX / 4;
  return [0, 1, 2, 3].map(() => evidenceOfBytes(most));
}

const empty: Block = {
  version: WIRE_VERSION,
  header: head.header,
  items: [],
  annex: [],
  evidence: [],
  parentCertificate: undefined,
};

/** Bytes by which the header is shorter than the longest. */
const shorter = BlockHeader.maxBytes - BlockHeader.encode(head.header).length;

/** A certificate of as many votes as there are members in the set of this world. */
function certificate(): QuorumCertificate {
  const set = world.state.votingSet;
  const vote = { sequence: toSequence(1), view: toView(0), digest: head.digest };
  const signature = toSignature(new Uint8Array(64));
  const votes = set.validators.map((_, at) => ({ voter: toValidatorIndex(at), signature }));
  return createCertificate({ phase: "commit", vote, set, votes });
}

describe("room of a block", () => {
  test("no block that is filled by its rule is too large for the wire, with any evidence", () => {
    const big = proofOfBytes(1_000_000);
    const middle = proofOfBytes(90_000);
    const small = proofOfBytes(300);
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.constantFrom(0, 5_000, EVIDENCE_BYTES_MAX),
        fc.array(fc.constantFrom(big, middle, small), { maxLength: 20 }),
        (isCertified, evidenceBytes, offered) => {
          const parentCertificate = isCertified ? certificate() : undefined;
          const evidence =
            evidenceBytes === EVIDENCE_BYTES_MAX
              ? allEvidence()
              : evidenceBytes === 0
                ? []
                : [evidenceOfBytes(evidenceBytes)];
          const room = createWireRoom({ parentCertificate }, evidenceBytes);
          const proofs: Proof[] = [];
          const take = (proof: Proof): boolean => {
            const wire = { bytes: Proof.encode(proof).length, kind: proof.body.type };
            if (!room.fits(wire)) return false;
            room.take(wire);
            proofs.push(proof);
            return true;
          };
          for (const proof of offered) take(proof);
          // Then as much as fits, the largest first.
          for (const proof of [big, middle, small]) while (take(proof));
          const items = proofs.map(proofItem);
          const annex = proofs.map(() => new Uint8Array(JudgedResult.maxBytes));
          const block = { ...empty, items, annex, evidence, parentCertificate };
          const { length } = Block.encode(block);
          expect(length).toBeLessThanOrEqual(BLOCK_BYTES_MAX);
          // It is full: not even a small one fits.
          const entry = JudgedResult.maxBytes + OFFSET_BYTES;
          const more = Proof.encode(small).length + OFFSET_BYTES + entry;
          // The longest header is reckoned with; this one may be shorter.
          expect(length + more + shorter).toBeGreaterThan(BLOCK_BYTES_MAX);
        },
      ),
      { numRuns: 12 },
    );
  });

  test("what a block is besides proofs and evidence is measured to the byte", () => {
    for (const parentCertificate of [undefined, certificate()]) {
      const block = { ...empty, parentCertificate };
      expect(Block.encode(block)).toHaveLength(blockBytesBesides(parentCertificate) - shorter);
    }
    const { application } = head.header;
    expect(shorter).toBe(APPLICATION_HEADER_BYTES_MAX - application.length);
  });

  test("evidence has room by pieces and by units, each by itself", () => {
    const pieces = createEvidenceRoom({ ...STATE_BOUNDS, evidenceMax: 2 });
    const taken = [first, second, third].map((who) => pieces.takes(accuse(who)));
    expect(taken).toEqual([true, true, false]);

    // The longest claim takes most of the units: a second one has no room, a double vote has.
    const large = createEvidenceRoom(STATE_BOUNDS);
    expect(large.takes(evidenceOfBytes(CLAIM_BYTES_MAX))).toBe(true);
    expect(large.takes(evidenceOfBytes(CLAIM_BYTES_MAX))).toBe(false);
    expect(large.takes(accuse(second))).toBe(true);

    const units = createEvidenceRoom(STATE_BOUNDS);
    const claim = evidenceOfBytes(2_000);
    let count = 0;
    while (units.takes(claim)) count += 1;
    expect(count).toBe(Math.floor(EVIDENCE_UNITS_MAX / evidenceUnits(claim)));
    expect(count).toBeLessThan(STATE_BOUNDS.evidenceMax);
  });

  test("a block with more evidence than has room is refused, and the rest convicts in the next", () => {
    const bounds = { ...STATE_BOUNDS, evidenceMax: 2 };
    const tiny = { ...world, tools: { ...world.tools, bounds } };
    const accused = [first, second, third].map(accuse);
    const opening = {
      now: earliestTimestamp(head),
      proposer: first.id,
      parentCertificate: undefined,
      evidence: accused,
    };
    expect(beginBlock(head, opening, tiny.tools)).toMatchObject({
      type: "defect",
      code: "evidence",
      at: 2,
      defect: "no-room",
    });

    const once = step(tiny, head, { evidence: accused.slice(0, 2) });
    const twice = step(tiny, once.state, { evidence: accused.slice(2) });
    expect(twice.state.header.sequence).toBe(head.header.sequence + 2);
  });
});
