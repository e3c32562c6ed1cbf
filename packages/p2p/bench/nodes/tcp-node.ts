import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { type BenchNode, type BenchNodeOptions, decodeNote, encodeNote } from "./bench-node.ts";

/**
 * Creates the lower bound: lengths and bytes on sockets, without encryption, identities, limits or
 * gossip.
 */
export async function createTcpNode({ dial, onNote }: BenchNodeOptions): Promise<BenchNode> {
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    readFrames(socket, (bytes) =>
      onNote(decodeNote(bytes), (note) => send(socket, encodeNote(note))),
    );
  };
  const server = createServer(serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  for (const address of dial) {
    const [host = "", port = ""] = address.split(":");
    const socket = connect(Number(port), host);
    await once(socket, "connect");
    serve(socket);
  }
  const place = server.address();
  const port = typeof place === "object" && place !== null ? place.port : 0;
  return {
    addresses: () => [`127.0.0.1:${port}`],
    reached: () => sockets.size,
    broadcast: (note) => {
      const bytes = encodeNote(note);
      for (const socket of sockets) send(socket, bytes);
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function send(socket: Socket, bytes: Uint8Array): void {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(bytes.length);
  socket.cork();
  socket.write(head);
  socket.write(bytes);
  socket.uncork();
}

function readFrames(socket: Socket, onFrame: (bytes: Uint8Array) => void): void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 4;
  let isHead = true;
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    while (held >= wanted) {
      const all =
        chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
      const part = all.subarray(0, wanted);
      chunks = [all.subarray(wanted)];
      held -= wanted;
      wanted = isHead ? part.readUInt32BE() : 4;
      if (!isHead) onFrame(part);
      isHead = !isHead;
    }
  });
}
