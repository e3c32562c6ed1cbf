/** Server-sent event. `data` is parsed JSON, whose form the reader must still check. */
export interface ServerEvent {
  readonly id: number;
  readonly type: string;
  readonly data: unknown;
}

/**
 * Reads a stream of server-sent events until it ends; an aborted `signal` ends it without an error.
 */
export async function* readEvents(url: URL, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const response = await fetch(url, { signal, headers: { accept: "text/event-stream" } });
  if (!response.ok || response.body === null) return;
  let buffered = "";
  try {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      buffered += chunk;
      const parts = buffered.split("\n\n");
      buffered = parts.pop() ?? "";
      for (const part of parts) {
        const event = parseEvent(part);
        if (event !== undefined) yield event;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Parses one block of an event stream. Undefined for a comment or a block without data. */
function parseEvent(block: string): ServerEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  const data = fields.get("data");
  if (data === undefined) return undefined;
  return {
    id: Number(fields.get("id") ?? 0),
    type: fields.get("event") ?? "message",
    data: JSON.parse(data),
  };
}
