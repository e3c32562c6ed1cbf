import { decodeProof, encodeProof, MerkleError, type MerkleProof } from "@aethel/merkle";
import { compareBytes, sha256, toDigest, toHex } from "@aethel/models";
import { defaultOf, type TypedContract } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import {
  proveStored,
  type StoredPlace,
  type StoredProof,
  type StoredVerdict,
  verifyStored,
} from "../../src/index.ts";
import { stateKey } from "../../src/state/state-key.ts";
import { compiled, KEEPER, librarySource } from "../fixtures/contracts.ts";
import { createWorld, publish, step, utf8 } from "../fixtures/world.ts";

const world = createWorld();
const { alice } = world;
const sources = [librarySource("treasury"), KEEPER];
const rich = { feeLimit: 50_000_000n };
const { state } = step(world, world.state, {
  proofs: sources.map((source, nonce) => publish(world, alice, source, { ...rich, nonce })),
});
const { tree } = state;
const { root } = tree;
const [treasury, keeper] = sources.map(compiled) as [TypedContract, TypedContract];
const owner = `${"0".repeat(62)}a1`;
const stranger = `${"0".repeat(62)}b1`;

function proofOf(contract: TypedContract, place: StoredPlace): StoredProof {
  const proof = proveStored(tree, contract, place);
  if (proof === undefined) throw new Error("the contract has no such place");
  return proof;
}

const verify = (contract: TypedContract, place: StoredPlace, proof: StoredProof): StoredVerdict =>
  verifyStored({ root, contract: contract.digest, place, proof });

const PLACES: readonly (readonly [TypedContract, StoredPlace, unknown])[] = [
  [treasury, { type: "cell", map: "owners", keys: [owner] }, true],
  [treasury, { type: "cell", map: "owners", keys: [stranger] }, false],
  [treasury, { type: "cell", map: "approved", keys: [-5n, owner] }, false],
  [
    treasury,
    { type: "cell", map: "payments", keys: [7n] },
    defaultOf(treasury.maps.find(({ name }) => name === "payments")?.value ?? { kind: "bool" }),
  ],
  [treasury, { type: "scalar", name: "next" }, 0n],
  [treasury, { type: "vault", asset: "" }, 0n],
  [keeper, { type: "vault", asset: "GOLD" }, 0n],
  [keeper, { type: "scalar", name: "last" }, ["0".repeat(64), 0n, false]],
];

describe("a value that a contract stores", () => {
  test("is shown to anybody who has the state root and the contract's digest", () => {
    for (const [contract, place, value] of PLACES) {
      const verdict = verify(contract, place, proofOf(contract, place));
      expect(verdict).toMatchObject({ ok: true, value });
      if (verdict.ok) expect(verdict.contract.canonical).toBe(contract.canonical);
    }
  });

  test("is not shown by a proof in which any byte is another", () => {
    const done = new Set<TypedContract>();
    for (const [contract, place] of PLACES) {
      const proof = proofOf(contract, place);
      // The record's proof is the same for each place of a contract.
      const parts = done.has(contract) ? (["value"] as const) : (["value", "contract"] as const);
      done.add(contract);
      for (const part of parts) {
        const bytes = encodeProof(proof[part]);
        for (const at of bytes.keys()) {
          const altered = decoded(bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8))));
          if (altered === undefined) continue;
          const verdict = verify(contract, place, { ...proof, [part]: altered });
          expect(verdict.ok).toBe(false);
        }
      }
    }
  });

  test("is not shown by a proof of another value, another root or another contract", () => {
    for (const [contract, place] of PLACES) {
      const proof = proofOf(contract, place);
      for (const [other, elsewhere] of PLACES) {
        const swapped = { ...proof, value: proofOf(other, elsewhere).value };
        const verdict = verify(contract, place, swapped);
        if (place === elsewhere) expect(verdict.ok).toBe(true);
        // An absent key may be shown by the path of a neighbour; then it says the same.
        else if (verdict.ok) expect(verdict).toEqual(verify(contract, place, proof));
      }
      const old = verifyStored({
        root: world.state.tree.root,
        contract: contract.digest,
        place,
        proof,
      });
      expect(old).toEqual({ ok: false, reason: "contract-proof" });
      const wrong = contract === treasury ? keeper : treasury;
      const swapped = { ...proof, contract: proofOf(wrong, { type: "vault", asset: "" }).contract };
      expect(verify(contract, place, swapped)).toEqual({ ok: false, reason: "contract-proof" });
    }
  });

  test("says nothing when the contract is not published, however absent the cell is", () => {
    const unknown = compiled(KEEPER.replace("contract keeper", "contract other"));
    const place = { type: "cell", map: "owed", keys: [owner] } as const;
    const proof = proofOf(unknown, place);
    expect(verify(unknown, place, proof)).toEqual({ ok: false, reason: "no-contract" });
    const nobody = toDigest(sha256(utf8("nobody")));
    const verdict = verifyStored({ root, contract: nobody, place, proof });
    expect(verdict.ok).toBe(false);
  });

  test("says nothing when another contract's record stands under the contract's key", () => {
    const other = tree.get(stateKey.contract(keeper.digest));
    const key = stateKey.contract(treasury.digest);
    const forged = tree.update([{ key, value: other }]);
    for (const [contract, place] of PLACES) {
      const proof = proveStored(forged, contract, place);
      if (contract !== treasury || proof === undefined) continue;
      const about = { root: forged.root, contract: contract.digest, place, proof };
      expect(verifyStored(about)).toEqual({ ok: false, reason: "no-contract" });
    }
  });

  test("is at a place that the contract declares, with keys of its types", () => {
    const proof = proofOf(treasury, { type: "vault", asset: "" });
    const wrong: readonly StoredPlace[] = [
      { type: "cell", map: "nobody", keys: [1n] },
      { type: "cell", map: "owners", keys: [] },
      { type: "cell", map: "owners", keys: [1n] },
      { type: "cell", map: "owners", keys: [owner, owner] },
      { type: "cell", map: "payments", keys: [1n << 127n] },
      { type: "scalar", name: "owners" },
      { type: "vault", asset: "GOLD" },
    ];
    for (const place of wrong) {
      expect(proveStored(tree, treasury, place)).toBeUndefined();
      expect(verify(treasury, place, proof)).toEqual({ ok: false, reason: "no-place" });
    }
  });
});

/** Decodes a proof; undefined for bytes that are none. */
function decoded(bytes: Uint8Array): MerkleProof | undefined {
  try {
    const proof = decodeProof(bytes);
    expect(compareBytes(encodeProof(proof), bytes)).toBe(0);
    return proof;
  } catch (error) {
    if (error instanceof MerkleError) return undefined;
    throw new Error(`${toHex(bytes.slice(0, 8))}: ${String(error)}`);
  }
}
