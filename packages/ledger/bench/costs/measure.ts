import { createPublicKey, type KeyObject, verify as verifyBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createLedger, createMemoryStore, type JudgePort } from "@aethel/ledger";
import {
  Block,
  blockDigest,
  type Ed25519Backend,
  findBodyDefect,
  findCertificateDefect,
  signingRoot,
  toHex,
  type VerifySigned,
  verifySignature,
} from "@aethel/models";
import type { BenchChain } from "../chain.ts";
import type { Composition, Prepared } from "./block.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Price of checking and executing one block, with what was in it. */
export interface BlockCost extends Composition {
  readonly milliseconds: number;
}

/**
 * Checks and executes a block as a voter does that has seen nothing of it, on one core: as consensus
 * receives it, with the parent's certificate, and then as the ledger judges it. The Judge itself is
 * left out: it answers at once.
 */
export async function measureBlock(on: BenchChain, prepared: Prepared): Promise<BlockCost> {
  const { state, bytes } = prepared;
  const head = { tree: state.tree, header: state.header, certificate: undefined };
  const store = { ...createMemoryStore(), load: () => Promise.resolve(head) };
  const { genesis } = on;
  const judge = judgeOf(prepared);
  const verifySigned = verifyWithout();
  const ledger = await createLedger({ genesis, judge, store, verifySigned });
  // What preparing the block left behind is not the voter's.
  collect();
  const before = process.cpuUsage();
  const block = Block.decode(bytes);
  const digest = blockDigest(block.header);
  demandSound(on, prepared, { block, verify: verifySigned });
  const request = { block, digest, patience: "watchdog" as const };
  const verdict = await ledger.verify({ ...request, signal: new AbortController().signal });
  const { user, system } = process.cpuUsage(before);
  if (verdict.type !== "accepted") throw new Error(JSON.stringify(verdict));
  return { ...prepared.composition, milliseconds: (user + system) / 1_000 };
}

/** Checks a block as consensus does before it asks the ledger. */
function demandSound(
  { chain }: BenchChain,
  { state }: Prepared,
  { block, verify }: { readonly block: Block; readonly verify: VerifySigned },
): void {
  const defect = findBodyDefect(block);
  if (defect !== undefined) throw new Error(defect);
  const { parentCertificate: certificate } = block;
  if (certificate === undefined) return;
  const about = { certificate, set: state.previousSet, genesis: chain, verify };
  const unproven = findCertificateDefect(about);
  if (unproven !== undefined) throw new Error(unproven);
}

/** Answers from what the leader was told; the proofs of a block are asked about in their order. */
function judgeOf({ judgements }: Prepared): JudgePort {
  let next = 0;
  return {
    check: () => {
      const judged = judgements[next];
      next += 1;
      if (judged === undefined) throw new Error("the Judge is asked too often");
      return Promise.resolve(judged);
    },
  };
}

const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/**
 * Verification of votes as the parts of a node share it: each signature once, and no key parsed yet.
 * The process itself knows the keys of the members, who sign every block of this bench.
 */
function verifyWithout(): VerifySigned {
  const parsed = new Map<string, KeyObject>();
  const backend: Ed25519Backend = {
    name: "node",
    equationHolds: (key, message, signature) => {
      const name = toHex(key);
      const known = parsed.get(name) ?? parse(key);
      parsed.set(name, known);
      return verifyBytes(undefined, message, known, signature);
    },
    sign: () => refuseUse(),
    publicKeyOf: () => refuseUse(),
  };
  const held = new Set<string>();
  return (key, object, signature) => {
    const root = signingRoot(object);
    const name = toHex(key) + toHex(root) + toHex(signature);
    const isSound = held.has(name) || verifySignature(key, root, signature, backend);
    if (isSound) held.add(name);
    return isSound;
  };
}

function parse(key: Uint8Array): KeyObject {
  const der = Buffer.concat([SPKI_PREFIX, key]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
}

function refuseUse(): never {
  throw new Error("this backend only verifies");
}
