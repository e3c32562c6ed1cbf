import { sized } from "@aethel/bench";
import {
  type ConsensusMessage,
  createSigner,
  createValidatorSet,
  equalBytes,
  sha256,
  toAccountId,
  toAmount,
  toSequence,
  toValidatorIndex,
  toView,
  type ValidatorSet,
} from "@aethel/models";
import {
  type Application,
  createGenesisHead,
  createReplica,
  type PacingParameters,
  signStatement,
  type TransportHandlers,
} from "@aethel/pbft";

const genesis = sha256(new TextEncoder().encode("flood"));

const parameters: PacingParameters = {
  minBlockIntervalMs: 1_000,
  heartbeatIntervalMs: 0,
  maxDriftMs: 5_000,
  viewTimeoutMs: 5_000,
  viewTimeoutMaxMs: 60_000,
  judgingBoundMs: 20_000,
  disseminationBoundMs: 5_000,
  networkDelayMs: 1_000,
};

const SECONDS = sized(10, 1);
/** As many as the transport lets through. */
const PER_SECOND = 2_000;

/** Processor time, as a share of one core, that one validator of `n` takes by sending all it can. */
export async function floodShare(n: number): Promise<number> {
  const { set, signers } = createMembers(n);
  const [own] = set.validators;
  const [signer] = signers;
  if (own === undefined || signer === undefined) throw new Error("there is one");
  const votes = signVotes(set, signers);
  let now = 1_000_000;
  let handlers: TransportHandlers | undefined;
  const head = createGenesisHead({ genesis, validators: set, application: genesis });
  const replica = createReplica({
    genesis,
    parameters,
    id: own.id,
    signer,
    application: { head: () => head, hasWork: () => false } as Partial<Application> as Application,
    signingLog: { load: async () => [], append: async () => {}, compact: async () => {} },
    clock: {
      now: () => now,
      // Only the pause after so many inputs is of this length.
      schedule: (ms, run) => {
        if (ms > 0) return () => {};
        setImmediate(run);
        return () => {};
      },
    },
    transport: {
      attach: (given) => {
        handlers = given;
      },
      broadcast() {},
      send() {},
      peers: () => [],
      request: () => Promise.reject(new Error("nobody")),
    },
  });
  void replica.start();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const from = set.validators[1]?.id;
  const before = process.cpuUsage();
  for (let second = 0; second < SECONDS; second++) {
    for (const vote of votes.slice(second * PER_SECOND, (second + 1) * PER_SECOND)) {
      now += 1_000 / PER_SECOND;
      if (handlers === undefined) throw new Error("the replica listens to nobody");
      handlers.message(vote, from);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const { user, system } = process.cpuUsage(before);
  await replica.stop();
  return (user + system) / 1_000_000 / SECONDS;
}

function createMembers(n: number): {
  readonly set: ValidatorSet;
  readonly signers: readonly ReturnType<typeof createSigner>[];
} {
  const made = Array.from({ length: n }, (_, at) => createSigner(sha256(new Uint8Array([at, 9]))));
  const set = createValidatorSet(
    made.map((signer) => ({
      id: toAccountId(signer.publicKey),
      key: signer.publicKey,
      power: toAmount(1n),
    })),
  );
  const signers = set.validators.map(({ key }) => {
    const signer = made.find(({ publicKey }) => equalBytes(publicKey, key));
    if (signer === undefined) throw new Error("each has a signer");
    return signer;
  });
  return { set, signers };
}

/** No two the same, each authentic. */
function signVotes(
  set: ValidatorSet,
  signers: readonly ReturnType<typeof createSigner>[],
): readonly ConsensusMessage[] {
  const signer = signers[1];
  if (signer === undefined) throw new Error(`a second of ${set.validators.length}`);
  return Array.from({ length: SECONDS * PER_SECOND }, (_, at) => {
    const where = { sequence: toSequence(1), view: toView(at), digest: genesis };
    const statement = { type: "prepare", ...where, voter: toValidatorIndex(1) } as const;
    return signStatement({ statement, genesis, signer });
  });
}
