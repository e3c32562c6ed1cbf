import type { RoomPlan } from "../plan.ts";

/**
 * Rooms of `packages/models`. The values of this ledger are above those of any replicated
 * application, for which a proof is only an item of bytes. Bytes, hashes and ids are below both.
 */
export const MODELS: RoomPlan = {
  "evidence-units": {
    holds: "the price of evidence, in execution units",
    imports: "consensus ledger",
  },
  "genesis-file": {
    holds: "a genesis as text, for people and for programs",
    imports: "ledger bytes ids errors limits problem",
  },
  primitives: {
    holds: "the entry without wire types",
    imports: "ledger hash bytes ids brand errors",
  },
  "web-assembly": { holds: "the entry with an encoder of WebAssembly", imports: "" },
  ledger: {
    holds: "proofs, their results, state changes, genesis, parameters, units",
    imports: "consensus keys list-root codec hash bytes ids errors limits problem",
  },
  consensus: {
    holds: "blocks, votes, certificates, view changes, evidence, sync, validator sets",
    imports: "keys list-root codec hash bytes ids errors limits",
  },
  keys: {
    holds: "Ed25519, signers, and certificate schemes",
    imports: "codec hash bytes ids errors limits node-crypto",
  },
  "list-root": {
    holds: "lists of which one item is provable",
    imports: "codec hash bytes ids errors",
  },
  codec: { holds: "SSZ: one layout for each constructor", imports: "hash bytes ids errors" },
  hash: { holds: "SHA-256, and the tags that separate domains", imports: "ids node-crypto" },
  bytes: { holds: "comparing and joining bytes, and hex", imports: "errors" },
  ids: { holds: "branded numbers and byte strings", imports: "brand errors" },
  brand: { holds: "the type of a brand", imports: "" },
  errors: { holds: "the error class", imports: "" },
  limits: { holds: "bounds of the wire format", imports: "" },
  "node-crypto": { holds: "the crypto of Node, where there is one", imports: "" },
  problem: { holds: "a thing that cannot work, and its repair", imports: "" },
};
