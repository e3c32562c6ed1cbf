import { KEY_KIND, type Ledger } from "@aethel/ledger";
import { type Genesis, hashGenesis, Proof, type Sequence, toHex } from "@aethel/models";
import { createPeerTransport, type ItemVerdict, type PeerTransport } from "@aethel/p2p";
import { createReplica, type JoiningOptions, type Replica } from "@aethel/pbft";
import { createFileSigningLog } from "@aethel/pbft/file";
import { followBounds } from "@aethel/pbft/light";
import { createJudge } from "@aethel/verifier";
import type { Logger } from "pino";
import type { WhyEvent } from "../api/api.ts";
import { parseCheckpoint } from "../config/checkpoint.ts";
import type { Config } from "../config/config.ts";
import type { Layout } from "../files/layout.ts";
import { createObserver, type Observer } from "../health/observer.ts";
import { createWatch } from "../health/watch.ts";
import { createApi } from "../http/create-api.ts";
import { createEventHub, type EventHub } from "../http/event-hub.ts";
import { listen } from "../http/listen.ts";
import type { NodeView } from "../http/node-view.ts";
import { createRefusals, type Refusals } from "../http/refusals.ts";
import { slashesOfBlock } from "../http/slashes.ts";
import type { KeyRing } from "../keys/key-ring.ts";
import type { DiskStore } from "../storage/ledger-store.ts";
import { createSystemClock } from "./clock.ts";
import { costOfGossiped, decodeGossiped } from "./gossiped-proof.ts";
import { type Identity, identityOf } from "./identity.ts";
import { createEventBridge, type EventBridge } from "./node-events.ts";
import { openLedger } from "./open-ledger.ts";
import { createRegossip, type Regossip, startRegossip } from "./regossip.ts";

/** Options of a node. The caller holds the lock of the data directory. */
export interface NodeOptions {
  readonly layout: Layout;
  readonly config: Config;
  readonly genesis: Genesis;
  readonly version: string;
  /** Consensus keys. The validator set of a sequence names the one that votes. */
  readonly keyRing: KeyRing;
  /** Seed of the network key. */
  readonly networkKey: Uint8Array;
  readonly allowNewSigningState: boolean;
  readonly log: Logger;
  /** Aborts the start, and judging. */
  readonly signal: AbortSignal;
}

/** Node that is running. */
export interface RunningNode extends AsyncDisposable {
  /** Address of the HTTP API. */
  readonly url: string;
  /** Multiaddresses for peers. */
  readonly addresses: readonly string[];
  /** Resolves with the reason if consensus has stopped; otherwise stays pending. */
  readonly failed: Promise<unknown>;
}

/**
 * Assembles a node and starts it: signing log, Judge, ledger, API, network, replica. If a part does
 * not start, those before it are closed.
 */
export async function createNode(options: NodeOptions): Promise<RunningNode> {
  const { layout, config, genesis, log } = options;
  await using parts = new AsyncDisposableStack();
  const { promise: failed, resolve: onFatal } = Promise.withResolvers<unknown>();
  const hub = createEventHub();
  const chain = hashGenesis(genesis);

  const signingLog = parts.use(
    await createFileSigningLog({ path: layout.signingLog, ...missingSigningState(options) }),
  );
  const { workers } = config.judge;
  const { judgingBoundMs } = genesis.parameters;
  // Timeouts of views follow from the same bound: a proof that takes longer has lost its view anyway.
  const limits = { watchdogMilliseconds: judgingBoundMs };
  const judge = parts.use(await createJudge({ workers, limits }));
  const { ledger, store } = await openLedger(
    { layout, genesis, judge, signal: options.signal },
    parts,
  );
  const self = identityOf({ role: config.role, signers: options.keyRing.signers }, ledger);
  log.info({ sequence: ledger.head().header.sequence }, "ledger open");
  sayIfConvicted(self, ledger, log);
  const bridge = createEventBridge({ hub, log, self: self.id, onFatal });

  const regossip = createRegossip({
    publish: (proof) => network.transport?.publishItem(Proof.encode(proof)) ?? false,
    now: () => performance.now(),
  });
  // Before anything is signed: a port in use ends the start.
  const started = performance.now();
  const network: { transport?: PeerTransport; replica?: Replica } = {};
  const refusals = createRefusals();
  const clock = createSystemClock();
  const observer = createObserver({
    genesis,
    role: config.role,
    self: self.id,
    ledger,
    replica: () => network.replica?.status(),
    transport: () => network.transport,
    now: () => Date.now(),
    elapsed: () => performance.now(),
  });
  const state = { ledger, store, regossip, refusals, observer };
  const view = createView({ options, self, ...state, hub, network, started });
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
      itemCost: costOfGossiped,
      onEvent(event) {
        bridge.onPeer(event);
        if (event.type === "connected") regossip.connected();
      },
    }),
  );
  network.transport = transport;
  transport.onItem((bytes) => admitGossip({ ledger, regossip }, bytes));

  const replica = parts.use(
    createReplica({
      genesis: chain,
      parameters: genesis.parameters,
      signer: self.signer,
      signers: self.signers,
      id: self.id,
      joining: joiningOf(options),
      application: ledger,
      transport,
      clock,
      signingLog,
      onEvent(event) {
        observer.onReplica(event);
        bridge.onReplica(event);
      },
    }),
  );
  const onWork = (): void => replica.notifyWork();
  parts.defer(connectLedger({ view, regossip, bridge, onWork, log }));
  await replica.start();
  network.replica = replica;
  parts.defer(watchOver({ observer, hub, log }));
  parts.defer(startRegossip(regossip));
  if (self.validator !== undefined) parts.defer(watchKeys(options.keyRing, log));
  log.info({ url: server.url, addresses: transport.addresses() }, "running");

  const running = parts.move();
  return {
    url: server.url,
    addresses: transport.addresses(),
    failed,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/**
 * Starts to report why nothing becomes final, in the log and as event `why`. Returns the function
 * that stops it.
 */
function watchOver(parts: {
  readonly observer: Observer;
  readonly hub: EventHub;
  readonly log: Logger;
}): () => void {
  const { observer, hub, log } = parts;
  const { stop } = createWatch({
    look: observer.findings,
    log,
    now: () => performance.now(),
    onChange(findings) {
      const data: WhyEvent = { findings: [...findings] };
      hub.publish({ type: "why", data });
    },
  });
  return stop;
}

/** Milliseconds between checks for a key file that `aethel rotate-key` made. */
const KEYS_LOOK_MS = 1_000;

/**
 * Starts to load new key files while the node runs, so that a rotation needs no restart. Returns
 * the function that stops it.
 */
function watchKeys(keyRing: KeyRing, log: Logger): () => void {
  const timer = setInterval(() => {
    keyRing.refresh().then(
      (fresh) => {
        for (const { publicKey } of fresh) {
          log.info(
            { key: toHex(publicKey) },
            "holds a new consensus key: it signs once the chain names it",
          );
        }
      },
      (err: unknown) =>
        log.error(
          { err },
          "a new consensus key cannot be used. Next: see the error; all keys have one password",
        ),
    );
  }, KEYS_LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Returns the options for joining: the trusting period, and the operator's checkpoint if there is
 * one.
 */
function joiningOf({ config, genesis }: NodeOptions): JoiningOptions {
  const { trustedForMs } = followBounds({ now: Date.now(), parameters: genesis.parameters });
  const { checkpoint } = config;
  return checkpoint === undefined
    ? { trustedForMs }
    : { trustedForMs, checkpoint: parseCheckpoint(checkpoint) };
}

/**
 * Logs at the start that this validator has lost stake: that may have happened while the node was
 * down.
 */
function sayIfConvicted({ id }: Identity, ledger: Ledger, log: Logger): void {
  const { offences = 0, slashed, stake } = ledger.validator(id) ?? {};
  if (offences === 0) return;
  const facts = { offences, slashed: String(slashed), stake: String(stake) };
  log.error(
    facts,
    "THIS VALIDATOR has lost stake. Next: see `aethel validators` and docs/operating/slashed.md",
  );
}

/**
 * Returns what to do if the signing log is missing. An observer's key is always new, so it gets an
 * empty log. A validator's key may have signed: by default the start fails, and with
 * `allowNewSigningState` the validator listens first.
 */
function missingSigningState({ config, allowNewSigningState }: NodeOptions): {
  readonly allowNewSigningState?: "new-key" | "listen-first";
} {
  if (config.role === "observer") return { allowNewSigningState: "new-key" };
  return allowNewSigningState ? { allowNewSigningState: "listen-first" } : {};
}

function createView(parts: {
  readonly options: NodeOptions;
  readonly self: Identity;
  readonly ledger: Ledger;
  readonly store: DiskStore;
  readonly regossip: Regossip;
  readonly refusals: Refusals;
  readonly observer: Observer;
  readonly hub: EventHub;
  readonly network: { readonly transport?: PeerTransport; readonly replica?: Replica };
  readonly started: number;
}): NodeView {
  const { options, self, ledger, store, regossip, refusals, hub, network, started } = parts;
  const { observer } = parts;
  return {
    genesis: options.genesis,
    version: options.version,
    role: options.config.role,
    validator: self.validator?.id,
    ledger,
    refusals,
    events: hub,
    slashes: (range) => store.slashes(range),
    consensus: () => network.replica?.status(),
    findings: observer.findings,
    quietMs: observer.quietMs,
    keys: () => (self.validator === undefined ? [] : self.signers.map((each) => each.publicKey)),
    // Two nodes that dialed each other at the same time have two connections for a while.
    peers: () => new Set(network.transport?.connections().map(({ peer }) => peer)).size,
    uptimeMs: () => performance.now() - started,
    submit(proof) {
      const added = ledger.submit(proof);
      if (added.type === "accepted") {
        if (added.replaced !== undefined) regossip.remove(added.replaced);
        regossip.add(proof);
        network.transport?.publishItem(Proof.encode(proof));
      }
      return added;
    },
  };
}

/**
 * Adds a proof from gossip to the mempool. The verdict is `reject`, which counts against the peer,
 * only for what no honest peer relays; other refusals are `ignore`.
 */
function admitGossip(
  { ledger, regossip }: { readonly ledger: Ledger; readonly regossip: Regossip },
  bytes: Uint8Array,
): ItemVerdict {
  const proof = decodeGossiped(bytes);
  if (proof === undefined) return "reject";
  const added = ledger.submit(proof);
  if (added.type === "accepted") {
    if (added.replaced !== undefined) regossip.remove(added.replaced);
    regossip.add(proof);
    return "accept";
  }
  return added.code === "signature" || added.code === "shape" ? "reject" : "ignore";
}

function connectLedger(parts: {
  readonly view: NodeView;
  readonly regossip: Regossip;
  readonly bridge: EventBridge;
  readonly onWork: () => void;
  readonly log: Logger;
}): () => void {
  const { view, regossip, bridge, onWork, log } = parts;
  const { ledger, refusals } = view;
  const tellSlashes = async (sequence: Sequence): Promise<void> => {
    for (const slash of await slashesOfBlock(view, sequence)) bridge.onSlashed(slash);
  };
  return ledger.subscribe((event) => {
    if (event.type === "dropped") {
      regossip.remove(event.proofHash);
      refusals.add(event.proofHash, event.refusal);
    }
    if (event.type === "finalized") {
      for (const { proofHash } of event.receipts) regossip.remove(proofHash);
      if (event.transition.changes.some(({ key }) => key[0] === KEY_KIND.offence)) {
        tellSlashes(event.sequence).catch((err: unknown) =>
          log.error({ err, sequence: event.sequence }, "the slashes of a block cannot be read"),
        );
      }
    }
    bridge.onLedger(event);
    if (event.type === "mempool") onWork();
  });
}
