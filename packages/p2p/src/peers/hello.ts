import {
  type AccountId,
  concatBytes,
  type Digest,
  equalBytes,
  JudgeIdentity,
  type PublicKey,
  type Sequence,
  type Signable,
  type Signature,
  type Signer,
  sha256,
  toSequence,
  verifySigned,
} from "@aethel/models";
import {
  accountId,
  boundedBytes,
  type Codec,
  digest,
  enumeration,
  fixedBytes,
  list,
  natural,
  optional,
  publicKey,
  sequence,
  signature,
  struct,
} from "@aethel/models/codec";
import { PEER_ROLES, type PeerRole, type PeerVersions } from "./versions.ts";

/**
 * Version of the peer protocols. It grows with every change of a message that an older node cannot
 * read. Peers with another version refuse each other and say so.
 */
export const PROTOCOL_VERSION = 2;

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

/**
 * Field of a hello that a later release of the same protocol version adds. A node that does not
 * know `type` ignores the field if `type` is odd, and refuses the peer if `type` is even.
 */
export interface HelloExtension {
  readonly type: number;
  readonly value: Uint8Array;
}

/** First message of the handshake, the same in both directions. */
export interface Hello {
  readonly genesis: Digest;
  /**
   * Random bytes, new at each start of the node. So a restarted peer is not confused with its old
   * connections.
   */
  readonly instance: Uint8Array;
  readonly versions: PeerVersions;
  readonly role: PeerRole;
  /** Last final sequence that the sender says it has. It proves nothing. */
  readonly head: Sequence;
  /** Further fields, ascending by type. */
  readonly extensions: readonly HelloExtension[];
  readonly validator: (ValidatorClaim & { readonly signature: Signature }) | undefined;
}

const HelloBody: Codec<Omit<Hello, "genesis">> = struct("HelloBody", {
  instance: fixedBytes<Uint8Array>(16),
  versions: struct("HelloVersions", { judge: optional(JudgeIdentity), application: natural(4) }),
  role: enumeration(PEER_ROLES),
  head: sequence,
  extensions: list(struct("HelloExtension", { type: natural(2), value: boundedBytes(256) }), 16),
  validator: optional(struct("HelloValidator", { id: accountId, key: publicKey, signature })),
});

/**
 * Part of a hello that every version of the protocol can read. A node reads the body only of a hello
 * of its own version, so it can tell a peer of any other version why it is refused.
 */
export const HelloEnvelope: Codec<{
  readonly genesis: Digest;
  readonly protocol: number;
  readonly body: Uint8Array;
}> = struct("HelloEnvelope", { genesis: digest, protocol: natural(2), body: boundedBytes(8_192) });

/** Codec of a hello of this protocol version. */
export const Hello: Pick<Codec<Hello>, "encode" | "decode" | "maxBytes"> = {
  maxBytes: HelloEnvelope.maxBytes,
  encode: ({ genesis, ...body }) =>
    HelloEnvelope.encode({ genesis, protocol: PROTOCOL_VERSION, body: HelloBody.encode(body) }),
  decode(bytes) {
    const { genesis, protocol, body } = HelloEnvelope.decode(bytes);
    if (protocol !== PROTOCOL_VERSION) throw new Error(`the protocol is version ${protocol}`);
    const hello = { genesis, ...HelloBody.decode(body) };
    const isAscending = hello.extensions.every(
      ({ type }, at) => at === 0 || type > (hello.extensions[at - 1]?.type ?? type),
    );
    if (isAscending) return hello;
    throw new Error("the extensions are not in ascending order");
  },
};

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
  /** Default: no Judge, application 0. */
  readonly versions?: PeerVersions;
  /** Default: `validator` with a validator, otherwise `observer`. */
  readonly role?: PeerRole;
  /** Default: 0. */
  readonly head?: Sequence;
}): Hello {
  const { genesis, instance, validator, parties } = options;
  const about = {
    genesis,
    instance,
    versions: options.versions ?? { judge: undefined, application: 0 },
    role: options.role ?? (validator === undefined ? "observer" : "validator"),
    head: options.head ?? toSequence(0),
    extensions: [],
  };
  if (validator === undefined) return { ...about, validator: undefined };
  const { id, signer } = validator;
  const proof = signer.sign(signableHello(genesis, id, parties));
  return { ...about, validator: { id, key: signer.publicKey, signature: proof } };
}

/** Returns the claim that a hello makes; undefined if it makes none. Verifies nothing yet. */
export function claimOf(
  { validator }: Pick<Hello, "validator">,
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
): "other-chain" | "unknown-feature" | "bad-signature" | undefined {
  const { genesis, claim, names } = expected;
  if (!equalBytes(hello.genesis, genesis)) return "other-chain";
  // No extension is known to this release yet.
  if (hello.extensions.some(({ type }) => type % 2 === 0)) return "unknown-feature";
  if (claim === undefined || !names(claim)) return undefined;
  return claim.isSigned() ? undefined : "bad-signature";
}
