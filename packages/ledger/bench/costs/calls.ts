import { AssetRecord, createPrograms, IntentRecord, type Program, stateKey } from "@aethel/ledger";
import {
  type AccountId,
  type Argument,
  compareBytes,
  type Digest,
  type ProofBody,
  sha256,
  signProof,
  toAccountId,
  toAmount,
  toDifficulty,
  toNonce,
  toResource,
  toSequence,
  UNITS,
  ZERO_DIGEST,
} from "@aethel/models";
import type { BenchChain, Person } from "../chain.ts";
import { accountEntry, type Entry, type Offer, type Offers } from "./offers.ts";
import { freshNumber, freshPerson } from "./people.ts";
import { accountsOf, membersOf, sourceOf } from "./programs.ts";
import type { Recipe } from "./recipe.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Proofs of one author: few, so that most signatures are by keys in no cache. */
const EACH = 2;
/** Units that the run of any recipe's call is within. */
export const ENOUGH = 400_000;

/**
 * Calls of a recipe's programs: by default more than a block has room for. A block sets the limit of
 * a call aside, so a limit above what the run takes leaves the block partly empty.
 */
export function callOffers(
  on: BenchChain,
  recipe: Recipe,
  { limit, authors }: { readonly limit: number; readonly authors?: number },
): Offers {
  const programs = programsOf(recipe);
  const people: Person[] = [];
  const known: AccountId[] = [];
  const first = recipe.isFirst ? 0 : 1;
  // Only the first proof of an author is by a new key.
  const each = recipe.isFirst ? 1 : EACH;
  const count = authors ?? Math.ceil(offeredOf(recipe, on.state.parameters.blockUnitsMax) / each);
  const offers = Array.from({ length: count }, (_, author) => {
    const by = freshPerson();
    people.push(by);
    return Array.from({ length: each }, (_call, at): Offer => {
      const cosigners = Array.from({ length: recipe.cosigners }, freshPerson);
      people.push(...cosigners);
      const intent = programs[(author * each + at) % programs.length]?.digest ?? ZERO_DIGEST;
      const call = { recipe, intent, author: by, cosigners, nonce: first + at, known, limit };
      return { proof: proofOf(on, call), judged: undefined };
    });
  }).flat();
  const entries = [
    ...programs.flatMap(programEntries),
    ...people.map(({ id }) => accountEntry(id, first)),
    ...(recipe.isFresh ? [] : known.map((id) => accountEntry(id, first))),
  ];
  return { offers, entries };
}

function programsOf(recipe: Recipe): readonly Program[] {
  const programs = createPrograms();
  return Array.from({ length: recipe.programs }, (_, at) => {
    const [program] = programs.compile(utf8(sourceOf(recipe, at)), "published");
    if (program === undefined) throw new Error("a recipe makes a program");
    return program;
  });
}

function programEntries({ digest, canonical, assets }: Program): readonly Entry[] {
  const declared = assets.map(({ id, name }) => ({
    key: stateKey.asset(id),
    value: AssetRecord.encode({ name: utf8(name), issuer: NOBODY, supply: toAmount(0n) }),
  }));
  const value = IntentRecord.encode({ ...RECORD, canonical: utf8(canonical) });
  return [{ key: stateKey.intent(digest), value }, ...declared];
}

/** More calls than the block has units for the signatures of. */
function offeredOf({ cosigners, isFirst }: Recipe, unitsMax: number): number {
  const perSigner = UNITS.signature + UNITS.write + (isFirst ? UNITS.newKey : 0);
  return 8 + Math.floor(unitsMax / (perSigner * (1 + cosigners)));
}

const NOBODY = toAccountId(sha256(utf8("nobody")));
const RECORD = {
  difficulty: toDifficulty(0),
  author: NOBODY,
  judgeVersion: 1,
  sequence: toSequence(0),
  origin: "published",
  trust: "solver",
  certification: undefined,
} as const;

function proofOf(
  on: BenchChain,
  call: {
    readonly recipe: Recipe;
    readonly intent: Digest;
    readonly author: Person;
    readonly cosigners: readonly Person[];
    readonly nonce: number;
    readonly known: AccountId[];
    readonly limit: number;
  },
): Offer["proof"] {
  const { recipe, author, known } = call;
  const cosigners = call.cosigners.toSorted((left, right) => compareBytes(left.id, right.id));
  const values: Argument[] = Array.from({ length: membersOf(recipe) }, () => [
    { type: "account" as const, value: author.id },
    { type: "amount" as const, value: toAmount(1n) },
    ...Array.from({ length: accountsOf(recipe) }, () => {
      const value = toAccountId(sha256(utf8(`account ${freshNumber()}`)));
      known.push(value);
      return { type: "account" as const, value };
    }),
  ]).flat();
  const body: ProofBody = {
    type: "invoke",
    author: author.id,
    nonce: toNonce(call.nonce),
    resourceLimit: toResource(call.limit),
    feeLimit: toAmount(50_000_000n),
    expiry: toSequence(1_000),
    calls: [{ intent: call.intent, arguments: values }],
    cosigners: cosigners.map(({ id }) => ({
      account: id,
      nonce: toNonce(recipe.isFirst ? 0 : 1),
    })),
  };
  return signProof(on.chain, body, [author.signer, ...cosigners.map(({ signer }) => signer)]);
}
