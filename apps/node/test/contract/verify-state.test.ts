import { ContractRecord, cellCoding, encodeKeys, LANGUAGE_VERSION, stateKey } from "@aethel/ledger";
import { emptyTree, encodeProof, prove } from "@aethel/merkle";
import {
  BlockHeader,
  blockDigest,
  callResultsRoot,
  createCertificate,
  createGenesisHeader,
  createValidatorSet,
  encodeValidatorSet,
  fromHex,
  hashGenesis,
  LedgerHeader,
  type Phase,
  QuorumCertificate,
  signableVote,
  toAccountId,
  toAmount,
  toDifficulty,
  toHex,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
  ZERO_DIGEST,
} from "@aethel/models";
import { followBounds } from "@aethel/pbft/light";
import { createTestGenesis, testKey, VIRTUAL_EPOCH_MS } from "@aethel/testkit";
import { compileContract } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StateProof } from "../../src/api/contract-api.ts";
import { type StateVerdict, verifyState } from "../../src/contract/verify-state.ts";

const compiled = compileContract(`contract counter { state { counts: map[Int] Amount; }
  intent add(id: Int) { guard { counts[id] < 9; } effect { counts[id] += 1; } } }`);
if (compiled.type !== "contract") throw new Error("it compiles");
const { contract } = compiled;
const [map] = contract.maps;
if (map === undefined) throw new Error("it has a map");

const keys = ["a", "b", "c", "d"].map((name) => testKey(`verify/${name}`));
const validators = keys.map(({ id, signer }) => ({
  id,
  key: signer.publicKey,
  stake: toAmount(10_000_000_000n),
}));
const genesis = createTestGenesis({ validators, parameters: { unbondingMs: 600_000 } });
const chain = hashGenesis(genesis);
const set = createValidatorSet(validators.map(({ id, key, stake }) => ({ id, key, power: stake })));
const nowMs = VIRTUAL_EPOCH_MS + 10_000;

const cellKey = (id: bigint): Uint8Array =>
  stateKey.cell(contract.digest, { map: 0, keys: encodeKeys(map, [id]) });
const record = ContractRecord.encode({
  canonical: new TextEncoder().encode(contract.canonical),
  difficulty: toDifficulty(1),
  author: toAccountId(ZERO_DIGEST),
  judgeVersion: 1,
  languageVersion: LANGUAGE_VERSION,
  sequence: toSequence(1),
  certification: { kernelVersion: 1, certificateHash: ZERO_DIGEST },
});
const seven = cellCoding(map).encode(3n);
const tree = emptyTree.update([
  { key: stateKey.contract(contract.digest), value: record },
  { key: cellKey(7n), value: seven },
]);

interface Made {
  readonly content?: typeof tree;
  readonly sequence?: number;
  readonly voters?: readonly number[];
  readonly phase?: Phase;
  readonly of?: typeof set;
  readonly next?: typeof set;
  readonly at?: number;
  /** Header of the ledger. Default: one with the root of `content`. */
  readonly application?: Uint8Array;
}

function headerOf({
  content = tree,
  sequence = 5,
  of = set,
  next = of,
  at = nowMs,
  application = applicationOf(content),
}: Made): BlockHeader {
  const proposer = keys[0]?.id ?? toAccountId(ZERO_DIGEST);
  const timestamp = toTimestamp(at);
  const first = createGenesisHeader({ chain, timestamp, validators: of, proposer, application });
  return { ...first, sequence: toSequence(sequence), nextValidators: next.hash };
}

function applicationOf(content: typeof tree): Uint8Array {
  return LedgerHeader.encode({
    callResultsRoot: callResultsRoot([]),
    stateRootBefore: content.root,
    stateRootAfter: content.root,
    supplyBefore: toAmount(1n),
    supplyAfter: toAmount(1n),
    totalDifficulty: toDifficulty(0),
    judgeVersion: 1,
  });
}

function proofOf(key: Uint8Array, made: Made = {}): StateProof {
  const { content = tree, voters = [0, 1, 2], phase = "commit", of = set } = made;
  const header = headerOf(made);
  const vote = { sequence: header.sequence, view: toView(0), digest: blockDigest(header) };
  const votes = voters.map((at) => {
    const id = of.validators[at]?.id;
    const signer = keys.find((one) => toHex(one.id) === toHex(id ?? ZERO_DIGEST))?.signer;
    if (signer === undefined) throw new Error(`no voter ${at}`);
    const signature = signer.sign(signableVote(phase, chain, vote));
    return { voter: toValidatorIndex(at), signature };
  });
  const certificate = createCertificate({ phase, vote, set: of, votes });
  return {
    header: toHex(BlockHeader.encode(header)),
    certificate: toHex(QuorumCertificate.encode(certificate)),
    validators: toHex(encodeValidatorSet(of)),
    path: toHex(encodeProof(prove(content, key))),
    record: toHex(encodeProof(prove(content, stateKey.contract(contract.digest)))),
  };
}

type Given = Partial<Parameters<typeof verifyState>[0]>;
function verify(proof: StateProof, given: Given = {}): StateVerdict {
  const { digest, canonical: text } = contract;
  const about = { key: cellKey(7n), contract: digest, text, genesis, nowMs };
  return verifyState({ proof, anchor: { type: "genesis" }, ...about, ...given });
}

function reasonOf(verdict: StateVerdict): string {
  return verdict.ok ? "it was accepted" : verdict.reason;
}

describe("a proof of a value of a contract's state", () => {
  test("that is whole shows the value, or its absence, and who signed", () => {
    const found = verify(proofOf(cellKey(7n)));
    expect(found).toMatchObject({
      ok: true,
      state: { value: seven, signers: 3, members: 4, basisPoints: 7_500 },
    });
    const absent = verify(proofOf(cellKey(8n)), { key: cellKey(8n) });
    expect(absent).toMatchObject({ ok: true, state: { value: undefined } });
  });

  test("with any one byte changed is refused", () => {
    const parts = ["header", "certificate", "validators", "path", "record"] as const;
    const proof = proofOf(cellKey(7n));
    const changes = fc.tuple(fc.constantFrom(...parts), fc.nat(), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(changes, ([part, place, by]) => {
        const bytes = fromHex(proof[part]);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ by;

        expect(verify({ ...proof, [part]: toHex(bytes) }).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("of another cell, of a contract that is not published, or of nonsense is refused", () => {
    expect(reasonOf(verify(proofOf(cellKey(8n))))).toMatch(/Merkle path is wrong/);
    const bare = emptyTree.update([{ key: cellKey(7n), value: seven }]);
    expect(reasonOf(verify(proofOf(cellKey(7n), { content: bare })))).toMatch(/no such contract/);
    expect(reasonOf(verify(proofOf(cellKey(7n)), { text: "contract other {}" }))).toMatch(
      /no such contract/,
    );
    const proof = proofOf(cellKey(7n));
    const other = proofOf(cellKey(7n), { application: Uint8Array.of(1) });
    expect(reasonOf(verify(other))).toMatch(/cannot be read/);
    const strangers = toHex(encodeValidatorSet(createValidatorSet(set.validators.slice(1))));
    expect(reasonOf(verify({ ...proof, validators: strangers }))).toMatch(/no validator set/);
    for (const part of Object.keys(proof)) {
      for (const hex of ["", "00", "ff".repeat(9_000)]) {
        expect(verify({ ...proof, [part]: hex }).ok).toBe(false);
      }
    }
  });

  test("without the signatures of a quorum, or of a block that is only prepared, is refused", () => {
    const few = verify(proofOf(cellKey(7n), { voters: [0, 1] }));
    expect(reasonOf(few)).toMatch(/does not make the block final: no-quorum/);
    const prepared = verify(proofOf(cellKey(7n), { phase: "prepare" }));
    expect(reasonOf(prepared)).toMatch(/does not make the block final: wrong-phase/);
  });

  test("rests on the set of genesis, while that is young; a future block does not count", () => {
    const late = { nowMs: VIRTUAL_EPOCH_MS + 500_000 };
    expect(reasonOf(verify(proofOf(cellKey(7n)), late))).toMatch(/set of genesis is too old/);
    const future = verify(proofOf(cellKey(7n), { at: nowMs + 20_000 }));
    expect(reasonOf(future)).toMatch(/in the future/);
    const { trustedForMs } = followBounds({ now: nowMs, parameters: genesis.parameters });
    const last = genesis.timestamp + trustedForMs;
    expect(verify(proofOf(cellKey(7n)), { nowMs: last }).ok).toBe(true);
    expect(reasonOf(verify(proofOf(cellKey(7n)), { nowMs: last + 1 }))).toMatch(/too old/);
    // Clocks differ: a little ahead is no future.
    expect(verify(proofOf(cellKey(7n), { at: nowMs + 1_000 })).ok).toBe(true);
  });
});

describe("a proof that another set signed", () => {
  const other = createValidatorSet(set.validators.slice(0, 3));
  const proof = proofOf(cellKey(7n), { of: other, voters: [0, 1, 2], sequence: 9 });
  const stated = headerOf({ of: set, next: other, sequence: 6, at: nowMs - 5_000 });
  const checkpoint = {
    sequence: stated.sequence,
    digest: blockDigest(stated),
    statedAt: toTimestamp(nowMs - 1_000),
  };

  test("is believed from a checkpoint whose header names the set, and not from genesis", () => {
    expect(reasonOf(verify(proof))).toMatch(/not that of genesis/);
    const anchor = { type: "checkpoint", checkpoint, header: stated } as const;
    expect(verify(proof, { anchor })).toMatchObject({
      ok: true,
      state: { signers: 3, members: 3 },
    });
  });

  test("is believed for the block of the checkpoint itself, however long ago it was", () => {
    const header = headerOf({ of: other, sequence: 9 });
    const itself = { ...checkpoint, sequence: header.sequence, digest: blockDigest(header) };
    const anchor = { type: "checkpoint", checkpoint: itself, header } as const;
    expect(verify(proof, { anchor, nowMs: nowMs + 500_000 }).ok).toBe(true);
  });

  test("is believed when its own block ends the set that signed it", () => {
    const last = proofOf(cellKey(7n), { of: other, next: set, sequence: 9 });
    const anchor = { type: "checkpoint", checkpoint, header: stated } as const;
    expect(verify(last, { anchor }).ok).toBe(true);
  });

  test("is refused if the header is not that of the checkpoint, or the set has changed since", () => {
    const another = headerOf({ of: set, next: other, sequence: 6, at: nowMs - 4_000 });
    const forged = { type: "checkpoint", checkpoint, header: another } as const;
    expect(reasonOf(verify(proof, { anchor: forged }))).toMatch(
      /another block than the checkpoint/,
    );
    const before = headerOf({ sequence: 6, at: nowMs - 5_000 });
    const old = { ...checkpoint, digest: blockDigest(before) };
    const anchor = { type: "checkpoint", checkpoint: old, header: before } as const;
    expect(reasonOf(verify(proof, { anchor }))).toMatch(/set has changed since the checkpoint/);
  });

  test("is refused if the checkpoint was stated too long ago, or is above the block", () => {
    const aged = { ...checkpoint, statedAt: toTimestamp(VIRTUAL_EPOCH_MS) };
    const anchor = { type: "checkpoint", checkpoint: aged, header: stated } as const;
    const late = nowMs + 500_000;
    expect(reasonOf(verify(proof, { anchor, nowMs: late }))).toMatch(/head-too-old/);
    const lower = proofOf(cellKey(7n), { of: other, voters: [0, 1, 2], sequence: 3 });
    const fresh = { ...anchor, checkpoint };
    expect(reasonOf(verify(lower, { anchor: fresh }))).toMatch(/does not follow.*old-sequence/);
  });
});
