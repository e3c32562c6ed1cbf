/** The world of `counter.ts`: members, a network within one process, real time, a log that forgets. */
import {
  type AccountId,
  createSigner,
  createValidatorSet,
  equalBytes,
  type Signer,
  toAccountId,
  toAmount,
  toHex,
  type ValidatorSet,
} from "@aethel/models";
import type {
  Clock,
  PacingParameters,
  SigningLog,
  Transport,
  TransportHandlers,
} from "@aethel/pbft";

export const parameters: PacingParameters = {
  minBlockIntervalMs: 20,
  heartbeatIntervalMs: 0,
  maxDriftMs: 5_000,
  viewTimeoutMs: 500,
  viewTimeoutMaxMs: 4_000,
  judgingBoundMs: 100,
  disseminationBoundMs: 100,
  networkDelayMs: 20,
};

export const clock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** In production this is `createFileSigningLog` of `@aethel/pbft/file`. */
export const forgetfulLog: SigningLog = {
  load: async () => [],
  append: async () => {},
  compact: async () => {},
};

/** So many validators of equal power, with keys that everybody knows. */
export function createMembers(n: number): {
  readonly validators: ValidatorSet;
  readonly members: readonly { readonly id: AccountId; readonly signer: Signer }[];
} {
  const members = Array.from({ length: n }, (_, at) => {
    const signer = createSigner(new Uint8Array(32).fill(at + 1));
    return { id: toAccountId(signer.publicKey), signer };
  });
  const validators = createValidatorSet(
    members.map(({ id, signer }) => ({ id, key: signer.publicKey, power: toAmount(1n) })),
  );
  return { members, validators };
}

/** A network within one process: each member connects under its id. */
export function createNetwork(): (id: AccountId) => Transport {
  const members = new Map<string, { id: AccountId; handlers: TransportHandlers }>();
  return (id) => {
    const others = () => [...members.values()].filter((other) => !equalBytes(other.id, id));
    return {
      attach: (handlers) => members.set(toHex(id), { id, handlers }),
      peers: () => others().map((other) => other.id),
      send: (to, message) =>
        queueMicrotask(() => members.get(toHex(to))?.handlers.message(message, id)),
      broadcast(message) {
        for (const { handlers } of others()) queueMicrotask(() => handlers.message(message, id));
      },
      async request(to, request) {
        const other = members.get(toHex(to));
        if (other === undefined) throw new Error("no such peer");
        return other.handlers.request(request, id);
      },
    };
  };
}
