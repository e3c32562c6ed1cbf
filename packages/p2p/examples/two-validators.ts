import {
  createSigner,
  createValidatorSet,
  toAccountId,
  toAmount,
  toDigest,
  toSequence,
  ZERO_DIGEST,
} from "@aethel/models";
import { createPeerTransport, describePeerEvent } from "@aethel/p2p";

const genesis = toDigest(new Uint8Array(32).fill(1));
const validators = [1, 2].map((seed) => {
  const signer = createSigner(new Uint8Array(32).fill(seed));
  return { id: toAccountId(signer.publicKey), signer, power: toAmount(10n) };
});
const set = createValidatorSet(validators.map((one) => ({ ...one, key: one.signer.publicKey })));

async function start(at: 0 | 1, bootstrap: readonly string[]) {
  const { id, signer } = validators[at] ?? raise();
  return await createPeerTransport({
    genesis,
    networkKey: new Uint8Array(32).fill(at + 11), // not the consensus key
    validator: { id, signer },
    validators: () => set,
    listen: ["/ip4/127.0.0.1/tcp/0"],
    bootstrap,
    onEvent: (event) => log.push(describePeerEvent(event)),
  });
}

const log: string[] = [];
await using first = await start(0, []);
await using second = await start(1, first.addresses());

second.attach({
  message() {},
  connected() {},
  request: async () => ({ type: "head", sequence: toSequence(42), digest: ZERO_DIGEST }),
});
const reachable = Promise.withResolvers<void>();
first.attach({
  message() {},
  connected: () => reachable.resolve(), // it proved that it holds its validator's key
  request: async () => ({ type: "absent", head: toSequence(0) }),
});
await reachable.promise;

const [peer] = first.peers();
const question = { type: "head", known: toSequence(0) } as const;
const { signal } = new AbortController();

/** What the second validator answered, and what happened on the way. */
export const answer = await first.request(peer ?? raise(), question, signal);
export const events: readonly string[] = log;

function raise(): never {
  throw new Error("no validator");
}
