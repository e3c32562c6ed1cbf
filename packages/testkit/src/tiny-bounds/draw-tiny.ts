import {
  createPrograms,
  genesisState,
  type LedgerState,
  type Program,
  type Programs,
  STATE_BOUNDS,
  type StateBounds,
  systemIntents,
} from "@aethel/ledger";
import { type Digest, hashGenesis, toAmount, toDifficulty, toResource } from "@aethel/models";
import { compileSource, standardIntents } from "@aethel/verifier";
import { encodeCertificate } from "@aethel/verifier/certificate";
import { type TestKey, testKey } from "../fixtures/test-chain.ts";
import { createTestGenesis, TEST_PARAMETERS } from "../fixtures/test-genesis.ts";
import type { Random } from "../random.ts";

/**
 * A ledger without consensus. Its bounds are so small that a few accounts can reach each of them.
 */
export interface TinyLedger {
  readonly bounds: StateBounds;
  readonly chain: Digest;
  readonly programs: Programs;
  /** Intents of the genesis, which accounts can call. */
  readonly callable: readonly Program[];
  readonly intents: ReadonlyMap<string, Digest>;
  /** Accounts: the founding validators first, then others that may become validators. */
  readonly people: readonly TestKey[];
  /** Consensus keys that validators may change to, each once. */
  readonly keys: readonly TestKey[];
  readonly state: LedgerState;
}

const FOUNDERS = 4;
const JOINING = 8;
const KEYS = 16;
const UNIT = TEST_PARAMETERS.minimumStake;
const BALANCE = toAmount(1_000n * UNIT);

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const SOURCES = [...standardIntents(), ...systemIntents()].map(({ source }) => utf8(source));

/**
 * Draws a ledger with bounds from 2 to 8, short epochs, and founders of equal or different stake.
 */
export function drawTiny(random: Random): TinyLedger {
  const bounds = drawBounds(random);
  const people = labelled("person", FOUNDERS + JOINING);
  const keys = labelled("key", KEYS);
  const epochMs = random.pick([250, 500, 1_000]);
  const isEqual = random.chance(0.5);
  const founders = people.slice(0, FOUNDERS).map(({ id, signer }) => ({
    id,
    key: signer.publicKey,
    stake: toAmount(UNIT * BigInt(isEqual ? 3 : 1 + random.below(6))),
  }));
  const genesis = createTestGenesis({
    name: "tiny bounds",
    validators: founders,
    accounts: [...people, ...keys].map(({ id }) => ({ id, balance: BALANCE })),
    intents: SOURCES.map((source) => new TextDecoder().decode(source)),
    parameters: {
      epochMs,
      absenceMs: epochMs * (1 + random.below(3)),
      unbondingMs: random.pick([1_000, 4_000]),
      maxDriftMs: 500,
    },
  });
  // Some worlds have a memory of programs that forgets at once: its answers stay the same.
  const forgets = random.fork("programs").chance(0.2);
  const programs = createPrograms(forgets ? { bytesMax: 1 } : {});
  const state = genesisState(genesis, SOURCES.map(standIn), programs);
  const callable = SOURCES.flatMap((source) => programs.compile(source, "genesis"));
  const intents = new Map(callable.map(({ name, digest }) => [name, digest]));
  return { bounds, chain: hashGenesis(genesis), programs, callable, intents, people, keys, state };
}

function drawBounds(random: Random): StateBounds {
  const tiny = (least: number, most: number): number => least + random.below(most - least + 1);
  return {
    ...STATE_BOUNDS,
    waitingMax: tiny(2, 4),
    unbondingEntriesMax: tiny(2, 4),
    membersMax: tiny(FOUNDERS, 8),
    movesMax: tiny(2, 4),
    releasesMax: tiny(2, 3),
    raisesMax: tiny(2, 3),
    keyTermsMax: tiny(2, 4),
    evidenceMax: 2,
  };
}

function labelled(label: string, count: number): readonly TestKey[] {
  return Array.from({ length: count }, (_, at) => testKey(`tiny ${label} ${at}`));
}

/**
 * Returns a judgement that the Judge could give about a source. Its certificate has the right form
 * but proves nothing.
 */
export function standIn(source: Uint8Array): Parameters<typeof genesisState>[1][number] {
  const compiled = compileSource(source, { privileged: true });
  const intents = compiled.ok ? compiled.intents : [];
  return {
    type: "judged",
    verdict: "valid",
    trust: "certified",
    certificate: encodeCertificate(intents.map(({ digest }) => [digest.slice(0, 4)])),
    difficulty: toDifficulty(10_000),
    resource: toResource(5_000),
    milliseconds: 1,
  };
}
