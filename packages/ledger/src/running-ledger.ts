import {
  type AccountId,
  assert,
  type Block,
  type BlockHeader,
  blockDigest,
  type Digest,
  equalBytes,
  type FinalizedBlock,
  type Item,
  ledgerHeader,
  type Proof,
  type ProofBody,
  proofItem,
  type Sequence,
  toHex,
} from "@aethel/models";
import { refuseMalformed, sizedProof } from "./admission/admission.ts";
import { findUnaffordable } from "./admission/signers.ts";
import type {
  BlockRequest,
  BlockVerdict,
  ClaimRequest,
  LedgerHead,
  VerdictRequest,
} from "./application/application.ts";
import { buildBlock, hasUnsettled } from "./application/build-block.ts";
import type { LedgerEvent, LedgerListener } from "./application/events.ts";
import { findFalseClaim } from "./application/false-claim.ts";
import { searchFalseClaim } from "./application/search-false-claim.ts";
import {
  createSpeculations,
  type Executed,
  type Speculations,
} from "./application/speculations.ts";
import type { LedgerStore } from "./application/store.ts";
import { keyName } from "./collections/key-name.ts";
import { LedgerError } from "./errors.ts";
import { describeBlockDefect } from "./execution/block-defect.ts";
import { proofsIn } from "./execution/block-proofs.ts";
import { type ExecutedBlock, executeLinkedBlock, invalid } from "./execution/execute-block.ts";
import type { ExecutionTools } from "./execution/execution-tools.ts";
import { findLinkageDefect } from "./execution/linkage.ts";
import { baseFeesOf } from "./fees/base-fees.ts";
import type { Ledger, LedgerOptions } from "./ledger.ts";
import { createMempool } from "./mempool/create-mempool.ts";
import { createIntake, type Intake } from "./mempool/intake.ts";
import { MEMPOOL_LIMITS } from "./mempool/limits.ts";
import type { Added, Mempool } from "./mempool/mempool.ts";
import type { SubmitRefusal } from "./mempool/submit-refusal.ts";
import type { PendingProof } from "./pending/pending.ts";
import { judgeProofs } from "./programs/judging.ts";
import { createQueries } from "./queries/create-queries.ts";
import { createDirectory, type Directory } from "./queries/directory.ts";
import { estimateFee, type FeeEstimate, type Guess } from "./queries/estimate.ts";
import type { Queries } from "./queries/queries.ts";
import type { Receipt } from "./results/receipt.ts";
import { refusal } from "./results/refusal.ts";
import type { LedgerState } from "./state/ledger-state.ts";
import type { BaseFees } from "./state/records.ts";
import { accuracyAlerts } from "./validators/accuracy.ts";

/** Last durable block, with the state after it. */
export interface Standing {
  readonly state: LedgerState;
  readonly certificate: LedgerHead["certificate"];
  readonly leadership?: LedgerHead["leadership"];
}

/** Result of judging and executing a block. */
type JudgedBlock =
  | (ExecutedBlock & { readonly claim?: Uint8Array | undefined })
  | Extract<BlockVerdict, { readonly type: "abstained" }>;

/** Ledger that `createLedger` opens. All mutable state of a ledger is in it. @internal */
export class RunningLedger implements Ledger {
  readonly #options: LedgerOptions & { readonly store: LedgerStore };
  readonly #tools: ExecutionTools;
  readonly #mempool: Mempool;
  readonly #intake: Intake;
  readonly #queries: Queries;
  readonly #directory: Directory;
  readonly #listeners = new Set<LedgerListener>();
  readonly #speculations: Speculations;
  #standing: Standing;

  constructor(
    options: LedgerOptions & { readonly store: LedgerStore },
    tools: ExecutionTools,
    standing: Standing,
  ) {
    this.#options = options;
    this.#tools = tools;
    this.#standing = standing;
    const { state } = standing;
    this.#speculations = createSpeculations(state.tree, options);
    this.#mempool = createMempool({
      state,
      ...tools,
      limits: {
        ...MEMPOOL_LIMITS,
        // What took a leader a quarter of the bound, others have time for.
        proposableMs: Math.floor(state.parameters.judgingBoundMs / 4),
        ...options.mempool,
      },
    });
    this.#intake = createIntake({
      ...options,
      mempool: this.#mempool,
      tell: (event) => this.#tell(event),
    });
    this.#directory = createDirectory(state.tree);
    this.#queries = createQueries(() => this.#standing.state, tools.programs, this.#directory);
  }

  head(): LedgerHead {
    const { state, certificate, leadership } = this.#standing;
    const { header, digest, votingSet: validators, previousSet: previousValidators } = state;
    return { header, digest, certificate, validators, previousValidators, leadership };
  }

  hasWork(): boolean {
    if (this.#mempool.hasReady() || this.#mempool.hasPriced()) return true;
    return hasUnsettled(this.#standing.state, this.#tools.bounds);
  }

  propose(request: BlockRequest): Promise<Block | undefined> {
    const { state } = this.#standing;
    if (request.signal.aborted || request.sequence !== state.header.sequence + 1) {
      return Promise.resolve(undefined);
    }
    const built = buildBlock(state, this.#mempool, request, this.#tools);
    if (built === undefined) return Promise.resolve(undefined);
    this.#speculations.add(built.executed);
    return Promise.resolve(built.block);
  }

  async verify({ block, digest, patience, signal }: VerdictRequest): Promise<BlockVerdict> {
    const { state } = this.#standing;
    if (!equalBytes(blockDigest(block.header), digest)) {
      return { type: "refused", reason: "the digest is not the header's" };
    }
    const linkage = findLinkageDefect(state, block);
    if (linkage !== undefined) return { type: "refused", reason: describeBlockDefect(linkage) };
    if (this.#speculations.get(digest) !== undefined) return { type: "accepted" };
    const outcome = await this.#execute(block, { patience, signal });
    if (this.#standing.state !== state) return { type: "abstained", reason: "the head moved" };
    if (outcome.type === "abstained") return outcome;
    if (outcome.type === "invalid") {
      const { reason, claim } = outcome;
      return { type: "refused", reason, ...(claim === undefined ? {} : { claim }) };
    }
    this.#speculations.add(outcome);
    return { type: "accepted" };
  }

  findClaim({ block, signal }: ClaimRequest): Promise<Uint8Array | undefined> {
    const { state } = this.#standing;
    const { checkProof } = this.#tools;
    return searchFalseClaim(block, { judge: this.#options.judge, checkProof, state, signal });
  }

  async commit(final: FinalizedBlock, leadership?: Uint8Array): Promise<LedgerHead> {
    const { block, certificate } = final;
    const { state } = this.#standing;
    const digest = blockDigest(block.header);
    if (equalBytes(digest, state.digest)) return this.head();
    const [expected, actual] = [state.header.sequence + 1, block.header.sequence];
    if (actual !== expected) throw new LedgerError({ code: "FINAL_BLOCK_ORDER", expected, actual });
    const isCertified = certificate.phase === "commit" && equalBytes(certificate.digest, digest);
    if (!isCertified) this.#refuseFinal(digest, "the certificate is for something else");
    const executed = this.#speculations.get(digest) ?? (await this.#executeFinal(block));
    assert(this.#standing.state === state, "final blocks are committed one at a time");
    const { receipts, transition } = executed;
    await this.#options.store.write({
      header: block.header,
      finalized: final,
      leadership,
      receipts,
      changes: transition.changes,
      version: block.header.sequence,
      root: ledgerHeader(block.header).stateRootAfter,
    });
    this.#standing = { state: executed.state, certificate, leadership };
    this.#directory.note(transition.changes);
    this.#speculations.settle(executed);
    this.#afterCommit(executed);
    return this.head();
  }

  finalized(sequence: Sequence): Promise<FinalizedBlock | undefined> {
    return this.#options.store.block(sequence);
  }

  header(sequence: Sequence): Promise<BlockHeader | undefined> {
    return this.#options.store.header(sequence);
  }

  submit(proof: Proof): Added {
    const added = this.#mempool.add(proof);
    if (added.type === "accepted") {
      for (const one of added.dropped) this.#tellDropped(one.hash, one.refusal);
      if (added.replaced !== undefined) {
        this.#tellDropped(added.replaced, refusal("replaced", `replaced by ${toHex(added.hash)}`));
      }
      this.#tellMempool();
      this.#intake.judgeMore();
    }
    return added;
  }

  submitCost = (proof: Proof): number => this.#mempool.submitCost(proof);
  pendingNonce = (account: AccountId): number => this.#mempool.pendingNonce(account);
  baseFees = (): BaseFees => baseFeesOf(this.#standing.state.tree);
  quote = (body: ProofBody, guess: Guess = {}): FeeEstimate =>
    estimateFee(this.#standing.state, body, { ...guess, programs: this.#tools.programs });
  pendingHashes = (most: number): readonly Digest[] => this.#mempool.hashes(most);
  item = (hash: Digest): Item | undefined => {
    const waiting = this.#mempool.get(hash);
    return waiting === undefined ? undefined : proofItem(waiting.proof);
  };
  pending = (hash: Digest): PendingProof | undefined => this.#mempool.get(hash);
  receipt = (hash: Digest): Promise<Receipt | undefined> => this.#options.store.receipt(hash);
  receipts = (at: Sequence): Promise<readonly Receipt[]> => this.#options.store.receipts(at);
  state = (): LedgerState => this.#standing.state;
  account: Queries["account"] = (id) => this.#queries.account(id);
  holding: Queries["holding"] = (id, asset) => this.#queries.holding(id, asset);
  asset: Queries["asset"] = (id) => this.#queries.asset(id);
  assets: Queries["assets"] = () => this.#queries.assets();
  assetPage: Queries["assetPage"] = (request) => this.#queries.assetPage(request);
  validator: Queries["validator"] = (id) => this.#queries.validator(id);
  validators: Queries["validators"] = () => this.#queries.validators();
  validatorPage: Queries["validatorPage"] = (request) => this.#queries.validatorPage(request);
  intent: Queries["intent"] = (digest) => this.#queries.intent(digest);
  intents: Queries["intents"] = () => this.#queries.intents();
  intentPage: Queries["intentPage"] = (request) => this.#queries.intentPage(request);
  get contracts(): Queries["contracts"] {
    return this.#queries.contracts;
  }
  stakersBeginning: Queries["stakersBeginning"] = (prefix, limit) =>
    this.#queries.stakersBeginning(prefix, limit);
  theorem: Queries["theorem"] = (script) => this.#queries.theorem(script);
  certificate: Queries["certificate"] = (digest) => this.#queries.certificate(digest);
  parameters: Queries["parameters"] = () => this.#queries.parameters();
  supply: Queries["supply"] = () => this.#queries.supply();
  prove: Queries["prove"] = (key) => this.#queries.prove(key);

  mempool(): ReturnType<Ledger["mempool"]> {
    const { count, waiting, bytes } = this.#mempool;
    return { count, waiting, bytes };
  }

  subscribe(listener: LedgerListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Judges and executes a block in which `findLinkageDefect` found no defect. All proofs pass the
   * cheap checks before the first proof is judged.
   */
  async #execute(
    block: Block,
    how: Pick<VerdictRequest, "patience" | "signal">,
  ): Promise<JudgedBlock> {
    const { state } = this.#standing;
    const read = proofsIn(block);
    if (read.type === "undecodable") {
      return invalid({ code: "item", at: read.at, reason: read.reason });
    }
    const { proofs } = read;
    const unaffordable = findUnaffordable(state, proofs, (one) => sizedProof(one).bytes);
    if (unaffordable !== undefined) return invalid({ code: "proof", ...unaffordable });
    for (const [at, proof] of proofs.entries()) {
      const malformed = refuseMalformed(sizedProof(proof), state, this.#tools.checkProof);
      if (malformed !== undefined) return invalid({ code: "proof", at, refusal: malformed });
    }
    const judged = await judgeProofs(proofs, { ...how, judge: this.#options.judge });
    if (judged.type === "abstained") return judged;
    // The version of the tree may have been given back meanwhile.
    if (this.#standing.state !== state) return { type: "abstained", reason: "the head moved" };
    const { judgements } = judged;
    const executed = executeLinkedBlock(state, block, judgements, this.#tools);
    if (executed.type === "executed") return executed;
    return { ...executed, claim: findFalseClaim(block, judgements) };
  }

  async #executeFinal(block: Block): Promise<Executed> {
    const linkage = findLinkageDefect(this.#standing.state, block);
    if (linkage !== undefined) {
      this.#refuseFinal(blockDigest(block.header), describeBlockDefect(linkage));
    }
    const signal = this.#options.signal ?? new AbortController().signal;
    const outcome = await this.#execute(block, { patience: "none", signal });
    if (outcome.type === "executed") return outcome;
    if (outcome.type === "abstained") {
      throw new LedgerError({ code: "JUDGE_ABSTAINED", reason: outcome.reason });
    }
    return this.#refuseFinal(blockDigest(block.header), outcome.reason);
  }

  #refuseFinal(digest: Digest, reason: string): never {
    const sequence = this.#standing.state.header.sequence + 1;
    throw new LedgerError({
      code: "FINAL_BLOCK_REFUSED",
      sequence,
      digest: toHex(digest),
      reason,
    });
  }

  #afterCommit({ state, receipts, transition }: Executed): void {
    const included = new Set(receipts.map(({ proofHash }) => keyName(proofHash)));
    const includes = (hash: Digest): boolean => included.has(keyName(hash));
    const { changes } = transition;
    for (const dropped of this.#mempool.update(state, { changes, includes })) {
      if (!includes(dropped.hash)) this.#tellDropped(dropped.hash, dropped.refusal);
    }
    const { header, digest } = state;
    const { sequence } = header;
    this.#tell({ type: "finalized", sequence, digest, header, receipts, transition });
    for (const alert of accuracyAlerts(transition.changes)) {
      this.#tell({ type: "accuracy", sequence, ...alert });
    }
    this.#tellMempool();
    this.#intake.judgeMore();
  }

  #tellDropped(proofHash: Digest, why: SubmitRefusal): void {
    this.#tell({ type: "dropped", proofHash, refusal: why });
  }

  #tellMempool(): void {
    const { count, bytes } = this.#mempool;
    this.#tell({ type: "mempool", count, bytes });
  }

  #tell(event: LedgerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
