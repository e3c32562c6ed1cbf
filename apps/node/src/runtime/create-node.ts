import type { Ledger } from "@aethel/ledger";
import { type Digest, hashGenesis, Proof } from "@aethel/models";
import { createPeerTransport, type DiscoveryOptions, type PeerTransport } from "@aethel/p2p";
import {
  createRememberingVerify,
  createReplica,
  type JoiningOptions,
  type RememberingVerify,
  type ReplicaOptions,
  type SigningLog,
} from "@aethel/pbft";
import { createFileSigningLog } from "@aethel/pbft/file";
import { followBounds } from "@aethel/pbft/light";
import { createJudge, judgeIdentity } from "@aethel/verifier";
import type { Logger } from "pino";
import { parseCheckpoint } from "../config/checkpoint.ts";
import { makeOperatorToken } from "../files/operator-token.ts";
import { createObserver, type Observer } from "../health/observer.ts";
import { createApi } from "../http/create-api.ts";
import { createEventHub } from "../http/event-hub.ts";
import { listen } from "../http/listen.ts";
import { createRefusals } from "../http/refusals.ts";
import { createBanFile } from "../storage/ban-file.ts";
import type { DiskStore } from "../storage/ledger-store.ts";
import { applicationVersion } from "./application-version.ts";
import { createSystemClock } from "./clock.ts";
import { connectLedger } from "./connect-ledger.ts";
import { createView } from "./create-view.ts";
import { discoveryOf } from "./discovery.ts";
import { admitGossip, costOfGossiped } from "./gossiped-proof.ts";
import { type Identity, identityOf } from "./identity.ts";
import { createEventBridge, type EventBridge } from "./node-events.ts";
import type { Network, NodeOptions, RunningNode } from "./node-options.ts";
import { openLedger } from "./open-ledger.ts";
import { createRegossip, type Regossip, startRegossip } from "./regossip.ts";
import { createTurns, type Turns } from "./turns.ts";
import { watchKeys, watchOver } from "./watches.ts";

/**
 * Assembles a node and starts its parts in this order: signing log, Judge, ledger, API, network,
 * replica. If a part does not start, the parts before it are closed.
 */
export async function createNode(options: NodeOptions): Promise<RunningNode> {
  const { config, log } = options;
  await using parts = new AsyncDisposableStack();
  const { promise: failed, resolve: onFatal } = Promise.withResolvers<unknown>();
  const verify = createRememberingVerify();
  const { signingLog, ledger, store, self } = await openState(options, verify, parts);
  const hub = createEventHub();
  const bridge = createEventBridge({ hub, log, self: self.id, onFatal });
  const network: Network = {};
  const started = performance.now();
  const regossip = createRegossip({
    publish(proof) {
      const { transport } = network;
      return transport?.takesItems() === true && transport.publishItem(Proof.encode(proof));
    },
    now: () => performance.now(),
  });
  const observer = observe({ options, self, ledger, network });
  const refusals = createRefusals();
  const turns = createTurns();
  parts.defer(() => turns.stop());
  const shown = { options, self, ledger, store, regossip, turns, refusals, observer };
  const operatorToken = await makeOperatorToken(options.layout, (err) =>
    log.error({ err }, "operator.token cannot be written: `aethel peers` does not work"),
  );
  const view = createView({ ...shown, hub, network, started, operatorToken });
  // Before anything is signed: a port in use ends the start.
  const server = await listen(createApi(view), config.http);
  parts.defer(() => server.close());
  parts.defer(() => hub.close());

  const shared = { ledger, regossip, turns, observer, bridge };
  const core: Core = { options, self, ...shared, signingLog, verify };
  const discovery = discoveryOf(options.config, options.layout, parts);
  const transport = parts.use(await openTransport(core, discovery));
  network.transport = transport;
  const replica = parts.use(createReplica(replicaOptions(core, transport)));
  const onWork = (): void => replica.notifyWork();
  parts.defer(connectLedger({ view, regossip, bridge, onWork, log }));
  await replica.start();
  network.replica = replica;
  parts.defer(watchOver({ observer, hub, log }));
  parts.defer(startRegossip(regossip));
  if (self.validator !== undefined) parts.defer(watchKeys(options.keyRing, log));
  log.info({ url: server.url, peer: transport.peer, addresses: transport.addresses() }, "running");

  const running = parts.move();
  return {
    url: server.url,
    addresses: transport.addresses(),
    failed,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Opened stores of a node, and the identity that they give to the node. */
interface OpenState {
  readonly signingLog: SigningLog;
  readonly ledger: Ledger;
  readonly store: DiskStore;
  readonly self: Identity;
}

/** Parts from which the transport and the replica are made. */
interface Core {
  readonly options: NodeOptions;
  readonly self: Identity;
  readonly ledger: Ledger;
  readonly regossip: Regossip;
  readonly observer: Observer;
  readonly bridge: EventBridge;
  /** Queue of the proofs whose signatures have to be verified. */
  readonly turns: Turns;
  readonly signingLog: SigningLog;
  /**
   * Verification of votes that the ledger shares, so that a node checks each signature of a
   * validator only once.
   */
  readonly verify: RememberingVerify;
}

/** Opens signing log, Judge and ledger. Disposing of `parts` closes them. */
async function openState(
  options: NodeOptions,
  verifySigned: RememberingVerify,
  parts: AsyncDisposableStack,
): Promise<OpenState> {
  const { layout, config, genesis, log, signal } = options;
  const signingLog = parts.use(
    await createFileSigningLog({ path: layout.signingLog, ...missingSigningState(options) }),
  );
  // Timeouts of views follow from the same bound: a proof that takes longer has lost its view anyway.
  const limits = { watchdogMilliseconds: genesis.parameters.judgingBoundMs };
  const judge = parts.use(await createJudge({ workers: config.judge.workers, limits }));
  const { ledger, store } = await openLedger(
    { layout, genesis, judge, verifySigned, signal },
    parts,
  );
  const self = identityOf({ role: config.role, signers: options.keyRing.signers }, ledger);
  log.info({ sequence: ledger.head().header.sequence }, "ledger open");
  sayIfConvicted(self, ledger, log);
  return { signingLog, ledger, store, self };
}

function observe(parts: {
  readonly options: NodeOptions;
  readonly self: Identity;
  readonly ledger: Ledger;
  readonly network: Readonly<Network>;
}): Observer {
  const { options, self, ledger, network } = parts;
  return createObserver({
    genesis: options.genesis,
    role: options.config.role,
    self: self.id,
    ledger,
    replica: () => network.replica?.status(),
    transport: () => network.transport,
    now: () => Date.now(),
    elapsed: () => performance.now(),
  });
}

/** Starts the transport. Proofs from its gossip are added to the mempool. */
async function openTransport(
  core: Core,
  discovery: DiscoveryOptions | undefined,
): Promise<PeerTransport> {
  const { options, self, ledger, regossip, bridge, verify, turns } = core;
  const { config, networkKey } = options;
  const transport = await createPeerTransport({
    genesis: chainOf(options),
    networkKey,
    ...(self.validator === undefined ? {} : { validator: self.validator }),
    versions: { judge: judgeIdentity(), application: applicationVersion },
    head: () => ledger.head(),
    verify,
    listen: config.p2p.listen,
    bootstrap: config.p2p.peers,
    ...(discovery === undefined ? {} : { discovery }),
    role: config.role,
    sentries: config.p2p.sentries,
    privatePeers: config.p2p.privatePeers,
    ...(config.p2p.sentryAddresses.length === 0
      ? {}
      : { recordAddresses: config.p2p.sentryAddresses }),
    banStore: createBanFile(options.layout.bans, (err) =>
      options.log.error({ err }, "the bans of peers cannot be read: this node starts without them"),
    ),
    itemCost: (bytes) => costOfGossiped(ledger, bytes),
    onEvent(event) {
      bridge.onPeer(event);
      if (event.type === "connected") regossip.connected();
    },
  });
  transport.onItem((bytes) => admitGossip({ ledger, regossip, turns }, bytes));
  return transport;
}

function replicaOptions(core: Core, transport: PeerTransport): ReplicaOptions {
  const { options, self, ledger, observer, bridge, signingLog, verify } = core;
  return {
    genesis: chainOf(options),
    parameters: options.genesis.parameters,
    signer: self.signer,
    signers: self.signers,
    id: self.id,
    joining: joiningOf(options),
    application: ledger,
    transport,
    clock: createSystemClock(),
    signingLog,
    verify,
    onEvent(event) {
      observer.onReplica(event);
      bridge.onReplica(event);
    },
  };
}

function chainOf({ genesis }: NodeOptions): Digest {
  return hashGenesis(genesis);
}

/**
 * Returns the options for joining the chain: the trusting period, and the operator's checkpoint if
 * there is one.
 */
function joiningOf({ config, genesis }: NodeOptions): JoiningOptions {
  const { trustedForMs } = followBounds({ now: Date.now(), parameters: genesis.parameters });
  const { checkpoint } = config;
  return checkpoint === undefined
    ? { trustedForMs }
    : { trustedForMs, checkpoint: parseCheckpoint(checkpoint) };
}

/**
 * Logs, when the node starts, that this validator was slashed, since this may have happened while
 * the node was down.
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
 * Returns what to do if the signing log is missing. An observer has a new key at each start, so it
 * gets an empty log. A validator's key may have signed: the start fails, unless
 * `allowNewSigningState` is set. With it, the validator first listens (follows without signing).
 */
function missingSigningState({ config, allowNewSigningState }: NodeOptions): {
  readonly allowNewSigningState?: "new-key" | "listen-first";
} {
  if (config.role !== "validator") return { allowNewSigningState: "new-key" };
  return allowNewSigningState ? { allowNewSigningState: "listen-first" } : {};
}
