import {
  type AccountId,
  type FinalizedBlock,
  type SyncRequest,
  type SyncResponse,
  sha256,
  toHex,
  toSequence,
  toSignature,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCertifiedChain } from "./certified-chain.ts";
import { Counter } from "./counter.ts";
import { GENESIS } from "./keys.ts";
import { createRig } from "./rig.ts";

const LENGTH = 9;
const chain = createCertifiedChain(LENGTH);
const { blocks } = chain.cluster.node(0).app;
const honest = blocks.map(({ certificate }) => toHex(certificate.digest));

/** Answer of a peer to a request for blocks from `from` on. */
type Liar = (from: number, random: number) => SyncResponse | Promise<SyncResponse>;

const from = (at: number): readonly FinalizedBlock[] => blocks.slice(at - 1);

function altered({ block, certificate }: FinalizedBlock): FinalizedBlock {
  const header = { ...block.header, application: sha256(block.header.application) };
  return { block: { ...block, header }, certificate };
}

function unsigned({ block, certificate }: FinalizedBlock, at: number): FinalizedBlock {
  const { signatures } = certificate.seal;
  const index = at % signatures.length;
  const wrong = toSignature(sha256(GENESIS).length === 32 ? new Uint8Array(64).fill(at) : GENESIS);
  const seal = { ...certificate.seal, signatures: signatures.with(index, wrong) };
  return { block, certificate: { ...certificate, seal } };
}

const liars: Readonly<Record<string, Liar>> = {
  honest: (at) => ({ type: "blocks", blocks: from(at).slice(0, 3) }),
  "another block": (at) => ({ type: "blocks", blocks: from(at).slice(0, 1).map(altered) }),
  "a good block, then another": (at) => ({
    type: "blocks",
    blocks: from(at)
      .slice(0, 3)
      .map((each, turn) => (turn === 0 ? each : altered(each))),
  }),
  "a wrong signature": (at, random) => ({
    type: "blocks",
    blocks: from(at)
      .slice(0, 2)
      .map((each) => unsigned(each, random)),
  }),
  "the certificate of another": (at) => ({
    type: "blocks",
    blocks: from(at)
      .slice(0, 1)
      .map(({ block }, turn) => ({
        block,
        certificate:
          blocks[(at + turn) % LENGTH]?.certificate ?? altered(blocks[0] as never).certificate,
      })),
  }),
  "later ones": (at) => ({ type: "blocks", blocks: from(at + 2) }),
  "in the wrong order": (at) => ({ type: "blocks", blocks: from(at).toReversed() }),
  "without their parent's certificate": (at) => ({
    type: "blocks",
    blocks: from(at)
      .slice(0, 1)
      .map(({ block, certificate }) => ({
        block: { ...block, parentCertificate: undefined },
        certificate,
      })),
  }),
  nothing: () => ({ type: "blocks", blocks: [] }),
  "that it has pruned": () => ({ type: "absent", head: toSequence(2 ** 40) }),
  silence: () => new Promise(() => {}),
  refusal: () => Promise.reject(new Error("no")),
};

describe("conflicting histories", () => {
  test("P12 P11: among any liars, one honest peer is enough, and only what is certified is applied", async () => {
    const names = fc.constantFrom(...Object.keys(liars));
    await fc.assert(
      fc.asyncProperty(
        fc.array(names, { minLength: 1, maxLength: 4 }),
        fc.nat({ max: 4 }),
        fc.nat(),
        async (liarNames, place, random) => {
          const said = liarNames.toSpliced(place % (liarNames.length + 1), 0, "honest");
          const ids = chain.cluster.membership.members.slice(1).map(({ id }) => id);
          const peers = said.map((_, at) => ids[at] ?? (GENESIS as Uint8Array as AccountId));
          const { set } = chain.cluster.membership;
          const counter = new Counter(GENESIS, set);
          counter.setAt = chain.setAt;
          const rig = createRig({
            membership: chain.cluster.membership,
            counter,
            peers: () => peers,
            answer: async (to: AccountId, request: SyncRequest): Promise<SyncResponse> => {
              const name = said[peers.indexOf(to)] ?? "nothing";
              if (request.type === "head") {
                // Liars claim the most: whoever claims more is not believed more.
                const sequence = toSequence(name === "honest" ? LENGTH : 2 ** 40);
                return { type: "head", sequence, digest: GENESIS, oldest: toSequence(1) };
              }
              if (request.type !== "blocks") return { type: "absent", head: toSequence(0) };
              return (await (liars[name] ?? liars["nothing"])?.(
                request.from,
                random,
              )) as SyncResponse;
            },
          });
          await rig.replica.start();
          for (let turn = 0; turn < 120 && counter.blocks.length < LENGTH; turn++) {
            await rig.pass(1_000);
          }
          await rig.replica.stop();

          expect(counter.blocks.map(({ certificate }) => toHex(certificate.digest))).toEqual(
            honest,
          );
          expect(rig.events.map(({ type }) => type)).not.toContain("diverged");
          expect(rig.sent.filter(({ type }) => type === "commit")).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
