import { randomBytes } from "node:crypto";
import { createLedger, KeyRecord, type Ledger, stateKey } from "@aethel/ledger";
import { createTree } from "@aethel/merkle";
import {
  type AccountId,
  createSigner,
  type Genesis,
  hashGenesis,
  type Proof,
  type Signer,
  toAccountId,
} from "@aethel/models";
import { createPeerTransport, type PeerTransport, type ProofVerdict } from "@aethel/p2p";
import { createReplica, type Replica } from "@aethel/pbft";
import { createFileSigningLog } from "@aethel/pbft/file";
import { createJudge, judgeIdentity } from "@aethel/verifier";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { createApi } from "../http/create-api.ts";
import { listen } from "../http/listen.ts";
import type { NodeView } from "../http/node-view.ts";
import type { Layout } from "../storage/layout.ts";
import { createLedgerStore } from "../storage/ledger-store.ts";
import { openDatabase, probeDatabase } from "../storage/open-database.ts";
import { stateHasher } from "../storage/state-hasher.ts";
import { createSystemClock } from "./clock.ts";
import { createEventHub, type EventHub } from "./event-hub.ts";
import { createEventBridge, type EventBridge } from "./node-events.ts";
import { createPendingNonces, type PendingNonces } from "./pending-nonces.ts";

/** What a node is made of. The directory's lock is the caller's. */
export interface NodeOptions {
  readonly layout: Layout;
  readonly config: Config;
  readonly genesis: Genesis;
  readonly version: string;
  /** Seed of the consensus key. */
  readonly consensusKey: Uint8Array;
  /** Seed of the network key. */
  readonly networkKey: Uint8Array;
  readonly allowNewSigningState: boolean;
  readonly log: Logger;
  /** Gives up the start, and what is being judged. */
  readonly signal: AbortSignal;
}

/** A running node. */
export interface RunningNode extends AsyncDisposable {
  /** Of the HTTP API. */
  readonly url: string;
  /** Multiaddrs for peers. */
  readonly addresses: readonly string[];
  /** Resolves, with the reason, when the node cannot go on. */
  readonly failed: Promise<unknown>;
}

/**
 * Puts a node together and starts it: disk, Judge, ledger, network, replica, API. When a part does
 * not start, the parts before it are ended again.
 */
export async function createNode(options: NodeOptions): Promise<RunningNode> {
  const { layout, config, genesis, log } = options;
  await using parts = new AsyncDisposableStack();
  const { promise: failed, resolve: onFatal } = Promise.withResolvers<unknown>();
  const hub = createEventHub();
  const bridge = createEventBridge({ hub, log, onFatal });
  const chain = hashGenesis(genesis);

  const signingLog = parts.use(
    await createFileSigningLog({ path: layout.signingLog, ...missingSigningState(options) }),
  );
  const ledger = await openLedger(options, parts);
  const self = identityOf(options, ledger);
  log.info({ sequence: ledger.head().header.sequence }, "ledger open");

  const pending = createPendingNonces();
  // Listening early: a port in use is found before anything is signed.
  const started = performance.now();
  const network: { transport?: PeerTransport; replica?: Replica } = {};
  const view = createView({ options, self, ledger, pending, hub, network, started });
  const server = await listen(createApi(view), config.http);
  parts.defer(() => server.close());
  parts.defer(() => hub.close());

  const transport = parts.use(
    await createPeerTransport({
      genesis: chain,
      networkKey: options.networkKey,
      ...(self.validator === undefined ? {} : { validator: self.validator }),
      validators: () => ledger.head().validators,
      listen: config.p2p.listen,
      bootstrap: config.p2p.peers,
      onEvent: bridge.onPeer,
    }),
  );
  network.transport = transport;
  transport.onProof((proof) => judgeGossip(view, proof));

  const replica = parts.use(
    createReplica({
      genesis: chain,
      parameters: genesis.parameters,
      signer: self.signer,
      id: self.id,
      application: ledger,
      transport,
      clock: createSystemClock(),
      signingLog,
      onEvent: bridge.onReplica,
    }),
  );
  parts.defer(connectLedger({ ledger, bridge, pending, onWork: () => replica.notifyWork() }));
  await replica.start();
  network.replica = replica;
  log.info({ url: server.url, addresses: transport.addresses() }, "running");

  const running = parts.move();
  return {
    url: server.url,
    addresses: transport.addresses(),
    failed,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Disk, Judge and ledger; what they hold open is left to `parts`. */
async function openLedger(options: NodeOptions, parts: AsyncDisposableStack): Promise<Ledger> {
  const { layout, config, genesis, signal } = options;
  await probeDatabase(layout);
  const database = await openDatabase(layout);
  parts.defer(() => database.close());
  const judge = parts.use(
    await createJudge({
      workers: config.judge.workers,
      limits: { watchdogMilliseconds: genesis.parameters.judgingBoundMs },
    }),
  );
  const ledger = await createLedger({
    genesis,
    judge,
    judgeIdentity: judgeIdentity(),
    store: createLedgerStore(database, layout),
    emptyTree: createTree({ hasher: stateHasher() }),
    signal,
  });
  signal.throwIfAborted();
  return ledger;
}

/** An observer's key is new each time. A validator's may have voted: it listens first. */
function missingSigningState({ config, allowNewSigningState }: NodeOptions): {
  readonly allowNewSigningState?: "new-key" | "listen-first";
} {
  if (config.role === "observer") return { allowNewSigningState: "new-key" };
  return allowNewSigningState ? { allowNewSigningState: "listen-first" } : {};
}

interface Identity {
  readonly id: AccountId;
  readonly signer: Signer;
  readonly validator: { readonly id: AccountId; readonly signer: Signer } | undefined;
}

/**
 * Whose votes this node casts: the account that the ledger knows the consensus key of, or what such
 * an account will be called. An observer gets a name that no validator has, so it can never vote.
 */
function identityOf({ config, consensusKey }: NodeOptions, ledger: Ledger): Identity {
  const isValidator = config.role === "validator";
  const signer = createSigner(isValidator ? consensusKey : new Uint8Array(randomBytes(32)));
  const record = ledger.state().tree.get(stateKey.consensusKey(signer.publicKey));
  const id =
    record === undefined ? toAccountId(signer.publicKey) : KeyRecord.decode(record).validator;
  return { id, signer, validator: isValidator ? { id, signer } : undefined };
}

function createView(parts: {
  readonly options: NodeOptions;
  readonly self: Identity;
  readonly ledger: Ledger;
  readonly pending: PendingNonces;
  readonly hub: EventHub;
  readonly network: { readonly transport?: PeerTransport; readonly replica?: Replica };
  readonly started: number;
}): NodeView {
  const { options, self, ledger, pending, hub, network, started } = parts;
  return {
    genesis: options.genesis,
    version: options.version,
    role: options.config.role,
    validator: self.validator?.id,
    ledger,
    pending,
    events: hub,
    consensus: () => network.replica?.status(),
    peers: () => network.transport?.connections().length ?? 0,
    uptimeMs: () => performance.now() - started,
    submit(proof) {
      const added = ledger.submit(proof);
      if (added.type === "accepted") {
        if (added.replaced !== undefined) pending.remove(added.replaced);
        pending.add(proof);
        network.transport?.publishProof(proof);
      }
      return added;
    },
  };
}

/** Only what no honest peer relays counts against the peer. */
function judgeGossip({ ledger, pending }: NodeView, proof: Proof): ProofVerdict {
  const added = ledger.submit(proof);
  if (added.type === "accepted") {
    if (added.replaced !== undefined) pending.remove(added.replaced);
    pending.add(proof);
    return "accept";
  }
  return added.code === "signature" || added.code === "shape" ? "reject" : "ignore";
}

function connectLedger(parts: {
  readonly ledger: Ledger;
  readonly bridge: EventBridge;
  readonly pending: PendingNonces;
  readonly onWork: () => void;
}): () => void {
  const { ledger, bridge, pending, onWork } = parts;
  return ledger.subscribe((event) => {
    if (event.type === "dropped") pending.remove(event.proofHash);
    if (event.type === "finalized") {
      for (const { proofHash } of event.receipts) pending.remove(proofHash);
    }
    bridge.onLedger(event);
    if (event.type === "mempool") onWork();
  });
}
