import type { Entry } from "@aethel/merkle";
import { toHex } from "@aethel/models";
import { createMerkleProof, createMPT, verifyMerkleProof } from "@ethereumjs/mpt";
import * as iden3 from "@iden3/js-merkletree";

/** Operations of every compared tree, which changes in place. */
export interface OtherTree {
  readonly name: string;
  /** Inserts all pairs, in one call if the library has one, and gives the root. */
  readonly update: (pairs: readonly Entry[]) => Promise<unknown>;
  readonly get: (key: Uint8Array) => Promise<unknown>;
  /** Makes a proof, and gives a function that verifies it. */
  readonly prove: (key: Uint8Array) => Promise<() => Promise<unknown>>;
}

/** The Merkle Patricia tree of Ethereum, hashed keys, in memory, its node cache on. */
export async function startMpt(): Promise<OtherTree> {
  const options = { useKeyHashing: true };
  const tree = await createMPT({ ...options, cacheSize: 100_000 });
  return {
    name: "@ethereumjs/mpt",
    update: async (pairs) => {
      await tree.batch(pairs.map(({ key, value }) => ({ type: "put", key, value })));
      return tree.root();
    },
    get: async (key) => await tree.get(key),
    prove: async (key) => {
      const proof = await createMerkleProof(tree, key);
      const root = tree.root();
      return async () => {
        const value = await verifyMerkleProof(key, proof, { ...options, root });
        if (value === null) throw new Error("the value is not there");
      };
    },
  };
}

/** Part of iden3's library that is used here; its own types do not resolve under nodenext. */
interface Iden3 {
  readonly InMemoryDB: new (prefix: Uint8Array) => object;
  readonly Merkletree: new (db: object, writable: boolean, levels: number) => Iden3Tree;
  readonly verifyProof: (
    root: object,
    proof: object,
    key: bigint,
    value: bigint,
  ) => Promise<boolean>;
}

interface Iden3Tree {
  readonly add: (key: bigint, value: bigint) => Promise<void>;
  readonly update: (key: bigint, value: bigint) => Promise<unknown>;
  readonly get: (key: bigint) => Promise<{ readonly value: bigint }>;
  readonly root: () => Promise<object>;
  readonly generateProof: (
    key: bigint,
    root: object,
  ) => Promise<{ readonly proof: object; readonly value: bigint }>;
}

/** Sparse tree over Poseidon with 140 levels; keys and values are cut to the size of its field. */
export function startIden3(): OtherTree {
  const { InMemoryDB, Merkletree, verifyProof } = iden3 as unknown as Iden3;
  const tree = new Merkletree(new InMemoryDB(new Uint8Array([1])), true, 140);
  const known = new Set<bigint>();
  return {
    name: "@iden3/js-merkletree",
    update: async (pairs) => {
      for (const pair of pairs) {
        const [key, value] = [
          toInteger(pair.key.subarray(0, 17)),
          toInteger(pair.value.subarray(0, 31)),
        ];
        if (known.has(key)) await tree.update(key, value);
        else await tree.add(key, value);
        known.add(key);
      }
      return await tree.root();
    },
    get: async (key) => await tree.get(toInteger(key.subarray(0, 17))),
    prove: async (key) => {
      const at = toInteger(key.subarray(0, 17));
      const root = await tree.root();
      const { proof, value } = await tree.generateProof(at, root);
      return async () => {
        if (!(await verifyProof(root, proof, at, value))) throw new Error("not verified");
      };
    },
  };
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}
