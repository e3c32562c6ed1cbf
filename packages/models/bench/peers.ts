import {
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  OptionalType,
  UintBigintType,
  UintNumberType,
  UnionType,
} from "@chainsafe/ssz";

// The wire types of the bench in `@chainsafe/ssz` alone, as its user would write them: same bytes.

const uint64 = new UintNumberType(8);
const bytes32 = new ByteVectorType(32);
const bytes64 = new ByteVectorType(64);

export const PeerVote = new ContainerType({
  sequence: uint64,
  view: new UintNumberType(4),
  digest: bytes32,
  voter: new UintNumberType(2),
  signature: bytes64,
});

const envelope = {
  author: bytes32,
  nonce: uint64,
  resourceLimit: uint64,
  feeLimit: new UintBigintType(8),
  expiry: uint64,
  tip: new OptionalType(new UintBigintType(8)),
};

const PeerCall = new ContainerType({
  intent: bytes32,
  arguments: new ListCompositeType(
    new UnionType([
      new ContainerType({ value: bytes32 }),
      new ContainerType({ value: new UintBigintType(8) }),
    ]),
    64,
  ),
});

const PeerLimit = new ContainerType({
  signer: new UintNumberType(1),
  asset: bytes32,
  amount: new UintBigintType(8),
});

const PeerInvoke = new ContainerType({
  ...envelope,
  calls: new ListCompositeType(PeerCall, 16),
  cosigners: new ListCompositeType(new ContainerType({ account: bytes32, nonce: uint64 }), 16),
  spending: new OptionalType(new ListCompositeType(PeerLimit, 64)),
});

const PeerProof = new ContainerType({
  body: new UnionType([
    new ContainerType({ ...envelope, source: new ByteListType(65_536) }),
    PeerInvoke,
  ]),
  signatures: new ListCompositeType(bytes64, 17),
});

/** The proofs of a block: nearly all of its bytes. */
export const PeerProofs = new ContainerType({
  proofs: new ListCompositeType(PeerProof, 8_192),
});
