import { createServer, type Server } from "node:net";

/**
 * Finds ports on loopback that no process uses. Another process may take one before the caller
 * opens it. The caller must then call this function again.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers: Server[] = [];
  try {
    // All stay open until the last is found, so that no port comes twice.
    for (let at = 0; at < count; at++) servers.push(await openServer());
    return servers.map((server) => {
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    });
  } finally {
    await Promise.all(
      servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  }
}

function openServer(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
