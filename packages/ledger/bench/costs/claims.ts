import type { Judged } from "@aethel/ledger";
import {
  type ProofBody,
  signProof,
  toAmount,
  toDifficulty,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { compileSource } from "@aethel/verifier";
import { encodeCertificate } from "@aethel/verifier/certificate";
import type { BenchChain } from "../chain.ts";
import { knownEntries, type Offer, type Offers } from "./offers.ts";
import { freshNumber, freshPerson } from "./people.ts";
import type { Recipe } from "./recipe.ts";
import { publishedSource } from "./texts.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const SOURCE_BYTES = 65_536;
const KIB = 1_024;
/** The rows of a certificate that take longest to split are short. */
const ROW_BYTES = 8;
/** Bytes of an offset, which each row and each list of rows has. */
const OFFSET = 4;

/** Publications of a recipe, each by somebody else; their judgements are made up. */
export function publicationOffers(on: BenchChain, recipe: Recipe): Offers {
  return offersOf(recipe.publications, (author) => {
    const source = utf8(sourceThatFits(recipe));
    const compiled = compileSource(source);
    const intents = compiled.ok ? compiled.intents.length : 1;
    const body = { ...envelopeOf(author), type: "publish" as const, source };
    return { body, certificate: certificateOf(recipe, intents), on };
  });
}

/** Theorems of a recipe, each by somebody else; their judgements are made up. */
export function theoremOffers(on: BenchChain, recipe: Recipe): Offers {
  return offersOf(recipe.theorems, (author) => {
    const script = utf8(`; theorem ${freshNumber()}\n${"; text\n".repeat(recipe.script * 146)}`);
    const body = { ...envelopeOf(author), type: "theorem" as const, script };
    return { body, certificate: certificateOf(recipe, 1), on };
  });
}

/** A source of as many intents as the recipe says, or as have room. */
function sourceThatFits({ text, intents }: Recipe): string {
  const word = `m${freshNumber()}`;
  for (let count = intents; ; count = Math.ceil(count / 2)) {
    const source = publishedSource(text, { word, intents: count });
    if (source.length <= SOURCE_BYTES || count === 1) return source;
  }
}

function certificateOf({ certificate }: Recipe, intents: number): Uint8Array {
  const rows = Math.floor((certificate * KIB) / intents / (ROW_BYTES + OFFSET));
  const row = new Uint8Array(ROW_BYTES);
  const ofIntent = Array.from({ length: rows }, () => row);
  return encodeCertificate(Array.from({ length: intents }, () => ofIntent));
}

type Person = ReturnType<typeof freshPerson>;

function offersOf(
  count: number,
  make: (author: Person) => {
    readonly on: BenchChain;
    readonly body: ProofBody;
    readonly certificate: Uint8Array;
  },
): Offers {
  const authors = Array.from({ length: count }, freshPerson);
  const offers = authors.map((author): Offer => {
    const { on, body, certificate } = make(author);
    const judged: Judged = {
      type: "judged",
      verdict: "valid",
      trust: "certified",
      certificate,
      difficulty: toDifficulty(1_000),
      resource: toResource(1_000),
      milliseconds: 1,
    };
    return { proof: signProof(on.chain, body, [author.signer]), judged };
  });
  return { offers, entries: knownEntries(authors) };
}

function envelopeOf(
  author: Person,
): Pick<ProofBody, "author" | "nonce" | "resourceLimit" | "feeLimit" | "expiry"> {
  return {
    author: author.id,
    nonce: toNonce(1),
    resourceLimit: toResource(20_000),
    feeLimit: toAmount(100_000_000_000n),
    expiry: toSequence(1_000),
  };
}
