import { type ConsensusMessage, indexOfValidator, type ValidatorSet } from "@aethel/models";
import {
  type ApplicationHead,
  type PeerName,
  sequenceOf,
  signerOf,
  type Transport,
} from "@aethel/pbft";
import type { OpenApplication } from "../applications/application-kind.ts";
import { corrupt, type Surroundings } from "../byzantine/behaviour/byzantine-transport.ts";
import { slownessOf } from "../scenario/slow-blocks.ts";
import type { DiskFault } from "../virtual-disk/virtual-disk.ts";
import type { VirtualProcess } from "../virtual-time/process.ts";
import { createVirtualClock } from "../virtual-time/virtual-clock.ts";
import { observeApplication } from "./observed-application.ts";
import type { NodeOptions } from "./test-node.ts";

/**
 * Creates the ports of a replica for one incarnation of a node (from a start to the next crash).
 * Checkers observe the ports of an honest node. Strategies replace the ports of a Byzantine node.
 */
export function surround(
  options: NodeOptions,
  now: {
    readonly process: VirtualProcess;
    readonly open: OpenApplication;
    readonly incarnation: number;
    readonly drawFault: () => DiskFault | undefined;
  },
): Surroundings {
  const { index, key, network, random, scheduler, strategies } = options;
  const { process, open, incarnation, drawFault } = now;
  const draws = random.fork(`incarnation/${incarnation}`);
  const honest = !options.isByzantine;
  const tell = honest ? options.tell : (): void => undefined;
  const application = observeApplication({
    application: open.application,
    isPoolless: options.isPoolless,
    process,
    node: index,
    judgingMs: (digest) =>
      draws.below(options.judgingMs + 1) + slownessOf(digest, options.slowBlocks),
    tell,
    drawFault,
  });
  const transport = network.connect(index, process);
  const { clockOffsetMs: offsetMs, clockRate: rate } = options;
  const clock = createVirtualClock({ scheduler, process, offsetMs, rate });
  if (honest) {
    const isOwn = (message: ConsensusMessage): boolean =>
      isSaidBy(message, key.owner.id, open.application.head());
    const watch = (message: ConsensusMessage): void => {
      if (isOwn(message)) tell({ type: "said", node: index, message, clockMs: clock.now() });
    };
    return { transport: watched(transport, watch), application, takes: () => true };
  }
  const context = {
    random: draws.fork("strategy"),
    genesis: options.genesis,
    id: key.owner.id,
    signer: key.voter.signer,
    clock,
    others: options.others,
    isAccomplice: options.isAccomplice,
    conspiracy: options.conspiracy,
    head: () => open.application.head(),
    lie: open.lie ?? (async () => undefined),
  };
  return corrupt({ strategies, context, process, transport, application });
}

function watched(transport: Transport, watch: (message: ConsensusMessage) => void): Transport {
  return {
    ...transport,
    broadcast: (message) => {
      watch(message);
      transport.broadcast(message);
    },
    send: (to, message) => {
      watch(message);
      transport.send(to, message);
    },
  };
}

/** Returns whether the node itself signed a message. Replicas also forward messages of others. */
function isSaidBy(message: ConsensusMessage, id: PeerName, head: ApplicationHead): boolean {
  const set = setOf(sequenceOf(message), head);
  if (set === undefined) return false;
  return indexOfValidator(set, id) === signerOf(message);
}

function setOf(sequence: number, head: ApplicationHead): ValidatorSet | undefined {
  if (sequence === head.header.sequence + 1) return head.validators;
  return sequence === head.header.sequence ? head.previousValidators : undefined;
}
