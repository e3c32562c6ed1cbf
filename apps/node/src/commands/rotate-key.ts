import { existsSync } from "node:fs";
import { earliestBoundary } from "@aethel/ledger";
import {
  createSigner,
  equalBytes,
  type Genesis,
  hashGenesis,
  hashProof,
  type PublicKey,
  type Signer,
  signProof,
  toAccountId,
  toAmount,
  toDigest,
  toHex,
  toNonce,
  toResource,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import type { Status, ValidatorDetail } from "../api/api.ts";
import { resolveIntent } from "../client/call-file.ts";
import { createNodeClient, type NodeClient } from "../client/node-client.ts";
import { untilFinal } from "../client/until-final.ts";
import { describeAgreement } from "../contract/agreement.ts";
import { describeForeign } from "../contract/describe-calls.ts";
import { openDataDirectory } from "../data-directory.ts";
import { failure, NodeError } from "../failure/failure.ts";
import type { Layout } from "../files/layout.ts";
import { openKeyFile, readKeyFile } from "../keys/key-file.ts";
import { provideNextKey } from "../keys/next-key.ts";
import { readPassword } from "../keys/password.ts";
import { note, print } from "../terminal/output.ts";
import { reasonToAsk } from "./compose-call.ts";
import { type ConsentOptions, consent } from "./consent.ts";
import { checkFeeLimit } from "./fee-bound.ts";

interface RotateOptions extends ConsentOptions {
  readonly dataDir: string;
  readonly url: string;
  readonly timeout: number;
  readonly maxFee?: bigint;
  readonly passwordFile?: string;
}

/** Resource limit of the call that requests the rotation of the key. */
const EXECUTION_LIMIT = 100_000;
/** Number of blocks until the call that requests the rotation of the key expires. */
const EXPIRY = 1_000;
const LOOK_MS = 200;
/**
 * Milliseconds to wait until the running node has loaded the new key. It looks for new keys every
 * second.
 */
const HELD_MS = 20_000;

/**
 * Runs `aethel rotate-key`: makes the next consensus key in the node's directory, waits until the
 * running node has loaded it, and submits the request to the chain. The node begins to sign with
 * the key at an epoch boundary.
 *
 * An account that staked after genesis has its account key as its first consensus key, and no node
 * holds that key. For such an account, this command requests the consensus key of the directory.
 *
 * After a failure, the command can be repeated. It then uses the key that was made before, if the
 * chain does not know it yet.
 */
export async function rotateKey(options: RotateOptions): Promise<number> {
  const layout = await openDataDirectory(options.dataDir);
  const client = createNodeClient(options.url);
  const status = await client.status();
  const genesis = await client.genesis();
  const staker = await stakerOf(client, { status, layout });
  const { id: validator, nextKey } = staker;
  if (nextKey !== undefined) {
    const next =
      "wait for the epoch boundary at which it takes effect (aethel status), then rotate again if you still want to";
    throw failure("REFUSED", `a rotation to the key ${nextKey} is under way`, next);
  }
  const password = await readPassword({ file: options.passwordFile, confirm: "once" });
  const owner = await ownerOf(layout, { id: validator, password });
  const key = await provideNextKey(layout, { staker, password, node: status.validator });
  await untilHeld(client, key.publicKey);
  const proof = await signRotation({ client, genesis, status, owner, key, options });
  await client.submit(proof);
  const hash = toHex(hashProof(proof));
  if (options.json !== true) note(`in the mempool: ${hash}`);
  const receipt = await untilFinal(client, hash, options.timeout * 1_000);
  const boundary = await boundaryAfter(client, genesis, receipt.sequence);
  const done = receipt.outcome === "applied";
  if (options.json === true) {
    const facts = { key: toHex(key.publicKey), sequence: receipt.sequence, boundary };
    print(JSON.stringify({ outcome: receipt.outcome, ...facts, detail: receipt.detail }));
  } else if (done) {
    print(`Key        ${toHex(key.publicKey)}`);
    print(`Asked for  at sequence ${receipt.sequence}`);
    print(
      `Votes      after the epoch boundary, the first block from ${boundary} on, or after the next one`,
    );
    const later = "Keep all files in keys/; `aethel status` shows the key that votes.";
    print(
      status.validator === validator
        ? `Next: nothing, while the node runs. ${later}`
        : `Next: restart the node, which finds its stake at the start. ${later}`,
    );
  } else {
    print(`${receipt.outcome}  ${receipt.detail}`);
  }
  return done ? 0 : 1;
}

/**
 * Computes the earliest time (ISO 8601) of the epoch boundary at which a request in block
 * `sequence` can take effect.
 */
async function boundaryAfter(
  client: NodeClient,
  { timestamp, parameters }: Genesis,
  sequence: number,
): Promise<string> {
  const { timestamp: asked } = await client.block(sequence);
  const parent = sequence === 1 ? timestamp : (await client.block(sequence - 1)).timestamp;
  const times = { genesis: timestamp, parent: toTimestamp(parent), now: toTimestamp(asked) };
  return new Date(earliestBoundary(times, parameters)).toISOString();
}

/**
 * Finds the validator for which the node votes. If there is none, finds the account of the
 * directory, if it has staked.
 */
async function stakerOf(
  client: NodeClient,
  { status, layout }: { readonly status: Status; readonly layout: Layout },
): Promise<ValidatorDetail> {
  const { validator } = status;
  if (validator === undefined) {
    const next = "give the --url of the validator with this --data-dir";
    throw failure("USAGE", `the node at ${client.url} is an observer`, next);
  }
  const { publicKey: account } = await readKeyFile(layout.accountKey, "account").catch(() => ({
    publicKey: undefined,
  }));
  for (const id of [validator, account]) {
    const found = id === undefined ? undefined : await client.validator(id).catch(unlessMissing);
    if (found !== undefined) return found;
  }
  const next = "stake first, see docs/operating/becoming-a-validator.md";
  throw failure("REFUSED", "neither the consensus key nor the account here has ever staked", next);
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof NodeError && error.fault.code === "NOT_FOUND") return undefined;
  throw error;
}

/**
 * Opens the key of the account that owns the stake. It is the account key or the first consensus
 * key of the directory.
 */
async function ownerOf(
  layout: Layout,
  { id, password }: { readonly id: string; readonly password: string },
): Promise<Signer> {
  for (const [file, purpose] of [
    [layout.accountKey, "account"],
    [layout.consensusKey, "consensus"],
  ] as const) {
    if (!existsSync(file)) continue;
    if ((await readKeyFile(file, purpose)).publicKey !== id) continue;
    return createSigner(await openKeyFile({ file, purpose, password }));
  }
  const next = `put the key of the account ${id} there, or give the --data-dir of that validator`;
  throw failure("KEY_FILE", `${layout.accountKey} is not the key that owns the stake`, next);
}

/**
 * Waits until the node has loaded the key. A node without the key would sign nothing after the
 * epoch boundary.
 */
async function untilHeld(client: NodeClient, key: PublicKey): Promise<void> {
  const deadline = performance.now() + HELD_MS;
  while (performance.now() < deadline) {
    const { keys } = await client.status();
    if (keys.some((held) => held.key === toHex(key))) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const next =
    "see its node.log: the key has another password, or the node another directory; then run this again";
  throw failure(
    "KEY_FILE",
    `the node at ${client.url} has not loaded the key ${toHex(key)} within ${HELD_MS / 1_000} s`,
    next,
  );
}

async function signRotation(parts: {
  readonly client: NodeClient;
  readonly genesis: Genesis;
  readonly status: Status;
  readonly owner: Signer;
  readonly key: Signer;
  readonly options: RotateOptions;
}): Promise<ReturnType<typeof signProof>> {
  const { client, genesis, status, owner, key, options } = parts;
  const [author, cosigner] = [toAccountId(owner.publicKey), toAccountId(key.publicKey)];
  if (equalBytes(author, cosigner)) throw new TypeError("a key does not rotate to itself");
  const [own, other, intents] = await Promise.all([
    client.account(toHex(author)),
    client.account(toHex(cosigner)),
    client.intents("rotate_key"),
  ]);
  const intent = resolveIntent({ intent: "rotate_key", arguments: [] }, intents);
  const draft = {
    type: "invoke",
    author,
    nonce: toNonce(own.nextNonce),
    resourceLimit: toResource(EXECUTION_LIMIT),
    feeLimit: toAmount(0n),
    expiry: toSequence(status.head.sequence + EXPIRY),
    calls: [
      {
        intent: toDigest(intent),
        arguments: [
          { type: "account", value: author },
          { type: "account", value: cosigner },
        ],
      },
    ],
    cosigners: [{ account: cosigner, nonce: toNonce(other.nextNonce) }],
  } as const;
  // The node knows the current base fee and the existing accounts.
  const quoted = await client.quote(draft);
  const body = { ...draft, feeLimit: toAmount(BigInt(quoted.feeLimit)) };
  const described = await describeForeign(client, body, [{ intent: "rotate_key" }]);
  const { lines: content, assets } = described;
  const head = status.head.sequence;
  const shown = describeAgreement(body, { content, assets, run: quoted.run, head });
  if (options.json !== true) for (const line of shown) note(line);
  checkFeeLimit(body, options);
  await consent(shown, reasonToAsk(client.url, body), options);
  return signProof(hashGenesis(genesis), body, [owner, key]);
}
