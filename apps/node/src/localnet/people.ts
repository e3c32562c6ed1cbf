import { type AccountId, createSigner, type Signer, sha256, toAccountId } from "@aethel/models";

/**
 * Well-known account of a local network. Its key is derived from its name, so everybody can compute
 * it. It MUST NOT be used on other networks.
 */
export interface Person {
  readonly name: string;
  readonly id: AccountId;
  readonly signer: Signer;
  /** Seed of the key. */
  readonly secret: Uint8Array;
}

const NAMES = ["alice", "bob", "carol", "dora", "erik", "mallory"] as const;

/** Name of one of the well-known accounts. */
export type PersonName = (typeof NAMES)[number] | "faucet";

/** Derives the well-known account of a name. */
export function person(name: PersonName): Person {
  const secret = sha256(new TextEncoder().encode(`aethel/localnet/${name}`));
  const signer = createSigner(secret);
  return { name, id: toAccountId(signer.publicKey), signer, secret };
}

/** Returns all well-known accounts except the faucet, in the order in which tables show them. */
export function people(): readonly Person[] {
  return NAMES.map(person);
}
