import { findBodyDefect, itemOf, sha256, toSequence, toTimestamp } from "@aethel/models";
import { describe, expect, test } from "vitest";
import {
  advanceHead,
  createGenesisHead,
  createPlainBlock,
  findFinalizedDefect,
} from "../src/index.ts";
import { followHeaders } from "../src/light/index.ts";
import { certifiedByAll } from "./commit-certificate.ts";
import { createMembership, GENESIS } from "./keys.ts";

const old = createMembership([1, 1, 1, 1], "ed25519");
const young = createMembership([2, 1, 1, 1, 1], "ed25519");
const rootOf = (count: number) => sha256(new Uint8Array([count]));

describe("a chain without a ledger", () => {
  test("its blocks are final to replicas and light clients, across a change of the set", () => {
    const validators = old.set;
    const genesis = createGenesisHead({ genesis: GENESIS, validators, application: rootOf(0) });
    let head = genesis;
    for (let count = 1; count <= 3; count++) {
      const voting = count < 3 ? old : young;
      const nextValidators = count < 2 ? old.set : young.set;
      const block = createPlainBlock({
        head,
        request: {
          sequence: toSequence(count),
          timestamp: toTimestamp(count * 100),
          proposer: voting.members[0]?.id ?? genesis.header.proposer,
          parentCertificate: head.certificate,
          evidence: [],
        },
        items: [itemOf(Uint8Array.of(count))],
        application: rootOf(count),
        nextValidators,
      });
      const certificate = certifiedByAll(voting, block);
      const finalized = { block, certificate };
      const { validators: set, previousValidators: previousSet } = head;
      const context = { genesis: GENESIS, set, previousSet };
      const { header } = block;
      const { header: parent } = head;

      expect(findBodyDefect(block)).toBeUndefined();
      expect(findFinalizedDefect(finalized, context)).toBeUndefined();
      expect(header.application).toEqual(rootOf(count));
      const statedAt = parent.timestamp;
      const trusted = { header: parent, digest: head.digest, validators: set, statedAt };
      const bounds = {
        now: header.timestamp,
        trustedForMs: 1_000,
        aheadMs: 0,
        minBlockIntervalMs: 100,
      };
      const update = { header, certificate };
      const followed = followHeaders({
        genesis: GENESIS,
        head: trusted,
        updates: [update],
        bounds,
      });
      // The set that comes is not in this update, so the client stops exactly where it changes.
      const expected =
        count === 2 ? { type: "refused", defect: "next-set-missing" } : { type: "followed" };
      expect(followed).toMatchObject(expected);
      head = advanceHead(head, finalized, nextValidators);
    }
    expect(head.validators.hash).toEqual(young.set.hash);
    expect(head.previousValidators.hash).toEqual(young.set.hash);
    expect(head.header.nextValidators).toEqual(young.set.hash);
  });
});
