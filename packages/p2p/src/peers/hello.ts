import {
  type AccountId,
  concatBytes,
  type Digest,
  equalBytes,
  type PublicKey,
  type Signable,
  type Signature,
  type Signer,
  sha256,
  verifySigned,
} from "@aethel/models";
import {
  accountId,
  type Codec,
  digest,
  fixedBytes,
  optional,
  publicKey,
  signature,
  struct,
} from "@aethel/models/codec";

/**
 * Claim of a peer to be a validator: the validator's id, and the consensus key with which the peer
 * proves it.
 */
export interface ValidatorClaim {
  readonly id: AccountId;
  readonly key: PublicKey;
}

/** Claim with its signature, which is verified only when that matters. */
export interface SignedClaim extends ValidatorClaim {
  /** Returns whether the key that is claimed signed the hello. Verifies once. */
  readonly isSigned: () => boolean;
}

/** First and only message of the handshake, the same in both directions. */
export interface Hello {
  readonly genesis: Digest;
  /**
   * Random bytes, new at each start of the node. So a restarted peer is not confused with its old
   * connections.
   */
  readonly instance: Uint8Array;
  readonly validator: (ValidatorClaim & { readonly signature: Signature }) | undefined;
}

/** Codec of a hello. */
export const Hello: Codec<Hello> = struct("Hello", {
  genesis: digest,
  instance: fixedBytes<Uint8Array>(16),
  validator: optional(struct("HelloValidator", { id: accountId, key: publicKey, signature })),
});

/**
 * Sender and receiver of a hello: the bytes of both peer ids (multihashes), as Noise authenticated
 * them.
 */
export interface HelloParties {
  readonly sender: Uint8Array;
  readonly receiver: Uint8Array;
}

/**
 * Returns the object that a validator signs for its hello. It contains both peer ids, so nobody can
 * use the signature towards another peer, or send it back to its signer.
 */
export function signableHello(genesis: Digest, id: AccountId, parties: HelloParties): Signable {
  const bytes = concatBytes(sha256(parties.sender), sha256(parties.receiver), id);
  return { tag: "peer-handshake", genesis, bytes };
}

/** Creates this node's hello to one peer. */
export function createHello(options: {
  readonly genesis: Digest;
  readonly instance: Uint8Array;
  readonly validator: { readonly id: AccountId; readonly signer: Signer } | undefined;
  readonly parties: HelloParties;
}): Hello {
  const { genesis, instance, validator, parties } = options;
  if (validator === undefined) return { genesis, instance, validator: undefined };
  const { id, signer } = validator;
  const proof = signer.sign(signableHello(genesis, id, parties));
  return { genesis, instance, validator: { id, key: signer.publicKey, signature: proof } };
}

/** Returns the claim that a hello makes; undefined if it makes none. Verifies nothing yet. */
export function claimOf(
  { validator }: Hello,
  { genesis, parties }: { readonly genesis: Digest; readonly parties: HelloParties },
): SignedClaim | undefined {
  if (validator === undefined) return undefined;
  const { id, key, signature: proof } = validator;
  let known: boolean | undefined;
  const isSigned = (): boolean => {
    known ??= verifySigned(key, signableHello(genesis, id, parties), proof);
    return known;
  };
  return { id, key, isSigned };
}

/**
 * Returns the defect of a peer's hello; undefined if it has none. `names` returns whether the
 * validator set has the claimed key for the claimed id.
 *
 * A signature by any other key is not verified here. It proves nothing while the set does not name
 * the key, and the first verification with a key is expensive: a stranger could cause one with a
 * fresh key in each hello.
 */
export function findHelloDefect(
  hello: Hello,
  expected: {
    readonly genesis: Digest;
    readonly claim: SignedClaim | undefined;
    readonly names: (claim: ValidatorClaim) => boolean;
  },
): "other-chain" | "bad-signature" | undefined {
  const { genesis, claim, names } = expected;
  if (!equalBytes(hello.genesis, genesis)) return "other-chain";
  if (claim === undefined || !names(claim)) return undefined;
  return claim.isSigned() ? undefined : "bad-signature";
}
