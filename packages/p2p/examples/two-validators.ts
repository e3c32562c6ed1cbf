import * as models from "@aethel/models";
import { createPeerTransport, describePeerEvent, type PeerTransport } from "@aethel/p2p";

const seed = (byte: number) => new Uint8Array(32).fill(byte);
const signers = [models.createSigner(seed(1)), models.createSigner(seed(2))] as const;
const members = signers.map((signer) => ({ id: models.toAccountId(signer.publicKey), signer }));
const set = models.createValidatorSet(
  members.map(({ id, signer }) => ({ id, key: signer.publicKey, power: models.toAmount(10n) })),
);
/** Events in words. */
export const log: string[] = [];
const met = Promise.withResolvers<models.AccountId>();

const transports: PeerTransport[] = [];
for (const [at, validator] of members.entries()) {
  const header = { sequence: models.toSequence(40 + at) };
  const transport = await createPeerTransport({
    genesis: models.toDigest(seed(7)),
    validator,
    networkKey: seed(10 + at), // never the consensus key
    head: () => ({ header, validators: set, previousValidators: set }),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    bootstrap: transports.flatMap((other) => other.addresses()),
    onEvent: (event) => log.push(describePeerEvent(event)),
  });
  const head = { ...header, digest: models.ZERO_DIGEST, oldest: models.toSequence(1) };
  transport.attach({
    message() {},
    request: async () => ({ type: "head", ...head }),
    connected: (peer) => at === 0 && met.resolve(peer), // it proved that it holds its key
  });
  transports.push(transport);
}

const question = { type: "head", known: models.toSequence(0) } as const;
const peer = await met.promise;
/** Answer of the second validator to the first. */
export const answer = await transports[0]?.request(peer, question, AbortSignal.timeout(5_000));
for (const transport of transports) await transport.stop();
