import type { LedgerState } from "@aethel/ledger";
import {
  annexRoot,
  blockDigest,
  compareBytes,
  type Digest,
  type Evidence,
  FalseClaim,
  JudgedResult,
  type Proof,
  payloadRoot,
  proofItem,
  proveListItem,
  type Root,
  type Sequence,
  type Signature,
  sha256,
  signableVote,
  signProof,
  toAmount,
  toDifficulty,
  toNonce,
  toResource,
  toSequence,
  toView,
} from "@aethel/models";
import {
  compileSource,
  confirmCounterexample,
  LANGUAGE_LIMITS,
  obligationsOf,
} from "@aethel/verifier";
import { encodeCounterexample } from "../../src/slashing/counterexample.ts";
import type { BenchChain, Person } from "../chain.ts";
import { arithmeticIntent } from "./texts.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The last sequence about which the next block can have evidence. */
function shownAt({ header }: LedgerState): Sequence {
  return toSequence(Math.max(1, header.sequence));
}

/** Evidence that somebody prepared two blocks of one sequence. */
export function equivocationOf(on: BenchChain, state: LedgerState, who: Person): Evidence {
  const place = { sequence: shownAt(state), view: toView(0) };
  const [left, right] = ["a", "b"].map((word) => sha256(utf8(word))).toSorted(compareBytes);
  if (left === undefined || right === undefined) throw new Error("two words have two digests");
  const sign = (digest: Digest): { readonly digest: Digest; readonly signature: Signature } => ({
    digest,
    signature: who.signer.sign(signableVote("prepare", on.chain, { ...place, digest })),
  });
  const accused = { validator: who.id, key: who.signer.publicKey };
  const pair = { first: sign(left), second: sign(right) };
  return { type: "double-vote", ...accused, ...place, phase: "prepare", ...pair };
}

/** Sources that say what is false, by what makes their evidence dear. */
export const LIES = ["short", "many obligations", "long", "many values"] as const;

/** Evidence that somebody voted for a block that passes a false source for proved. */
export function lieOf(
  on: BenchChain,
  state: LedgerState,
  about: { readonly who: Person; readonly kind: number },
): Evidence {
  const { who, kind } = about;
  const { claim, payload, annex } = falseClaim(on, kind);
  const header = {
    ...state.header,
    sequence: shownAt(state),
    payloadRoot: payload,
    annexRoot: annex,
  };
  const vote = { sequence: header.sequence, view: toView(0), digest: blockDigest(header) };
  const signature = who.signer.sign(signableVote("commit", on.chain, vote));
  const accused = { validator: who.id, key: who.signer.publicKey };
  const signed = { phase: "commit" as const, view: vote.view, header, signature };
  return { type: "false-header", ...accused, ...signed, claim };
}

interface Lie {
  readonly claim: Uint8Array;
  readonly payload: Root;
  readonly annex: Root;
}

const made = new Map<number, Lie>();

function falseClaim(on: BenchChain, kind: number): Lie {
  const known = made.get(kind);
  if (known !== undefined) return known;
  const source = utf8(falseSource(kind));
  const proof = publicationOf(on, source);
  const result = JudgedResult.encode({
    at: 0,
    verdict: "valid",
    trust: "certified",
    outcome: "applied",
    difficulty: toDifficulty(1_000),
    resource: toResource(1_000),
    errorCode: 0,
  });
  const item = proofItem(proof);
  const claim = FalseClaim.encode({
    proof,
    proofPath: proveListItem([item.bytes], 0),
    entries: [{ entry: result, path: proveListItem([result], 0) }],
    counterexample: counterexampleOf(source),
  });
  const lie = { claim, payload: payloadRoot([item]), annex: annexRoot([result]) };
  made.set(kind, lie);
  return lie;
}

function publicationOf(on: BenchChain, source: Uint8Array): Proof {
  const body = {
    type: "publish" as const,
    author: on.validator.id,
    nonce: toNonce(1),
    resourceLimit: toResource(1_000),
    feeLimit: toAmount(1_000n),
    expiry: toSequence(1_000),
    source,
  };
  return signProof(on.chain, body, [on.validator.signer]);
}

/** A source whose first intent creates money. */
function falseSource(kind: number): string {
  const what = LIES[kind];
  const sum = Array.from({ length: 5 }, () => "x / (x + 1)").join(" + ");
  const claims = Array.from({ length: 55 }, () => `${sum} > 0;`).join("");
  const verify = what === "many obligations" ? claims : "true;";
  const observed = what === "many values" ? allObserved() : undefined;
  const mint = `${observed?.assets ?? ""}
    intent mint(signer me: Account, ${observed?.parameters ?? "x: Amount"}) {
    guard { me.balance < 5; ${observed?.guards ?? "x > 0;"} } effect { me.balance += 1; } verify { ${verify} } }`;
  if (what !== "long") return mint;
  const others = Array.from({ length: 6 }, (_, at) =>
    arithmeticIntent(`other${at}`, { bits: 64, term: "a" }),
  );
  return `${mint} ${others.join(" ")}`;
}

/** Parts of an intent that observes as many values as a source can. */
function allObserved(): Readonly<Record<"assets" | "parameters" | "guards", string>> {
  const accounts = Array.from({ length: LANGUAGE_LIMITS.parameters - 1 }, (_, at) => `a${at}`);
  const names = Array.from({ length: LANGUAGE_LIMITS.constants }, (_, at) => `T${at}`);
  const read = [
    ...accounts.map((name) => `${name}.stake >= 0`),
    ...names.map((name) => `me.balance[${name}] >= 0 && supply[${name}] >= 0`),
    "sequence >= 0",
  ];
  const guards = Array.from({ length: 20 }, (_, at) =>
    read.filter((_one, index) => index % 20 === at).join(" && "),
  );
  return {
    assets: names.map((name) => `asset ${name} issuer "${"8".repeat(64)}";`).join(""),
    parameters: accounts.map((name) => `${name}: Account`).join(", "),
    guards: `${guards.join("; ")};`,
  };
}

function counterexampleOf(source: Uint8Array): Uint8Array {
  const compiled = compileSource(source);
  const intent = compiled.ok ? compiled.intents[0] : undefined;
  const broken = intent && obligationsOf(intent).find(({ kind }) => kind === "conservation");
  if (intent === undefined || broken === undefined) throw new Error("the source creates no money");
  const accounts = intent.parameters.filter(({ type }) => type === "Account");
  const valueOf = (key: string): bigint => {
    const at = accounts.findIndex(({ name }) => key === `argument ${name}`);
    if (at >= 0) return BigInt(at);
    return key.startsWith("argument") ? 1n : 0n;
  };
  const values = new Map([...broken.observed.keys()].map((key) => [key, valueOf(key)]));
  const shown = confirmCounterexample(intent, broken, values);
  const encoded = encodeCounterexample(source, { counterexample: shown });
  if (encoded === undefined) throw new Error("the counterexample refutes nothing");
  return encoded;
}
