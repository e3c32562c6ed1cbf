import { readGenesisFile, writeGenesisFile } from "../src/genesis-file/index.ts";
import {
  createCertificate,
  createSigner,
  createValidatorSet,
  defaultBackend,
  findCertificateDefect,
  hashGenesis,
  QuorumCertificate,
  sha256,
  signableVote,
  toAccountId,
  toAmount,
  toHex,
  toSequence,
  toValidatorIndex,
  toView,
} from "../src/index.ts";
import { exampleOf } from "./schema-text.ts";
import { genesis } from "./sound-genesis.ts";
import { wireTypes } from "./wire-types.ts";

/** Results of a light client as a text, equal on every host except for the name of the backend. */
export function run(): string {
  const chain = hashGenesis(genesis);
  const signers = [1, 2, 3].map((seed) => createSigner(new Uint8Array(32).fill(seed)));
  const set = createValidatorSet(
    signers.map(({ publicKey: key }) => ({ id: toAccountId(key), key, power: toAmount(1n) })),
  );
  const vote = { sequence: toSequence(1), view: toView(0), digest: sha256(chain) };
  const votes = set.validators.map(({ key }, index) => {
    const signer = signers.find(({ publicKey }) => toHex(publicKey) === toHex(key));
    if (signer === undefined) throw new Error("no such signer");
    const signature = signer.sign(signableVote("commit", chain, vote));
    return { voter: toValidatorIndex(index), signature };
  });
  const bytes = QuorumCertificate.encode(createCertificate({ phase: "commit", vote, set, votes }));
  const certificate = QuorumCertificate.decode(bytes);
  const foreign = { certificate, set, genesis: vote.digest };
  const file = readGenesisFile(writeGenesisFile(genesis));
  const examples = wireTypes.map(([name, codec]) => {
    const example = codec.encode(exampleOf(codec.schema, 2));
    const again = codec.encode(
      codec.fromJson(JSON.parse(JSON.stringify(codec.toJson(codec.decode(example))))),
    );
    return `${name} ${toHex(sha256(again))}`;
  });
  return JSON.stringify({
    backend: defaultBackend().name,
    certificate: toHex(bytes),
    defect: findCertificateDefect({ certificate, set, genesis: chain }) ?? "none",
    foreign: findCertificateDefect(foreign) ?? "none",
    file: file.ok && toHex(hashGenesis(file.genesis)),
    examples,
  });
}
