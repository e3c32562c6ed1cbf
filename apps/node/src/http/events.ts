import type { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { EventHub } from "./event-hub.ts";
import { readNatural } from "./parameters.ts";
import { respondError } from "./respond.ts";

/** Most event streams that are open at the same time. */
const STREAMS_MAX = 32;
/** Milliseconds between comments that keep proxies from closing an idle stream. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Adds `GET /events`, a stream of server-sent events. The header `Last-Event-ID` or the parameter
 * `after` continues after that event number.
 */
export function addEventRoutes(app: Hono, hub: EventHub): void {
  app.get("/events", (context) => {
    if (hub.subscribers >= STREAMS_MAX) {
      const message = `${STREAMS_MAX} event streams are open already`;
      return respondError(context, { code: "BUSY", message, next: "close one of them" }, 503);
    }
    const last = context.req.header("last-event-id") ?? context.req.query("after");
    const after = readNatural("after", last, 0);
    return streamSSE(context, async (stream) => {
      const subscription = hub.subscribe(after);
      stream.onAbort(() => subscription.close());
      const keepAlive = setInterval(() => void stream.write(": still here\n\n"), KEEP_ALIVE_MS);
      try {
        await stream.write(": events of an Aethel node\n\n");
        for await (const { id, type, data } of subscription) {
          await stream.writeSSE({ id: String(id), event: type, data: JSON.stringify(data) });
        }
      } finally {
        clearInterval(keepAlive);
        subscription.close();
      }
    });
  });
}
