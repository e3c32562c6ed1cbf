import { type AccountId, createSigner, type Signer, sha256, toAccountId } from "@aethel/models";

/**
 * Accounts of a local network, for trying things. Their keys are derived from their names, so
 * everybody knows them: never use one anywhere else.
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

/** The well-known account of a name. */
export function person(name: PersonName): Person {
  const secret = sha256(new TextEncoder().encode(`aethel/localnet/${name}`));
  const signer = createSigner(secret);
  return { name, id: toAccountId(signer.publicKey), signer, secret };
}

/** Everyone but the faucet, in the order in which tables show them. */
export function people(): readonly Person[] {
  return NAMES.map(person);
}
