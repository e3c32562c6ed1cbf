import { createSigner, createValidatorSet, toAccountId, toAmount } from "@aethel/models";
import { createReplica } from "@aethel/pbft";
import {
  Counter,
  clock,
  createHub,
  forgetfulLog,
  genesis,
  parameters,
} from "./counter-application.ts";

const signers = [1, 2, 3, 4].map((seed) => createSigner(new Uint8Array(32).fill(seed)));
const validators = signers.map(({ publicKey }) => ({
  id: toAccountId(publicKey),
  key: publicKey,
  power: toAmount(1n),
}));
const connect = createHub();
const replicas = signers.map((signer) => {
  const id = toAccountId(signer.publicKey);
  const application = new Counter(createValidatorSet(validators), 10);
  const [transport, signingLog] = [connect(id), forgetfulLog];
  const world = { application, transport, signingLog, clock };
  return { application, replica: createReplica({ genesis, parameters, signer, id, ...world }) };
});

await Promise.all(replicas.map(({ replica }) => replica.start()));
while (replicas.some(({ application }) => application.hasWork())) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await Promise.all(replicas.map(({ replica }) => replica.stop()));
/** What each of the four holds in the end. */
export const values = replicas.map(({ application }) => application.value());
console.log("all four counted to", values);
