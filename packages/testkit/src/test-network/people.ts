import { type Genesis, toAmount } from "@aethel/models";
import type { ApplicationKind } from "../applications/application-kind.ts";
import { ledger } from "../applications/ledger/ledger-application.ts";
import { type TestKey, testKey } from "../fixtures/test-chain.ts";
import { createTestGenesis, TEST_PARAMETERS } from "../fixtures/test-genesis.ts";
import type { ResolvedWorld } from "../scenario/resolve-world.ts";

const ACCOUNTS = 6;
const FUNDS = toAmount(1_000_000_000_000n);

/**
 * Keys of a world: those of its validators, of accounts for tests, and of workers, which submit
 * items.
 */
export interface People {
  readonly validators: readonly { readonly owner: TestKey; readonly voter: TestKey }[];
  readonly accounts: readonly TestKey[];
  readonly workers: readonly TestKey[];
}

/**
 * Creates the keys of a world. On the ledger all validators are workers too, elsewhere two of them.
 */
export function createPeople({ nodeCount }: ResolvedWorld, kind: ApplicationKind): People {
  const several = (label: string): readonly TestKey[] =>
    Array.from({ length: ACCOUNTS }, (_, at) => testKey(`world/${label}/${at}`));
  const validators = Array.from({ length: nodeCount }, (_, at) => ({
    owner: testKey(`world/validator/${at}/account`),
    voter: testKey(`world/validator/${at}/vote`),
  }));
  // On the ledger all validators move their stake; on the counter two of them submit like others.
  const stakers = kind.name === ledger.name ? validators : validators.slice(0, 2);
  return {
    validators,
    accounts: several("account"),
    workers: [...several("worker"), ...stakers.map(({ owner }) => owner)],
  };
}

/** Creates the genesis of a world. */
export function foundChain(kind: ApplicationKind, world: ResolvedWorld, people: People): Genesis {
  const { minimumStake } = TEST_PARAMETERS;
  return createTestGenesis({
    name: "world",
    intents: kind.intents,
    parameters: world.parameters,
    validators: people.validators.map(({ owner, voter }, at) => ({
      id: owner.id,
      key: voter.signer.publicKey,
      stake: toAmount(minimumStake * BigInt(world.powers[at] ?? 1)),
    })),
    accounts: [...people.accounts, ...people.workers].map(({ id }) => ({ id, balance: FUNDS })),
  });
}

/**
 * Returns the keys of all instances: the validators in order, then those that have a twin once
 * more.
 */
export function instancesOf(people: People, world: ResolvedWorld): People["validators"] {
  const { validators } = people;
  return [...validators, ...validators.filter((_, at) => world.twins.includes(at))];
}
