import {
  fromHex,
  type Genesis,
  hashGenesis,
  hashProof,
  type Proof,
  signProof,
  toAmount,
  toDigest,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { pause } from "../lab/waiting.ts";
import type { LabNode } from "./lab-node.ts";
import { feeLimitFor, type Person, people } from "./node-app.ts";

/** Proof that a client has sent. */
export interface Sent {
  readonly hash: string;
  /** Node that the client talks to. */
  home: LabNode;
  readonly atMs: number;
  /** Time at which `home` had it in a final block. */
  finalMs?: number;
}

/** Transfers that clients send at a steady rate, whether earlier ones are final or not. */
export interface Load {
  /** All proofs so far, in their order. */
  readonly sent: readonly Sent[];
  /** Number of proofs that no node took at first. */
  readonly refused: number;
  /** Reports the proofs in a final block of a node. */
  final(node: LabNode, hashes: readonly string[], atMs: number): void;
  start(perSecond: number): void;
  /** Ends sending, and waits for requests that are under way. */
  stop(): Promise<void>;
}

const RETRY_MS = 500;
const RETRIES = 240;
const EXPIRY = 100_000;

/**
 * Creates a load that sends nothing yet. Each client has its own account, and its own node as long
 * as that answers; then it takes the next one.
 */
export async function createLoad(options: {
  readonly genesis: Genesis;
  readonly nodes: readonly LabNode[];
}): Promise<Load> {
  const { nodes } = options;
  const sign = await createSigning(options);
  const clients = people().map((author) => ({ author, nonce: 0 }));
  const sent: Sent[] = [];
  const byHash = new Map<string, Sent>();
  const pending = new Set<Promise<void>>();
  let refused = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn = 0;

  const deliver = async (proof: Proof, record: Sent): Promise<void> => {
    for (let attempt = 0; attempt < RETRIES; attempt++) {
      const home = record.home;
      try {
        await home.client().submit(proof);
        return;
      } catch (error) {
        if (attempt === 0) refused += 1;
        // The node may have it although its answer was lost.
        if (/duplicate|already|nonce/i.test(String(error))) return;
        await pause(RETRY_MS);
        if (!home.isRunning()) record.home = nodes.find((node) => node.isRunning()) ?? home;
      }
    }
  };
  const sendOne = (): void => {
    const client = clients[turn % clients.length];
    const home = nodes[(turn % clients.length) % nodes.length];
    turn += 1;
    if (client === undefined || home === undefined) return;
    const proof = sign(client.author, client.nonce);
    client.nonce += 1;
    const record: Sent = { hash: toHex(hashProof(proof)), home, atMs: performance.now() };
    sent.push(record);
    byHash.set(record.hash, record);
    const delivery = deliver(proof, record).finally(() => pending.delete(delivery));
    pending.add(delivery);
  };
  return {
    sent,
    get refused() {
      return refused;
    },
    final(node, hashes, atMs) {
      for (const hash of hashes) {
        const record = byHash.get(hash);
        if (record?.home === node) record.finalMs ??= atMs;
      }
    },
    start(perSecond) {
      const begun = performance.now();
      let count = 0;
      const tick = (): void => {
        // By the clock, so that a busy machine sends late ones and not fewer.
        for (; count < ((performance.now() - begun) / 1_000) * perSecond; count++) sendOne();
      };
      timer = setInterval(tick, 1_000 / perSecond);
    },
    async stop() {
      clearInterval(timer);
      await Promise.race([Promise.all(pending), pause(5_000)]);
    },
  };
}

/** Prepares the signing of transfers of one micro-token, from a person to itself. */
async function createSigning(options: {
  readonly genesis: Genesis;
  readonly nodes: readonly LabNode[];
}): Promise<(author: Person, nonce: number) => Proof> {
  const { genesis, nodes } = options;
  const [transfer] = (await nodes[0]?.client().intents("transfer")) ?? [];
  if (transfer === undefined) throw new Error("the chain has no intent `transfer`");
  const intent = toDigest(fromHex(transfer.digest));
  const chain = hashGenesis(genesis);
  return ({ id, signer }, nonce) => {
    const draft = {
      type: "invoke",
      author: id,
      nonce: toNonce(nonce),
      resourceLimit: toResource(100_000),
      feeLimit: toAmount(0n),
      expiry: toSequence(EXPIRY),
      calls: [
        {
          intent,
          arguments: [
            { type: "account", value: id },
            { type: "account", value: id },
            { type: "amount", value: toAmount(1n) },
          ],
        },
      ],
      cosigners: [],
    } as const;
    const feeLimit = feeLimitFor(genesis.parameters, draft);
    return signProof(chain, { ...draft, feeLimit }, [signer]);
  };
}
