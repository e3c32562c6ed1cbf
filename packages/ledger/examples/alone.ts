import * as m from "@aethel/models";
import { DEFAULT_ECONOMICS } from "@aethel/rewards";
import { judgeIdentity, standardIntents } from "@aethel/verifier";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The only validator. */
export const alice = m.createSigner(m.sha256(utf8("alice")));
export const aliceId = m.toAccountId(alice.publicKey);
export const bobId = m.toAccountId(m.createSigner(m.sha256(utf8("bob"))).publicKey);

export const parameters: m.ChainParameters = {
  ...DEFAULT_ECONOMICS,
  minBlockIntervalMs: 1_000,
  heartbeatIntervalMs: 0,
  clockPrecisionMs: 250,
  maxDriftMs: 500,
  viewTimeoutMs: 5_000,
  viewTimeoutMaxMs: 60_000,
  judgingBoundMs: 10_000,
  disseminationBoundMs: 1_000,
  networkDelayMs: 500,
  checkpointInterval: m.toSequence(100),
  epochMs: 100_000,
  blockBytesMax: 4_000_000,
  blockResourceMax: m.toResource(40_000_000),
  blockUnitsMax: m.toResource(8_000_000),
  stateGrowthMax: 4_194_304,
  proofResourceMax: m.toResource(20_000_000),
  judge: judgeIdentity(),
};

const transfers = standardIntents().filter(({ name }) => name === "transfer");

/** One validator, one account with money, one intent. */
export const genesis: m.Genesis = {
  name: utf8("alone"),
  timestamp: m.toTimestamp(1_800_000_000_000),
  parameters,
  validators: [{ id: aliceId, key: alice.publicKey, stake: m.toAmount(5_000_000_000n) }],
  assets: [],
  accounts: [{ id: aliceId, balance: m.toAmount(9_000_000_000n) }],
  intents: transfers.map(({ source }) => ({ source: utf8(source) })),
  faucet: undefined,
};

/** A transfer from Alice to Bob, signed, with a fee limit that suffices. */
export function transfer(
  intent: m.Digest,
  amount: bigint,
  quote: (body: m.ProofBody) => m.Amount,
): m.Proof {
  const body: m.ProofBody = {
    type: "invoke",
    author: aliceId,
    nonce: m.toNonce(0),
    resourceLimit: m.toResource(1_000),
    feeLimit: m.toAmount(0n),
    expiry: m.toSequence(50),
    calls: [
      {
        intent,
        arguments: [
          { type: "account", value: aliceId },
          { type: "account", value: bobId },
          { type: "amount", value: m.toAmount(amount) },
        ],
      },
    ],
    cosigners: [],
  };
  return m.signProof(m.hashGenesis(genesis), { ...body, feeLimit: quote(body) }, [alice]);
}

/** Consensus by one: Alice's vote alone is a quorum. */
export function certify(block: m.Block, set: m.ValidatorSet): m.QuorumCertificate {
  const { sequence } = block.header;
  const vote = { sequence, view: m.toView(0), digest: m.blockDigest(block.header) };
  const signature = alice.sign(m.signableVote("commit", m.hashGenesis(genesis), vote));
  const votes = [{ voter: m.toValidatorIndex(0), signature }];
  return m.createCertificate({ phase: "commit", vote, set, votes });
}
