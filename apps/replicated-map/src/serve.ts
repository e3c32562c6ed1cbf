import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Answer, type Answering, put } from "./put.ts";

const VALUE_BYTES_MAX = 32_768;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Serves `GET /KEY`, `PUT /KEY` and `GET /` (sequence of the last block and number of keys) to this
 * machine only.
 */
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
  const key = keyOf(request);
  if (key === undefined) return { status: 400, text: "the key is not UTF-8 in percent-encoding" };
  if (request.method === "PUT" && key !== "") {
    const bytes = await bodyOf(request);
    if (bytes === undefined) {
      return { status: 413, text: `the value has more than ${VALUE_BYTES_MAX} bytes: shorten it` };
    }
    const value = textOf(bytes);
    if (value === undefined) return { status: 400, text: "the value is not text in UTF-8" };
    return put(node, key, value);
  }
  if (request.method !== "GET") return { status: 405, text: "GET /KEY, PUT /KEY or GET /" };
  if (key === "") {
    const { sequence } = application.head().header;
    const quiet = node.quiet();
    const voting = quiet === undefined ? "" : `; does not vote: ${quiet}`;
    return { status: 200, text: `block ${sequence}, ${application.state().size} keys${voting}` };
  }
  const entry = application.state().get(key);
  return entry === undefined
    ? { status: 404, text: `there is no "${key}"` }
    : { status: 200, text: entry.value };
}

function keyOf({ url = "/" }: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent(url.slice(1));
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > VALUE_BYTES_MAX) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, text }: Answer): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
