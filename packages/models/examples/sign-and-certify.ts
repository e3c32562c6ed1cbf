import {
  createCertificate,
  createSigner,
  createValidatorSet,
  findCertificateDefect,
  QuorumCertificate,
  sha256,
  signableVote,
  toAccountId,
  toAmount,
  toSequence,
  toValidatorIndex,
  toView,
} from "@aethel/models";

const genesis = sha256(new TextEncoder().encode("my chain"));
const signer = createSigner(new Uint8Array(32).fill(1)); // a secret of 32 random bytes
const [id, key] = [toAccountId(signer.publicKey), signer.publicKey];
const set = createValidatorSet([{ id, key, power: toAmount(100n) }]);

const vote = { sequence: toSequence(1), view: toView(0), digest: sha256(genesis) };
const signature = signer.sign(signableVote("commit", genesis, vote));
const votes = [{ voter: toValidatorIndex(0), signature }];
const certificate = createCertificate({ phase: "commit", vote, set, votes });

const bytes = QuorumCertificate.encode(certificate); // canonical SSZ
const decoded = QuorumCertificate.decode(bytes); // strict: one value, one encoding

/** `undefined`: nothing is wrong with it. */
export const defect = findCertificateDefect({ certificate: decoded, set, genesis });
