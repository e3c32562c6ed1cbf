import { type Judgement, TREASURY } from "@aethel/ledger";
import {
  type AccountId,
  AMOUNT_MAX,
  type Amount,
  type Argument,
  type Proof,
  type ProofBody,
  sha256,
  toAmount,
  toAssetId,
  toDifficulty,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import type { Random } from "../random.ts";
import { UNSIGNED } from "./act.ts";
import { standIn, type TinyLedger } from "./draw-tiny.ts";

/**
 * A proof with values at the limits of their codecs, and a Judge's verdict on it (undefined for an
 * invoke).
 */
export interface Extreme {
  readonly proof: Proof;
  readonly judgement: Judgement | undefined;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const NUMBERS = [0, 1, 2, 255, 20_000, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER] as const;
const AMOUNTS = [0n, 1n, 1_000n, 1n << 32n, 1n << 40n, 1n << 63n, AMOUNT_MAX] as const;

/**
 * Draws a proof with values at the limits of its codec, and its verdict. The ledger refuses most of
 * them, and must not throw for any.
 */
export function drawExtreme(
  random: Random,
  tiny: TinyLedger,
  nonceOf: (id: AccountId) => number,
): Extreme {
  const { people } = tiny;
  const { id: author } = random.pick(people);
  const number = (): number => random.pick(NUMBERS);
  const isPlain = random.chance(0.7);
  const envelope = {
    author,
    nonce: toNonce(isPlain ? nonceOf(author) : number()),
    resourceLimit: toResource(isPlain ? random.pick([1, 5_000, 20_000_000]) : number()),
    feeLimit: isPlain ? toAmount(10_000_000_000n) : drawAmount(random),
    expiry: toSequence(isPlain ? Number.MAX_SAFE_INTEGER : number()),
    tip: random.chance(0.5) ? undefined : drawAmount(random),
  };
  const body = drawBody(random, tiny, envelope);
  const cosigners = body.type === "invoke" ? body.cosigners.length : 0;
  const signatures = Array.from({ length: 1 + cosigners }, () => UNSIGNED);
  return { proof: { body, signatures }, judgement: drawJudgement(random, body) };
}

type Envelope = Omit<Extract<ProofBody, { readonly type: "theorem" }>, "type" | "script">;

function drawBody(random: Random, tiny: TinyLedger, envelope: Envelope): ProofBody {
  switch (random.pick(["invoke", "invoke", "theorem", "publish"] as const)) {
    case "theorem":
      return { type: "theorem", ...envelope, script: utf8(`; ${random.below(1_000)}`) };
    case "publish":
      return { type: "publish", ...envelope, source: random.pick(SOURCES) };
    case "invoke":
      return { type: "invoke", ...envelope, ...drawCall(random, tiny, envelope.author) };
  }
}

/** Draws a call of an intent. Most of the time its arguments have the right types. */
function drawCall(
  random: Random,
  tiny: TinyLedger,
  author: AccountId,
): Pick<Extract<ProofBody, { readonly type: "invoke" }>, "calls" | "cosigners"> {
  const { digest: intent, parameters } = random.pick(tiny.callable);
  const isFitting = random.chance(0.9);
  const given = parameters.map(({ type, signer }) =>
    isFitting
      ? fitting(random, tiny, signer ? "signer" : type, author)
      : drawArgument(random, tiny, author),
  );
  const cosigners = random.chance(0.9)
    ? []
    : [{ account: random.pick(tiny.people).id, nonce: toNonce(random.pick(NUMBERS)) }];
  return {
    calls: [{ intent: random.chance(0.95) ? intent : sha256(utf8("unknown")), arguments: given }],
    cosigners,
  };
}

function fitting(
  random: Random,
  { people }: TinyLedger,
  type: "signer" | "Account" | "Amount" | "Bool" | "Int",
  author: AccountId,
): Argument {
  switch (type) {
    case "signer":
      return { type: "account", value: author };
    case "Account":
      return { type: "account", value: random.pick([TREASURY, author, random.pick(people).id]) };
    case "Amount":
      return { type: "amount", value: drawAmount(random) };
    case "Bool":
      return { type: "boolean", value: random.chance(0.5) };
    case "Int":
      return { type: "integer", negative: random.chance(0.5), magnitude: 1n << 126n };
  }
}

const SOURCES: readonly Uint8Array[] = [
  `intent nothing(signer me: Account) { verify { true; } }`,
  `intent all(signer me: Account, to: Account, amount: Amount) {
  guard { me != to; me.balance >= amount; }
  effect { me.balance -= amount; to.balance += amount; }
  verify { me.balance <= old(me.balance); }
}`,
].map(utf8);

function drawArgument(random: Random, { people }: TinyLedger, author: AccountId): Argument {
  switch (random.below(6)) {
    case 0:
    case 1:
      return { type: "account", value: author };
    case 2:
      return { type: "account", value: random.pick([TREASURY, random.pick(people).id]) };
    case 3:
      return { type: "integer", negative: random.chance(0.5), magnitude: (1n << 127n) - 1n };
    case 4:
      return { type: "asset", value: toAssetId(sha256(utf8("gold"))) };
    default:
      return { type: "amount", value: drawAmount(random) };
  }
}

function drawAmount(random: Random): Amount {
  return toAmount(random.pick(AMOUNTS));
}

function drawJudgement(random: Random, body: ProofBody): Judgement | undefined {
  if (body.type === "invoke") return undefined;
  const difficulty = toDifficulty(random.pick([0, 1, 1_000_000, 2 ** 32]));
  // A Judge stops at the limit that it is given.
  const resource = toResource(Math.min(body.resourceLimit, random.pick([0, 5_000, 20_000_000])));
  const about = { type: "judged", difficulty, resource, milliseconds: 1 } as const;
  switch (random.below(5)) {
    case 0:
      return { ...about, verdict: "refuted", reason: "no" };
    case 1:
      return { ...about, verdict: "unknown", reason: "\ud800".repeat(600) };
    case 2:
      return { type: "rejected", diagnostics: [], milliseconds: 1 };
    case 3:
      return { ...about, verdict: "valid", trust: "solver" };
    default:
      return body.type === "publish"
        ? { ...standIn(body.source), difficulty, resource }
        : { ...about, verdict: "valid", trust: "certified", certificate: utf8("stand-in") };
  }
}
