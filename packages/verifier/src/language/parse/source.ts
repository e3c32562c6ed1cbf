import type { Position, Span } from "../../obligation.ts";
import { type Diagnostic, DiagnosticStop, stop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";

const origin: Position = { offset: 0, line: 1, column: 1 };

/** Empty span at the first character. It is the place of faults of a source as a whole. */
export const originSpan: Span = { start: origin, end: origin };

/** Text of a source, or the diagnostic of why it cannot be decoded. */
export type DecodedSource =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Decodes the bytes of a source as strict UTF-8. A source that is a string must be well-formed
 * Unicode. Both have at most `LANGUAGE_LIMITS.sourceBytes` bytes in UTF-8.
 */
export function decodeSource(source: Uint8Array | string): DecodedSource {
  try {
    return { ok: true, text: typeof source === "string" ? checkText(source) : decode(source) };
  } catch (error) {
    if (error instanceof DiagnosticStop) return { ok: false, diagnostics: [error.diagnostic] };
    throw error;
  }
}

function decode(bytes: Uint8Array): string {
  checkSize(bytes.length);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return stop("encoding", originSpan, "the source is not valid UTF-8");
  }
}

function checkText(text: string): string {
  // A string has no more units than bytes, so a huge one is refused before it is encoded.
  checkSize(text.length);
  if (!text.isWellFormed()) {
    stop("encoding", originSpan, "the source has a lone surrogate, so it is not valid Unicode");
  }
  checkSize(new TextEncoder().encode(text).length);
  return text;
}

function checkSize(size: number): void {
  if (size <= LANGUAGE_LIMITS.sourceBytes) return;
  const message = `the source has ${size} bytes; at most ${LANGUAGE_LIMITS.sourceBytes} are read`;
  stop("limit", originSpan, message);
}
