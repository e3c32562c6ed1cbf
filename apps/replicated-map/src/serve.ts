import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { equalBytes, type Item } from "@aethel/models";
import type { ReplicatedApplication, Submission } from "@aethel/pbft";
import { encodeSetting, type MapState, nextVersion } from "./map.ts";

/** Parts of a node that its server needs. */
export interface Answering {
  readonly application: ReplicatedApplication<MapState>;
  readonly submit: (bytes: Uint8Array) => Submission;
  readonly publish: (bytes: Uint8Array) => void;
}

/** Milliseconds within which a setting must be final. */
const FINAL_WITHIN_MS = 60_000;

const VALUE_BYTES_MAX = 32_768;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Serves `GET /KEY`, `PUT /KEY` and `GET /` (block and number of keys) to this machine. */
export async function serve(node: Answering & { readonly port: number }): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    answer(node, request)
      .catch((error: unknown): Answer => ({ status: 500, text: String(error) }))
      .then((given) => send(response, given))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(node.port, "127.0.0.1", resolve);
  });
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(node: Answering, request: IncomingMessage): Promise<Answer> {
  const { application } = node;
  const key = decodeURIComponent((request.url ?? "/").slice(1));
  if (request.method === "PUT" && key !== "") {
    const value = await bodyOf(request);
    if (value === undefined) return { status: 413, text: `more than ${VALUE_BYTES_MAX} bytes` };
    return put(node, key, value);
  }
  if (request.method !== "GET") return { status: 405, text: "GET /KEY, PUT /KEY or GET /" };
  if (key === "") {
    const { sequence } = application.head().header;
    return { status: 200, text: `block ${sequence}, ${application.state().size} keys` };
  }
  const entry = application.state().get(key);
  return entry === undefined
    ? { status: 404, text: `there is no "${key}"` }
    : { status: 200, text: entry.value };
}

/**
 * Sets a key. Answers once the block with the setting is final on this node, or after
 * `FINAL_WITHIN_MS`.
 */
async function put(node: Answering, key: string, value: string): Promise<Answer> {
  const { application, submit, publish } = node;
  const version = nextVersion(application.state(), key);
  const bytes = encodeSetting({ key, value, version });
  const submission = submit(bytes);
  switch (submission.type) {
    case "refused":
      // Somebody else's setting of this key waits: the next one must come after it.
      return { status: 409, text: `not now, try again: ${submission.reason}` };
    case "known":
    case "accepted":
      publish(bytes);
  }
  const sequence = await finalityOf(application, submission.item);
  if (sequence !== undefined) return { status: 200, text: `version ${version}, block ${sequence}` };
  return { status: 504, text: `not final within ${FINAL_WITHIN_MS} ms; it may still become so` };
}

/**
 * Resolves with the sequence of the final block with an item; undefined after `FINAL_WITHIN_MS`.
 */
function finalityOf(
  application: ReplicatedApplication<MapState>,
  item: Item,
): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const timer = setTimeout(() => resolve(undefined), FINAL_WITHIN_MS);
  const leave = application.subscribe(({ block }) => {
    const isThere = block.items.some(({ hash }) => equalBytes(hash, item.hash));
    if (isThere) resolve(block.header.sequence);
  });
  return promise.finally(() => {
    clearTimeout(timer);
    leave();
  });
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > VALUE_BYTES_MAX) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { status, text }: Answer): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
