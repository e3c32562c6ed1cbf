import {
  type Block,
  blockDigest,
  type Digest,
  equalBytes,
  findBodyDefect,
  findProofDefect,
  type Genesis,
  hashGenesis,
  type Item,
  itemProof,
  type Proof,
  proofItem,
  signProof,
  toAmount,
  toHex,
  toNonce,
  toResource,
  toSequence,
  WIRE_VERSION,
} from "@aethel/models";
import {
  type Application,
  type ApplicationVerdict,
  EMPTY_LEADERSHIP,
  leadershipAfter,
} from "@aethel/pbft";
import type {
  ApplicationKind,
  ChainApplication,
  ChangingSets,
  OpenApplication,
} from "../application-kind.ts";
import { type CounterOptions, headerOf, headOf } from "./counter-headers.ts";
import { createSchedule } from "./set-schedule.ts";

/**
 * A light application. Its state is the hash of all theorems so far, in order. A theorem whose
 * script contains `refuted` is false, and a block that contains it is invalid. The application
 * checks every commitment of the header, so that consensus is tested with an application that
 * refuses blocks.
 */
export const counter: ApplicationKind = {
  name: "counter",
  intents: [],
  create: async (genesis, world) => createCounterChain(genesis, world ?? { rotation: [] }),
};

/** Greatest number of items in one block of the counter. */
const BLOCK_ITEMS_MAX = 32;

function createCounterChain(genesis: Genesis, world: ChangingSets): ChainApplication {
  const chain = hashGenesis(genesis);
  const setOf = createSchedule(genesis, world);
  const encoder = new TextEncoder();
  return {
    createNode: () => {
      const disk: CounterOptions["disk"] = { blocks: [], records: [EMPTY_LEADERSHIP] };
      const open = async (): Promise<OpenApplication> =>
        openCounter({ chain, setOf, genesis, disk });
      const rollBack = (count: number): void => {
        disk.blocks = disk.blocks.slice(0, Math.max(0, disk.blocks.length - count));
        disk.records = disk.records.slice(0, disk.blocks.length + 1);
      };
      return Object.assign(open, { rollBack });
    },
    work: ({ author, nonce }) =>
      proofItem(
        signProof(
          chain,
          {
            type: "theorem",
            author: author.id,
            nonce: toNonce(nonce),
            resourceLimit: toResource(1),
            feeLimit: toAmount(0n),
            expiry: toSequence(Number.MAX_SAFE_INTEGER),
            script: encoder.encode("(assert false)(check-sat)"),
          },
          [author.signer],
        ),
      ),
  };
}

function openCounter(options: CounterOptions): OpenApplication {
  const { chain, disk } = options;
  const done = new Set(disk.blocks.flatMap(({ block }) => block.items.map(nameOf)));
  const pending = new Map<string, Item>();
  let head = headOf(options);

  const findDefect = (block: Block): string | undefined => {
    const names = block.items.map(nameOf);
    if (findBodyDefect(block) !== undefined) return "body";
    if (new Set(names).size !== names.length) return "a proof is there twice";
    if (names.some((name) => done.has(name))) return "a proof was there before";
    if (!block.items.every((item) => isUsable(chain, item))) return "a false proof";
    const { timestamp, proposer, leadership } = block.header;
    const minimum = head.header.timestamp + options.genesis.parameters.minBlockIntervalMs;
    if (timestamp < minimum) return "too early";
    const expected = headerOf(head.header, {
      ...block,
      timestamp,
      proposer,
      leadership,
      setOf: options.setOf,
    });
    return equalBytes(blockDigest(expected), blockDigest(block.header)) ? undefined : "header";
  };

  const application: Application = {
    head: () => head,
    hasWork: () => pending.size > 0,
    propose: async ({ timestamp, proposer, parentCertificate, evidence, leadership, reason }) => {
      const items = [...pending.values()].slice(0, BLOCK_ITEMS_MAX);
      if (items.length === 0 && reason === "work") return undefined;
      const body = { version: WIRE_VERSION, items, annex: [], evidence, parentCertificate };
      const parts = { ...body, timestamp, proposer, leadership, setOf: options.setOf };
      return { header: headerOf(head.header, parts), ...body };
    },
    verify: async ({ block }): Promise<ApplicationVerdict> => {
      const reason = findDefect(block);
      return reason === undefined ? { type: "accepted" } : { type: "refused", reason };
    },
    commit: async (finalized, given) => {
      const { header, items, parentCertificate } = finalized.block;
      if (header.sequence === head.header.sequence) return head;
      const reason = findDefect(finalized.block);
      if (reason !== undefined) throw new Error(`the counter refuses a final block: ${reason}`);
      disk.blocks = [...disk.blocks, finalized];
      disk.records = [...disk.records, given ?? leadershipAfter(head, parentCertificate)];
      for (const name of items.map(nameOf)) {
        done.add(name);
        pending.delete(name);
      }
      head = headOf(options);
      return head;
    },
    item: (hash) => pending.get(toHex(hash)),
    finalized: async (sequence) => disk.blocks[sequence - 1],
    header: async (sequence) => disk.blocks[sequence - 1]?.block.header,
  };
  return {
    application,
    submit: (item) => {
      const name = nameOf(item);
      if (done.has(name) || !isUsable(chain, item)) return "refused";
      pending.set(name, item);
      return "accepted";
    },
  };
}

function nameOf(item: Item): string {
  return toHex(item.hash);
}

/** Results of `isUsable`. All nodes of a world share item objects, so each is checked once. */
const usable = new WeakMap<Item, boolean>();

function isUsable(chain: Digest, item: Item): boolean {
  const known = usable.get(item);
  if (known !== undefined) return known;
  const verdict = judge(chain, itemProof(item));
  usable.set(item, verdict);
  return verdict;
}

function judge(chain: Digest, proof: Proof): boolean {
  if (proof.body.type !== "theorem" || findProofDefect(chain, proof) !== undefined) return false;
  return !new TextDecoder().decode(proof.body.script).includes("refuted");
}
