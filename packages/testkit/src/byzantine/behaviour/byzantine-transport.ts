import type { ConsensusMessage, Item, SyncResponse } from "@aethel/models";
import type { Application, PeerName, Transport } from "@aethel/pbft";
import type { VirtualProcess } from "../../virtual-time/process.ts";
import type { Behaviour, Dispatch, Strategy, StrategyContext } from "./strategy.ts";

const ACT_EVERY_MS = 250;

/** Parts around a node's replica that a strategy can replace. */
export interface Surroundings {
  readonly transport: Transport;
  readonly application: Application;
  /** Tells whether the node adds an item to its own mempool. */
  readonly takes: (item: Item) => boolean;
}

/**
 * Puts strategies between a replica and its network and application. Strategies see whole messages,
 * never bytes.
 */
export function corrupt(options: {
  readonly strategies: readonly Strategy[];
  readonly context: Omit<StrategyContext, "send" | "after">;
  readonly process: VirtualProcess;
  readonly transport: Transport;
  readonly application: Application;
}): Surroundings {
  const { strategies, process, transport } = options;
  const post = ({ to, message, delayMs }: Dispatch): void => {
    if (delayMs === 0) transport.send(to, message);
    else process.after(delayMs, () => transport.send(to, message));
  };
  const context: StrategyContext = {
    ...options.context,
    send: post,
    after: (delayMs, action) => void process.after(delayMs, action),
  };
  const behaviours = strategies.map((strategy) => strategy.create(context));
  act(behaviours, { process, everyMs: ACT_EVERY_MS + context.random.below(100) });
  return {
    transport: corruptTransport({ behaviours, transport, others: context.others, post }),
    application: behaviours.reduce(
      (inner, behaviour) => behaviour.application?.(inner) ?? inner,
      bound(options.application),
    ),
    takes: (item) => behaviours.every(({ takes }) => takes?.(item) ?? true),
  };
}

/**
 * Returns the application's methods as properties, so that strategies can spread and replace them.
 */
function bound(application: Application): Application {
  return {
    head: () => application.head(),
    hasWork: () => application.hasWork(),
    propose: (request) => application.propose(request),
    verify: (request) => application.verify(request),
    findClaim: async (request) => application.findClaim?.(request),
    commit: (block, leadership) => application.commit(block, leadership),
    item: (hash) => application.item?.(hash),
    finalized: (sequence) => application.finalized(sequence),
    header: (sequence) => application.header(sequence),
  };
}

function act(
  behaviours: readonly Behaviour[],
  { process, everyMs }: { readonly process: VirtualProcess; readonly everyMs: number },
): void {
  const active = behaviours.filter((behaviour) => behaviour.act !== undefined);
  if (active.length === 0) return;
  const again = (): void => {
    for (const behaviour of active) behaviour.act?.();
    process.after(everyMs, again);
  };
  process.after(everyMs, again);
}

function corruptTransport(options: {
  readonly behaviours: readonly Behaviour[];
  readonly transport: Transport;
  readonly others: readonly PeerName[];
  readonly post: (dispatch: Dispatch) => void;
}): Transport {
  const { behaviours, transport, others, post } = options;
  const sendAs = (to: PeerName, message: ConsensusMessage): void => {
    const honest: readonly Dispatch[] = [{ to, message, delayMs: 0 }];
    const dispatches = behaviours.reduce(
      (list, { outgoing }) => (outgoing === undefined ? list : list.flatMap(outgoing)),
      honest,
    );
    for (const dispatch of dispatches) post(dispatch);
  };
  return {
    ...transport,
    broadcast: (message) => {
      for (const to of others) sendAs(to, message);
    },
    send: sendAs,
    attach: (handlers) =>
      transport.attach({
        ...handlers,
        message: (message, from) => {
          const wanted = behaviours.every(({ incoming }) => incoming?.(message) ?? true);
          if (wanted) handlers.message(message, from);
        },
        request: async (request, from) => {
          const byReplica = (): Promise<SyncResponse> => handlers.request(request, from);
          for (const { answer } of behaviours) {
            const response = answer?.(request, byReplica);
            if (response !== undefined) return response;
          }
          return byReplica();
        },
      }),
  };
}
