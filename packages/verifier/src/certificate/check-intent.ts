import { compileContract } from "../contract/compile-contract.ts";
import { isWitness as isContractWitness } from "../contract/counterexample/search.ts";
import { findUnderived } from "../contract/derivation/derive.ts";
import type { ContractObligation } from "../contract/encoder/contract-obligation.ts";
import { signObligations } from "../contract/encoder/ground.ts";
import { contractObligations } from "../contract/encoder/obligations.ts";
import { checkExitUnits } from "../contract/execution/exit-units.ts";
import type { TypedContract } from "../contract/typed/typed-contract.ts";
import { checkInitialState } from "../contract/whole-state/initial-rules.ts";
import { tooManyAssumptions, WorkExceeded } from "../contract/work.ts";
import {
  type CompiledIntent,
  type CompileOptions,
  compileSource,
} from "../intent/compiled/compile.ts";
import { confirmCounterexample } from "../intent/counterexample/confirm.ts";
import { type Cuts, cutsOf } from "../intent/cuts/cuts.ts";
import { obligationsOf } from "../intent/encoder/obligations.ts";
import { certify } from "../kernel/index.ts";
import type { Diagnostic } from "../language/syntax/diagnostic.ts";
import type { Obligation } from "../obligation.ts";
import type { TermValue } from "../term.ts";
import { decodeCertificate } from "./container.ts";
import { describeRefusal } from "./describe-refusal.ts";
import { decodeEntry } from "./entry.ts";

/** Result of checking the certificate of a source. */
export type CertificateCheck =
  /**
   * Success: the kernel accepts a proof of every obligation. `work` is the number of units that the
   * kernel counted.
   */
  | { readonly type: "certified"; readonly obligations: number; readonly work: number }
  /**
   * Failure: the certificate does not prove every obligation of the source. `obligation` is the
   * first one that it does not prove. It is absent if the bytes do not decode, or if the
   * certificate has another number of intents or obligations than the source.
   */
  | { readonly type: "failed"; readonly reason: string; readonly obligation?: Obligation }
  /** Source that does not compile. */
  | { readonly type: "rejected"; readonly diagnostics: readonly Diagnostic[] };

/**
 * Checks the certificate of a source without a solver. Compiles the source and builds its
 * obligations. Lets the kernel check the proof of each obligation. For the obligation that the
 * guards can hold, runs the guards on the values (witness) that the certificate gives. The
 * obligations of a contract are derived a second time, without the encoder, and compared.
 *
 * A pure function: any bytes give the same answer on every machine, within the kernel's counted
 * limits.
 */
export function checkIntentCertificate(
  source: Uint8Array | string,
  certificate: Uint8Array,
  options: CompileOptions = {},
): CertificateCheck {
  const found = compileContract(source);
  if (found.type === "faulty") return { type: "rejected", diagnostics: found.diagnostics };
  if (found.type === "contract") return checkContractCertificate(found.contract, certificate);
  const compiled = compileSource(source, options);
  if (!compiled.ok) return { type: "rejected", diagnostics: compiled.diagnostics };
  const { intents } = compiled;
  const rows = decodeCertificate(certificate);
  if (rows === undefined) return notACertificate;
  if (rows.length !== intents.length) {
    const reason = `the certificate is of ${rows.length} intents, the source has ${intents.length}`;
    return { type: "failed", reason };
  }
  let [obligations, work] = [0, 0];
  for (const [at, intent] of intents.entries()) {
    const checked = checkRow(intent, rows[at] ?? []);
    if (checked.type !== "certified") return checked;
    obligations += checked.obligations;
    work += checked.work;
  }
  return { type: "certified", obligations, work };
}

const notACertificate: CertificateCheck = {
  type: "failed",
  reason: "these bytes are no certificate",
};

/**
 * Returns the indexes of the sums of a contract whose terms the certificate proves to be never
 * negative. `signs` has the obligation of each sum that needs such a proof, and `row` one entry for
 * each. Undefined if the number of entries differs, or if an entry is neither a proof that the
 * kernel accepts nor an empty witness.
 */
function shownSums(
  signs: ReadonlyMap<number, ContractObligation>,
  row: readonly Uint8Array[],
): ReadonlySet<number> | undefined {
  const shown = new Set<number>();
  if (row.length !== signs.size) return undefined;
  for (const [place, [at, { obligation }]] of [...signs].entries()) {
    const entry = decodeEntry(row[place] ?? new Uint8Array());
    if (entry?.type === "witness" && entry.values.length === 0) continue;
    if (entry?.type !== "proof") return undefined;
    if (certify(obligation, entry.proof).type !== "certified") return undefined;
    shown.add(at);
  }
  return shown;
}

function checkContractCertificate(
  contract: TypedContract,
  certificate: Uint8Array,
): CertificateCheck {
  try {
    return checkObligations(contract, certificate);
  } catch (error) {
    if (!(error instanceof WorkExceeded)) throw error;
    return { type: "failed", reason: tooManyAssumptions(error) };
  }
}

function checkObligations(contract: TypedContract, certificate: Uint8Array): CertificateCheck {
  const evaluated = [...checkInitialState(contract), ...checkExitUnits(contract)];
  const broken = evaluated.find(({ problem }) => problem !== undefined);
  if (broken?.problem !== undefined) return { type: "failed", reason: broken.problem };
  const [signRow, row, ...more] = decodeCertificate(certificate) ?? [];
  if (signRow === undefined || row === undefined || more.length > 0) return notACertificate;
  const signs = signObligations(contract);
  const shown = shownSums(signs, signRow);
  if (shown === undefined) return notACertificate;
  const obligations = contractObligations(contract, shown);
  const underived = findUnderived(contract, { signs, shown, obligations });
  if (underived !== undefined) {
    const { reason, obligation } = underived;
    return { type: "failed", reason, ...(obligation === undefined ? {} : { obligation }) };
  }
  if (row.length !== obligations.length) {
    const reason = `the contract has ${obligations.length} obligations, not ${row.length}`;
    return { type: "failed", reason };
  }
  let work = 0;
  for (const [at, one] of obligations.entries()) {
    const { obligation } = one;
    const entry = decodeEntry(row[at] ?? new Uint8Array());
    const isWitnessNeeded = obligation.kind === "satisfiable";
    if (
      entry === undefined ||
      (entry.type === "witness") !== isWitnessNeeded ||
      entry.type === "cut"
    ) {
      return { type: "failed", reason: "the entry is not of its obligation's kind", obligation };
    }
    if (entry.type === "witness") {
      if (isContractWitness(one, entry.values)) continue;
      return { type: "failed", reason: "the guards do not hold for the witness", obligation };
    }
    const answer = certify(obligation, entry.proof);
    if (answer.type === "certified") {
      work += answer.work;
      continue;
    }
    const reason =
      answer.type === "refused"
        ? describeRefusal(answer)
        : `the kernel's limit of ${answer.limit} is reached`;
    return { type: "failed", reason, obligation };
  }
  // As many as the Judge reports: those that are evaluated have no entry.
  return { type: "certified", obligations: evaluated.length + obligations.length, work };
}

function checkRow(intent: CompiledIntent, row: readonly Uint8Array[]): CertificateCheck {
  const obligations = obligationsOf(intent);
  if (row.length !== obligations.length) {
    const reason = `${intent.name} has ${obligations.length} obligations, not ${row.length}`;
    return { type: "failed", reason };
  }
  const state: RowState = { intent, cuts: cutsOf(intent), lemmas: new Set(), work: 0 };
  for (const [at, obligation] of obligations.entries()) {
    const reason = checkEntry(state, { obligation, at, bytes: row[at] ?? new Uint8Array() });
    if (reason !== undefined) return { type: "failed", reason, obligation };
  }
  return { type: "certified", obligations: obligations.length, work: state.work };
}

interface RowState {
  readonly intent: CompiledIntent;
  readonly cuts: Cuts | undefined;
  /** Indexes of the lemmas that the kernel has accepted. */
  readonly lemmas: Set<number>;
  work: number;
}

interface EntryTask {
  readonly obligation: Obligation;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * Returns the reason why an entry of the certificate does not prove its obligation. Undefined if it
 * proves it.
 */
function checkEntry(state: RowState, task: EntryTask): string | undefined {
  const { obligation, at, bytes } = task;
  const entry = decodeEntry(bytes);
  if (entry === undefined) return "the entry is not canonical";
  if (obligation.kind === "satisfiable") {
    if (entry.type !== "witness") return "there is a proof where a witness is needed";
    return isWitness(state.intent, obligation, entry.values)
      ? undefined
      : "the guards do not hold for the witness";
  }
  if (entry.type === "witness") return "there is a witness where a proof is needed";
  if (entry.type === "proof") return checkProof(state, obligation, entry.proof);
  const cut = state.cuts?.goals[at];
  if (cut === undefined) return "the obligation has no cut";
  const missing = cut.uses.filter((index) => !state.lemmas.has(index));
  if (missing.length !== entry.lemmas.length) {
    return `${missing.length} lemmas are needed, not ${entry.lemmas.length}`;
  }
  for (const [place, index] of missing.entries()) {
    const lemma = state.cuts?.lemmas[index];
    const proof = entry.lemmas[place];
    if (lemma === undefined || proof === undefined) return "a lemma is missing";
    const reason = checkProof(state, lemma, proof);
    if (reason !== undefined) return `lemma ${index}: ${reason}`;
    state.lemmas.add(index);
  }
  return checkProof(state, cut, entry.proof);
}

function checkProof(
  state: RowState,
  claim: Parameters<typeof certify>[0],
  proof: Uint8Array,
): string | undefined {
  const answer = certify(claim, proof);
  switch (answer.type) {
    case "certified":
      state.work += answer.work;
      return undefined;
    case "refused":
      return describeRefusal(answer);
    case "exhausted":
      return `the kernel's limit of ${answer.limit} is reached`;
  }
}

/**
 * Tells whether the guards of an intent hold for the given values of its arguments and of the
 * state, in the order of `obligation.observed`.
 */
function isWitness(
  intent: CompiledIntent,
  obligation: Obligation,
  values: readonly TermValue[],
): boolean {
  const names = [...obligation.observed.keys()];
  if (names.length !== values.length) return false;
  const valuation = new Map<string, TermValue>();
  for (const [at, name] of names.entries()) {
    const value = values[at];
    if (value !== undefined) valuation.set(name, value);
  }
  return confirmCounterexample(intent, obligation, valuation) !== undefined;
}
