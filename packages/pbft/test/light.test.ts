import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import {
  BlockHeader,
  createCertificate,
  encodeValidatorSet,
  QuorumCertificate,
  sha256,
  toHex,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
} from "@aethel/models";
import fc from "fast-check";
import { rolldown } from "rolldown";
import { describe, expect, test } from "vitest";
import { signStatement } from "../src/index.ts";
import {
  type FollowBounds,
  type FollowResult,
  followBounds,
  followHeaders,
  type HeaderUpdate,
  trustHeader,
  verifyHeader,
} from "../src/light/index.ts";
import { createCertifiedChain } from "./certified-chain.ts";
import { GENESIS } from "./keys.ts";
import type { PageInput } from "./light-page.ts";

const chain = createCertifiedChain(10);
const { trusted: head, updates, boundaries, cluster } = chain;
const last = at(updates.length - 1);

function at(index: number): HeaderUpdate {
  const update = updates[index];
  if (update === undefined) throw new Error(`no update ${index}`);
  return update;
}

const parameters = { minBlockIntervalMs: 100, unbondingMs: 100_000 };
const { timestamp: end } = last.header;
const bounds = followBounds({ now: end, parameters });

function follow(
  chosen: readonly HeaderUpdate[],
  from = head,
  within: Partial<FollowBounds> = {},
): FollowResult {
  return followHeaders({
    genesis: GENESIS,
    head: from,
    updates: chosen,
    bounds: { ...bounds, ...within },
  });
}

const defectOf = (result: FollowResult): string =>
  result.type === "followed" ? "none" : `${result.defect} at ${result.at}`;

describe("light client", () => {
  test("it follows every header across three changes of the set, to the same head as a replica", () => {
    const result = follow(updates);

    expect(boundaries).toEqual([1, 3, 6]);
    expect(result.type).toBe("followed");
    expect(result.head.digest).toEqual(cluster.node(0).app.head.digest);
    expect(result.head.validators.hash).toEqual(cluster.node(0).app.head.validators.hash);
  });

  test("P12 R7.4: of any choice of headers it takes those up to the first whose set it cannot know", () => {
    // The set of sequences 3 and 4 votes again from 8 on; who trusts it may skip what was between.
    const setOf = [0, 0, 1, 1, 2, 2, 2, 1, 1, 1];
    fc.assert(
      fc.property(fc.subarray([...updates.keys()], { minLength: 1 }), (indices) => {
        const result = follow(indices.map(at));

        const known = (turn: number): number | undefined =>
          turn === 0 ? 0 : (setOf[(indices[turn - 1] ?? 0) + 1] ?? 1);
        const past = indices.findIndex((index, turn) => setOf[index] !== known(turn));
        expect(defectOf(result)).toBe(past < 0 ? "none" : `wrong-set at ${past}`);
        const taken = past < 0 ? indices.at(-1) : indices[past - 1];
        expect(result.head.header.sequence).toBe((taken ?? -1) + 1);
      }),
      { numRuns: 200 },
    );
  });

  test("P12 P30: a header with anything changed is refused, whatever it is, and the head stays", () => {
    const fields = (Object.keys(last.header) as (keyof BlockHeader)[]).filter(
      (field) => field !== "version",
    );
    fc.assert(
      fc.property(
        fc.nat({ max: updates.length - 1 }),
        fc.constantFrom(...fields),
        fc.nat({ max: 255 }),
        (index, field, seed) => {
          const update = at(index);
          const forged = { ...update, header: changed(update.header, field, seed) };

          const result = follow([...updates.slice(0, index), forged]);

          expect(result.type).toBe("refused");
          expect(result.head.header.sequence).toBe(index);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("P12 B9 B10: a certificate with any signature wrong, missing, moved or of too few is refused", () => {
    const { certificate, header } = last;
    const { signers, seal } = certificate;
    const set = cluster.node(0).app.head.previousValidators;
    const check = (forged: QuorumCertificate): string | undefined =>
      verifyHeader({ genesis: GENESIS, set, header, certificate: forged });

    expect(check(certificate)).toBeUndefined();
    seal.signatures.forEach((signature, index) => {
      const wrong = toSignature(signature.with(7, (signature[7] ?? 0) ^ 1));
      const signatures = seal.signatures.with(index, wrong);
      // All are verified, those beyond a quorum too.
      expect(check({ ...certificate, seal: { ...seal, signatures } })).toBe("bad-signature");
    });
    const swapped = { ...seal, signatures: seal.signatures.toReversed() };
    expect(check({ ...certificate, seal: swapped })).toBe("bad-signature");
    const fewer = { ...seal, signatures: seal.signatures.slice(1) };
    expect(check({ ...certificate, seal: fewer })).toBe("signature-count");
    expect(check({ ...certificate, signers: [...signers, false] })).toBe("signer-bits-length");
    const first = signers.indexOf(true);
    const two = signers.map((_, index) => index === first);
    const lone = { ...seal, signatures: seal.signatures.slice(0, 1) };
    expect(check({ ...certificate, signers: two, seal: lone })).toBe("no-quorum");
    expect(check({ ...certificate, phase: "prepare" })).toBe("wrong-phase");
    expect(check(at(0).certificate)).toBe("digest-mismatch");
  });

  test("R7.4: another history, certified by a quorum of those who have left, needs an old head", () => {
    // All who voted at sequence 1 sign another block there, long after.
    const { header } = at(0);
    const other = { ...header, application: sha256(GENESIS) };
    const forged = certifiedByAll(other);
    const now = toTimestamp(head.statedAt + bounds.trustedForMs + 1);

    expect(defectOf(follow([forged]))).toBe("none");
    expect(defectOf(follow([forged], head, { now }))).toBe("head-too-old at 0");
    // On an idle chain the head is old, and a statement of today that it is the head still holds.
    const stated = { ...head, statedAt: now };
    expect(defectOf(follow([at(0)], stated, { now }))).toBe("none");
    const followed = follow(updates.slice(0, 1)).head;
    expect(defectOf(follow([forged], followed))).toBe("contradicts-head at 0");
  });

  test("what is old, of another parent, or jumps in state or time is refused with its reason", () => {
    const first = follow(updates.slice(0, 1)).head;
    const next = at(1).header;
    const cases: readonly (readonly [string, HeaderUpdate, typeof head?])[] = [
      ["old-sequence", at(0), first],
      ["old-sequence", at(0), follow(updates.slice(0, 2)).head],
      ["contradicts-head", certifiedByAll({ ...next, parent: sha256(GENESIS) }), first],
      ["broken-chain", certifiedByAll({ ...next, timestamp: toTimestamp(1) }), first],
      ["wrong-chain", certifiedByAll({ ...next, chain: sha256(GENESIS) }), first],
      ["next-set-missing", { header: next, certificate: at(1).certificate }, first],
      ["next-set-mismatch", { ...at(1), nextValidators: at(3).nextValidators ?? GENESIS }, first],
      ["next-set-mismatch", { ...at(1), nextValidators: GENESIS }, first],
    ];
    for (const [defect, update, from] of cases) {
      expect(defectOf(follow([update], from))).toBe(`${defect} at 0`);
    }
  });

  test("P12: no header from the future, and none that there was no time for, however it is signed", () => {
    const first = follow(updates.slice(0, 1)).head;
    const next = at(1).header;
    fc.assert(
      fc.property(
        fc.integer({ min: -60_000, max: 60_000 }),
        fc.integer({ min: 2, max: 2_000 }),
        fc.nat({ max: 20_000 }),
        (offset, sequence, aheadMs) => {
          const timestamp = toTimestamp(end + 60_000 + offset);
          const header = { ...next, sequence: toSequence(sequence), timestamp };
          const now = toTimestamp(end + 60_000);
          const result = follow([certifiedByAll(header)], first, { now, aheadMs });
          const blocks = sequence - first.header.sequence;
          const isTooHigh = blocks * 100 > timestamp - first.header.timestamp;
          const found = result.type === "followed" ? "none" : result.defect;
          if (offset > aheadMs) expect(found).toBe("header-in-future");
          else if (isTooHigh) expect(found).toBe("sequence-too-high");
          else expect(["header-in-future", "sequence-too-high"]).not.toContain(found);
        },
      ),
    );
    const early = follow(updates, { ...head, statedAt: toTimestamp(end + 60_000) });
    expect(defectOf(early)).toBe("head-in-future at 0");
  });

  test("trust begins only with the set that the trusted header names as next", () => {
    const nextValidators = encodeValidatorSet(cluster.node(0).app.head.validators);

    expect(() =>
      trustHeader({ header: head.header, nextValidators, statedAt: head.statedAt }),
    ).toThrow("TRUSTED_HEAD");
  });

  test("a certificate that names the header at another sequence is refused, whoever signed it", () => {
    const { header } = at(0);
    const { certificate } = certifiedByAll(header, toSequence(2));
    const { set } = cluster.membership;

    const defect = verifyHeader({ genesis: GENESIS, set, header, certificate });

    expect(defect).toBe("digest-mismatch");
  });

  function certifiedByAll(header: BlockHeader, sequence = header.sequence): HeaderUpdate {
    const { set, members } = cluster.membership;
    const digest = BlockHeader.digest(header);
    const vote = { sequence, view: at(0).certificate.view, digest };
    const votes = members.map(({ signer }, index) => {
      const voter = toValidatorIndex(index);
      const statement = { type: "commit", ...vote, voter } as const;
      const message = signStatement({ statement, genesis: GENESIS, signer });
      if (message.type !== "commit") throw new Error("a COMMIT");
      return message;
    });
    return { header, certificate: createCertificate({ phase: "commit", vote, set, votes }) };
  }
});

describe("light client in a browser", () => {
  const input: PageInput = {
    genesis: toHex(GENESIS),
    trusted: {
      header: toHex(BlockHeader.encode(head.header)),
      nextValidators: toHex(encodeValidatorSet(head.validators)),
    },
    updates: updates.map(({ header, certificate, nextValidators }) => ({
      header: toHex(BlockHeader.encode(header)),
      certificate: toHex(QuorumCertificate.encode(certificate)),
      nextValidators: nextValidators && toHex(nextValidators),
    })),
  };

  test("bundled into one script, it follows the chain where there is no Node at all", async () => {
    const bundle = await rolldown({
      input: fileURLToPath(new URL("light-page.ts", import.meta.url)),
      platform: "browser",
      resolve: { conditionNames: ["@aethel/source", "browser", "import", "default"] },
    });
    const { output } = await bundle.generate({ format: "iife", name: "page" });
    const [script, ...others] = output;

    expect(others).toEqual([]);
    expect(script.imports).toEqual([]);
    // What every browser has; no `process`, `Buffer`, `require`, `crypto`.
    const context = createContext({ TextEncoder, TextDecoder });
    const run = (of: PageInput): unknown =>
      runInContext(`page.follow(${JSON.stringify(of)})`, context);
    runInContext(script.code, context);
    const root = toHex(last.header.application);
    expect(runInContext("typeof process + typeof Buffer + typeof require", context)).toBe(
      "undefinedundefinedundefined",
    );
    expect(run(input)).toBe(`final ${root}`);
    const withoutBoundary = input.updates.filter((_, index) => index !== 1);
    expect(run({ ...input, updates: withoutBoundary })).toBe("wrong-set at 1");
  });
});

/** The header with one field changed, in a way that still encodes. */
function changed(header: BlockHeader, field: keyof BlockHeader, seed: number): BlockHeader {
  const value = header[field];
  if (typeof value === "string") throw new Error("there is one version");
  if (typeof value === "number") return { ...header, [field]: value + 1 + seed };
  const byte = seed % value.length;
  return { ...header, [field]: value.with(byte, (value[byte] ?? 0) ^ (1 + (seed % 255))) };
}
