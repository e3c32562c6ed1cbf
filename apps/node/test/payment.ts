import {
  type AccountId,
  fromHex,
  type Genesis,
  hashGenesis,
  type Signer,
  signProof,
  toAmount,
  toDigest,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { feeLimitFor } from "../src/api/fee-limit.ts";
import type { NodeClient } from "../src/client/node-client.ts";

/** Submits one payment through a node, unless a proof waits in its mempool. */
export async function payIfIdle(
  client: NodeClient,
  payment: {
    readonly genesis: () => Genesis | Promise<Genesis>;
    readonly from: { readonly id: AccountId; readonly signer: Signer };
    readonly to: AccountId;
    readonly amount: bigint;
  },
): Promise<void> {
  const { from, to, amount } = payment;
  const { head, mempool } = await client.status();
  if (mempool.proofs > 0) return;
  const [{ nextNonce }, intents, genesis] = await Promise.all([
    client.account(toHex(from.id)),
    client.intents(),
    payment.genesis(),
  ]);
  const transfer = intents.find(({ name }) => name === "transfer");
  const draft = {
    type: "invoke",
    author: from.id,
    nonce: toNonce(nextNonce),
    resourceLimit: toResource(100_000),
    feeLimit: toAmount(0n),
    expiry: toSequence(head.sequence + 1_000),
    calls: [
      {
        intent: toDigest(fromHex(transfer?.digest ?? "")),
        arguments: [
          { type: "account", value: from.id },
          { type: "account", value: to },
          { type: "amount", value: toAmount(amount) },
        ],
      },
    ],
    cosigners: [],
  } as const;
  const feeLimit = feeLimitFor(genesis.parameters, draft);
  await client.submit(signProof(hashGenesis(genesis), { ...draft, feeLimit }, [from.signer]));
}
