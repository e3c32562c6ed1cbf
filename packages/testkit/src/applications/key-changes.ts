import type { PublicKey, Signer } from "@aethel/models";
import { type TestKey, testKey } from "../fixtures/test-chain.ts";

/** A validator that votes with another key from some epoch on. */
export interface KeyChange {
  readonly node: number;
  /** First epoch, counted from 0, whose set names the new key. */
  readonly epoch: number;
  /** Keys that the node's process holds. With only one of the two it cannot vote in some epochs. */
  readonly holds: "both" | "old" | "new";
}

/** Returns the consensus key of a node after its change of keys. */
export function nextKeyOf(node: number): TestKey {
  return testKey(`world/validator/${node}/next-vote`);
}

/** Returns the signers that a node's process holds. */
export function signersOfNode(
  node: number,
  voter: TestKey,
  changes: readonly KeyChange[],
): readonly Signer[] {
  const change = changes.find((each) => each.node === node);
  const next = nextKeyOf(node).signer;
  switch (change?.holds) {
    case "both":
      return [voter.signer, next];
    case "new":
      return [next];
    case "old":
    case undefined:
      return [voter.signer];
  }
}

/** Returns the consensus key that the validator set of an epoch names for a node. */
export function keyAt(
  node: number,
  epoch: number,
  { key, changes }: { readonly key: PublicKey; readonly changes: readonly KeyChange[] },
): PublicKey {
  const change = changes.find((each) => each.node === node);
  return change !== undefined && epoch >= change.epoch ? nextKeyOf(node).signer.publicKey : key;
}
