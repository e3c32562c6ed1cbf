import {
  type AccountId,
  createSigner,
  createValidatorSet,
  type Digest,
  type Signer,
  sha256,
  toAccountId,
  toAmount,
  type ValidatorSet,
} from "@aethel/models";

/** A key pair that everyone can make again from its label. For tests alone. */
export interface TestKey {
  /** The 32-byte seed. */
  readonly secret: Uint8Array;
  readonly signer: Signer;
  /** The account that the key owns. */
  readonly id: AccountId;
}

const keys = new Map<string, TestKey>();

/** The key of a label; always the same one. */
export function testKey(label: string): TestKey {
  const known = keys.get(label);
  if (known !== undefined) return known;
  const secret = sha256(new TextEncoder().encode(`aethel/testkit/key/${label}`));
  const signer = createSigner(secret);
  const key = { secret, signer, id: toAccountId(signer.publicKey) };
  keys.set(label, key);
  return key;
}

/** What signed wire types need to be real: a chain, its validators, and all their secrets. */
export interface TestChain {
  readonly genesis: Digest;
  readonly set: ValidatorSet;
  /** By index in the set. */
  readonly signers: readonly Signer[];
  /** Who can sign proofs; none of them is a validator. */
  readonly accounts: readonly TestKey[];
}

/** A chain whose validators have the given powers; the same name and powers give the same chain. */
export function createTestChain(
  options: { readonly name?: string; readonly powers?: readonly bigint[] } = {},
): TestChain {
  const { name = "chain", powers = [1n, 1n, 1n, 1n] } = options;
  const members = powers.map((power, at) => {
    const owner = testKey(`${name}/validator/${at}/account`);
    const voter = testKey(`${name}/validator/${at}/vote`);
    return { owner, voter, power: toAmount(power) };
  });
  const set = createValidatorSet(
    members.map(({ owner, voter, power }) => ({
      id: owner.id,
      key: voter.signer.publicKey,
      power,
    })),
  );
  const signers = set.validators.map(({ id }) => {
    const member = members.find(({ owner }) => owner.id === id);
    if (member === undefined) throw new Error("a set keeps the ids that it is given");
    return member.voter.signer;
  });
  const accounts = Array.from({ length: 6 }, (_, at) => testKey(`${name}/account/${at}`));
  const genesis = sha256(new TextEncoder().encode(`aethel/testkit/genesis/${name}`));
  return { genesis, set, signers, accounts };
}

/** Four validators of equal power: the chain of every arbitrary that is not given another. */
export const TEST_CHAIN: TestChain = createTestChain();
