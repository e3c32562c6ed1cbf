import {
  type Commit,
  createSigner,
  Proof,
  type ProofBody,
  type Signer,
  sha256,
  signableVote,
  signProof,
  toAccountId,
  toAmount,
  toNonce,
  toResource,
  toSequence,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { list, struct } from "@aethel/models/codec";

export const genesis = sha256(new Uint8Array([1]));

export const signer: Signer = createSigner(new Uint8Array(32).fill(1));

export const Proofs = struct("Proofs", { proofs: list(Proof, 8_192) });

const body = { sequence: toSequence(1_000_000), view: toView(2), digest: sha256(genesis) };

export const vote: Commit = {
  ...body,
  voter: toValidatorIndex(7),
  signature: signer.sign(signableVote("commit", genesis, body)),
};

/** Transfers: an account, an amount, one signer. */
export const proofs: readonly Proof[] = Array.from({ length: 1_000 }, (_, at) => {
  const transfer: ProofBody = {
    type: "invoke",
    author: toAccountId(signer.publicKey),
    nonce: toNonce(at),
    resourceLimit: toResource(10_000),
    feeLimit: toAmount(1_000n),
    expiry: toSequence(2_000_000),
    calls: [
      {
        intent: genesis,
        arguments: [
          { type: "account", value: toAccountId(sha256(Uint8Array.of(at & 0xff))) },
          { type: "amount", value: toAmount(BigInt(at)) },
        ],
      },
    ],
    cosigners: [],
  };
  return signProof(genesis, transfer, [signer]);
});

/** The same values as `PeerProofs` wants them: unions by number. */
export const peerProofs = proofs.map(({ body: of, signatures }) => ({
  body: {
    selector: 1,
    value: {
      ...of,
      tip: null,
      calls:
        of.type === "invoke"
          ? of.calls.map(({ intent, arguments: given }) => ({
              intent,
              arguments: given.map((one) => ({
                selector: one.type === "account" ? 0 : 1,
                value: one,
              })),
            }))
          : [],
      spending: null,
    },
  },
  signatures,
}));
