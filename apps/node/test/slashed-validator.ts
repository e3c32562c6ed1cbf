import type { ValidatorRecord } from "@aethel/ledger";
import { toAmount, toPublicKey } from "@aethel/models";
import { testKey } from "@aethel/testkit";

/** Record of a new validator with this stake. */
export function slashedValidator(stake: bigint): ValidatorRecord {
  return {
    key: toPublicKey(testKey("slashed").signer.publicKey),
    stake: toAmount(stake),
    status: "active",
    rewards: toAmount(0n),
    tips: toAmount(0n),
    votes: 0,
    blocks: 0,
    offences: 0,
    slashed: toAmount(0n),
    recent: [],
    absent: 0,
    short: { votes: 0, blocks: 0, lastedMs: 0 },
    nextKey: undefined,
    convictedAt: undefined,
  };
}
