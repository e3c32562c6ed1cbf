import { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { failure } from "../failure/failure.ts";

/** HTTP server that is listening. */
export interface HttpServer {
  readonly url: string;
  /** Stops listening and ends all open connections, including event streams. */
  close(): Promise<void>;
}

/**
 * Starts the HTTP server.
 * @throws NodeError `PORT_IN_USE`; `ADDRESS` if `host` is not an address of this machine, or if the
 * user may not open the port.
 */
export async function listen(
  app: Hono,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HttpServer> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  // The adapter makes other servers only when asked for HTTP/2.
  if (!(server instanceof Server)) throw new TypeError("the adapter made no HTTP/1.1 server");
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE") {
    const next =
      "stop the process that uses it, or choose another with --http-port (0: any free port)";
    return failure("PORT_IN_USE", `port ${port} on ${host} is in use`, next, error);
  }
  if (error.code === "EACCES") {
    const next = "choose a port above 1023 with --http-port";
    return failure("ADDRESS", `this user has no permission for port ${port}`, next, error);
  }
  const next = "choose an address of this machine with --http-host";
  return failure("ADDRESS", `cannot listen on ${host}:${port} (${error.code})`, next, error);
}
