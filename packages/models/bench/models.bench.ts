/**
 * Encoding, digests, signatures and imports, against what a user would take otherwise.
 * `npm run bench -- models`; about a minute on a quiet machine.
 */
import { execFileSync } from "node:child_process";
import { createPublicKey, verify as nodeVerify } from "node:crypto";
import {
  interleave,
  median,
  medianOf,
  printFigure,
  printPlace,
  ratioOf,
  type Subject,
  sized,
} from "@aethel/bench";
import {
  Commit,
  concatBytes,
  createCertificate,
  createSigner,
  createValidatorSet,
  defaultBackend,
  findCertificateDefect,
  fromHex,
  nobleBackend,
  payloadRoot,
  proofItem,
  signableVote,
  signingRoot,
  toAccountId,
  toAmount,
  toHex,
  toValidatorIndex,
  verifySignature,
} from "@aethel/models";
import { ed25519 } from "@noble/curves/ed25519.js";
import { genesis, Proofs, peerProofs, proofs, signer, vote } from "./inputs.ts";
import { PeerProofs, PeerVote } from "./peers.ts";

const perSecond = (milliseconds: number, count: number): string =>
  `${Math.round((count / milliseconds) * 1_000).toLocaleString("en-US")}/s`;
const times = (ratio: number): string => `${ratio.toFixed(2)} x`;

printPlace("Models");
await benchVote();
await benchBlock();
await benchSignatures();
await benchCertificate();
benchImports();

async function benchVote(): Promise<void> {
  const bytes = Commit.encode(vote);
  if (toHex(bytes) !== toHex(PeerVote.serialize(vote))) throw new Error("the bytes differ");
  const repeat = sized(20_000, 200);
  const work = [
    ["encode", (): unknown => Commit.encode(vote), (): unknown => PeerVote.serialize(vote)],
    ["decode", (): unknown => Commit.decode(bytes), (): unknown => PeerVote.deserialize(bytes)],
    ["digest", (): unknown => Commit.digest(vote), (): unknown => PeerVote.hashTreeRoot(vote)],
  ] as const;
  for (const [name, own, peer] of work) {
    await compare({ name: `vote, ${name}`, peer: "@chainsafe/ssz", repeat, own, other: peer });
  }
}

async function benchBlock(): Promise<void> {
  const block = { proofs };
  const other = { proofs: peerProofs } as never;
  const bytes = Proofs.encode(block);
  if (toHex(bytes) !== toHex(PeerProofs.serialize(other))) throw new Error("the bytes differ");
  const repeat = sized(5, 1);
  const size = `${Math.round(bytes.length / 1_024)} KiB`;
  const work = [
    ["encode", (): unknown => Proofs.encode(block), (): unknown => PeerProofs.serialize(other)],
    ["decode", (): unknown => Proofs.decode(bytes), (): unknown => PeerProofs.deserialize(bytes)],
    ["digest", (): unknown => Proofs.digest(block), (): unknown => PeerProofs.hashTreeRoot(other)],
    [
      "root for proofs of one",
      (): unknown => payloadRoot(proofs.map(proofItem)),
      (): unknown => PeerProofs.hashTreeRoot(other),
    ],
  ] as const;
  for (const [name, own, peer] of work) {
    const title = `1,000 proofs (${size}), ${name}`;
    await compare({ name: title, peer: "@chainsafe/ssz", repeat, own, other: peer });
  }
}

async function benchSignatures(): Promise<void> {
  const message = signingRoot(signableVote("commit", genesis, vote));
  const { publicKey: key } = signer;
  const { signature } = vote;
  const spki = concatBytes(fromHex("302a300506032b6570032100"), key);
  const keyObject = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  const repeat = sized(20, 2);
  const run = (name: string, verify: () => boolean): Subject<string> => ({
    name,
    run: () => {
      for (let at = 0; at < repeat; at++) if (!verify()) throw new Error(`${name} refused`);
    },
  });
  const timings = await interleave(
    [
      run("node", () => verifySignature(key, message, signature, defaultBackend())),
      run("noble", () => verifySignature(key, message, signature, nobleBackend)),
      run("crypto.verify", () => nodeVerify(undefined, message, keyObject, signature)),
      run("@noble/curves", () => ed25519.verify(signature, message, key, { zip215: false })),
    ],
    { rounds: 30, budgetMilliseconds: 15_000 },
  );
  for (const name of ["node", "noble"]) {
    const value = perSecond(medianOf(timings, name), repeat);
    printFigure({ name: `verify a signature, ${name} back end`, value });
  }
  const bare = ratioOf(timings, { slow: "node", fast: "crypto.verify" });
  printFigure({ name: "verify: our rule over bare crypto.verify", value: times(bare) });
  const noble = ratioOf(timings, { slow: "noble", fast: "@noble/curves" });
  printFigure({ name: "verify: our rule over @noble/curves", value: times(noble) });
  const gain = ratioOf(timings, { slow: "noble", fast: "node" });
  printFigure({ name: "verify: noble takes, of node's time", value: times(gain) });
}

async function benchCertificate(): Promise<void> {
  const signers = Array.from({ length: 100 }, (_, at) =>
    createSigner(new Uint8Array(32).fill(at + 1)),
  );
  const set = createValidatorSet(
    signers.map(({ publicKey }) => ({
      id: toAccountId(publicKey),
      key: publicKey,
      power: toAmount(1n),
    })),
  );
  const byKey = new Map(signers.map((one) => [toHex(one.publicKey), one]));
  const votes = set.validators.flatMap(({ key }, index) => {
    const signature = byKey.get(toHex(key))?.sign(signableVote("commit", genesis, vote));
    return signature === undefined ? [] : [{ voter: toValidatorIndex(index), signature }];
  });
  const certificate = createCertificate({ phase: "commit", vote, set, votes });
  const about = { certificate, set, genesis };
  const timings = await interleave(
    [{ name: "check", run: () => demandSound(findCertificateDefect(about)) }],
    { rounds: 20, budgetMilliseconds: 5_000 },
  );
  const value = `${medianOf(timings, "check").toFixed(1)} ms`;
  printFigure({ name: "certificate of 100 signers, all verified", value });
}

function demandSound(defect: string | undefined): void {
  if (defect !== undefined) throw new Error(`a true certificate is refused: ${defect}`);
}

/** Processor time, not the clock: a busy machine changes it less. */
function benchImports(): void {
  const targets = [
    "@aethel/models/primitives",
    "@aethel/models",
    "@aethel/models/genesis-file",
    "@chainsafe/ssz",
    "@noble/curves/ed25519.js",
  ].map((name) => ({ name, url: import.meta.resolve(name), taken: [] as number[] }));
  for (let round = 0; round < sized(20, 1); round++) {
    for (const { url, taken } of targets) taken.push(importCost(url));
  }
  for (const { name, taken } of targets) {
    const value = `${median(taken).toFixed(0)} ms CPU`;
    printFigure({ name: `import ${name}, a fresh process`, value });
  }
}

function importCost(url: string): number {
  const script = `const before = process.cpuUsage();
    await import(${JSON.stringify(url)});
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);`;
  const options = { encoding: "utf8" as const };
  const words = [...process.execArgv, "--input-type=module", "-e", script];
  return Number(execFileSync(process.execPath, words, options));
}

async function compare(options: {
  readonly name: string;
  readonly peer: string;
  readonly repeat: number;
  readonly own: () => unknown;
  readonly other: () => unknown;
}): Promise<void> {
  const { name, peer, repeat, own, other } = options;
  const looped = (action: () => unknown) => (): void => {
    for (let at = 0; at < repeat; at++) action();
  };
  const timings = await interleave(
    [
      { name: "own", run: looped(own) },
      { name: "peer", run: looped(other) },
    ],
    { rounds: 20, budgetMilliseconds: 6_000 },
  );
  printFigure({ name, value: perSecond(medianOf(timings, "own"), repeat) });
  const value = times(ratioOf(timings, { slow: "peer", fast: "own" }));
  printFigure({ name: `${name}: ${peer} takes`, value });
}
