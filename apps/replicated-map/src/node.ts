import { join } from "node:path";
import { createSigner, toAccountId, toHex } from "@aethel/models";
import { createPeerTransport } from "@aethel/p2p";
import {
  type Clock,
  createApplication,
  createRememberingVerify,
  createReplica,
  type PacingParameters,
  type ReplicaEvent,
  type ReplicaStatus,
} from "@aethel/pbft";
import { createFileChainStore, createFileSigningLog } from "@aethel/pbft/file";
import { complaintOf } from "./complaint.ts";
import { type MapState, mapCoding, mapMachine } from "./map.ts";
import { nodeFolder, nodeOf, readKeys, readNetwork } from "./network.ts";
import type { Answering } from "./put.ts";
import { serve } from "./serve.ts";

const PARAMETERS: PacingParameters = {
  minBlockIntervalMs: 100,
  heartbeatIntervalMs: 0,
  maxDriftMs: 5_000,
  viewTimeoutMs: 1_000,
  viewTimeoutMaxMs: 8_000,
  judgingBoundMs: 200,
  disseminationBoundMs: 200,
  networkDelayMs: 50,
};

/**
 * Milliseconds between repetitions of waiting items to the peers. They are repeated for peers that
 * connected later or lost them.
 */
const TELL_AGAIN_MS = 2_000;
/** Most items that one repetition sends. */
const TOLD_MAX = 32;

const clock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(() => action(), delayMs);
    return () => clearTimeout(timer);
  },
};

/** Starts a node of a network. The node runs until the caller disposes of the result. */
export async function startNode(options: {
  readonly folder: string;
  /** Index of the node, from 0. */
  readonly node: number;
  /**
   * Whether the signing log may be missing. If it is, the node listens (follows without signing)
   * before it votes.
   */
  readonly allowNewSigningState: boolean;
  readonly say: (line: string) => void;
}): Promise<AsyncDisposable> {
  const { folder, node, say } = options;
  await using parts = new AsyncDisposableStack();
  const network = readNetwork(folder);
  const { genesis, validators, nodes } = network;
  const own = nodeOf(network, node);
  const keys = readKeys(folder, node);
  const home = nodeFolder(folder, node);
  const signer = createSigner(keys.consensus);
  const id = toAccountId(signer.publicKey);

  const path = join(home, "signing.log");
  const lost = options.allowNewSigningState
    ? { allowNewSigningState: "listen-first" as const }
    : {};
  const signingLog = parts.use(await createFileSigningLog({ path, ...lost }));
  const store = parts.use(await createFileChainStore({ folder: join(home, "chain") }));
  const chain = { genesis, validators, store, coding: mapCoding };
  const application = await createApplication<MapState>({ ...mapMachine, ...chain });
  say(`block ${application.head().header.sequence}, ${application.state().size} keys`);

  // Shared, so that transport and replica check each signature once.
  const verify = createRememberingVerify();
  const transport = parts.use(
    await createPeerTransport({
      genesis,
      networkKey: keys.network,
      validator: { id, signer },
      head: () => application.head(),
      verify,
      listen: [`/ip4/127.0.0.1/tcp/${own.p2p}`],
      bootstrap: nodes.map(({ p2p }) => `/ip4/127.0.0.1/tcp/${p2p}`),
    }),
  );
  const world = {
    transport,
    verify,
    signingLog,
    clock,
    onEvent: (event: ReplicaEvent) => tell(event, say),
  };
  const replica = parts.use(
    createReplica({ genesis, parameters: PARAMETERS, id, signer, application, ...world }),
  );

  const submit: Answering["submit"] = (bytes) => {
    const submission = application.submit(bytes);
    if (submission.type === "accepted") replica.notifyWork();
    return submission;
  };
  transport.onItem((bytes) => (submit(bytes).type === "accepted" ? "accept" : "ignore"));
  const publish = (bytes: Uint8Array): void => void transport.publishItem(bytes);
  const telling = setInterval(() => {
    for (const { bytes } of application.pending().slice(0, TOLD_MAX)) publish(bytes);
  }, TELL_AGAIN_MS);
  parts.defer(() => clearInterval(telling));

  await replica.start();
  const quiet = (): string | undefined => quietText(replica.status().quiet);
  parts.use(await serve({ application, submit, publish, quiet, port: own.http }));
  say(`node ${node + 1} answers on http://127.0.0.1:${own.http}`);
  return parts.move();
}

/** Prints a line for each final block, and for each reason that keeps the node from voting. */
function tell(event: ReplicaEvent, say: (line: string) => void): void {
  switch (event.type) {
    case "finalized":
      return say(
        `block ${event.sequence} ${toHex(event.digest).slice(0, 8)}, ${event.items} items`,
      );
    case "listening":
      return say(
        event.state === "started"
          ? "listening: votes again once the others have said what it may have signed"
          : `listened enough: votes from block ${event.signsFrom ?? event.sequence} on`,
      );
    case "signing-suspended":
    case "commit-failed":
      return say(`the disk fails, and is tried again: ${complaintOf(event.error)}`);
    case "signing-resumed":
      return say("the disk works again");
    case "diverged":
    case "failed":
      return say(`the replica stopped: ${complaintOf(event.error)}`);
    default:
  }
}

/** Describes why a replica does not vote; undefined if it votes or is about to. */
function quietText(quiet: ReplicaStatus["quiet"]): string | undefined {
  if (quiet === undefined || quiet.reason === "starting") return undefined;
  const from = quiet.signsFrom === undefined ? "" : ` until block ${quiet.signsFrom}`;
  return `${quiet.reason}${from}`;
}
