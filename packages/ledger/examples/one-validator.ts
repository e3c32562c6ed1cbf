import { createLedger, earliestTimestamp, quoteFeeLimit } from "@aethel/ledger";
import { toDifficulty, toSequence, ZERO_DIGEST } from "@aethel/models";
import { createJudge, judgeIdentity } from "@aethel/verifier";
import { aliceId, bobId, certify, genesis, parameters, transfer } from "./alone.ts";

await using judge = await createJudge({ workers: 1 });
const ledger = await createLedger({ genesis, judge, judgeIdentity: judgeIdentity() });

// Alice, the only validator, sends 25 tokens to Bob through a proven intent.
const difficulty = toDifficulty(0);
const intent = ledger.intents()[0]?.digest ?? ZERO_DIGEST;
const proof = transfer(intent, 25_000_000n, (body) =>
  quoteFeeLimit({ body, difficulty, parameters }),
);
const submitted = ledger.submit(proof);

// What `@aethel/pbft` does with an application, for one sequence.
const block = await ledger.propose({
  sequence: toSequence(1),
  timestamp: earliestTimestamp(ledger.state()),
  proposer: aliceId,
  parentCertificate: undefined,
  evidence: [],
  reason: "work",
  signal: new AbortController().signal,
});
if (block === undefined) throw new Error("there was a transfer to propose");
await ledger.commit({ block, certificate: certify(block, ledger.head().validators) });

/** Results of the transfer. */
export const summary = {
  submitted: submitted.type, // "accepted"
  outcome: (await ledger.receipts(toSequence(1)))[0]?.outcome, // "applied"
  bob: ledger.account(bobId).balance, // 25000000n
  burned: ledger.supply().burned, // a part of the fee
};
