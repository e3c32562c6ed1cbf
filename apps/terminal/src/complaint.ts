/**
 * Formats commander's error about arguments as one line, since commander puts its "did you mean" on
 * a second. `next` is the whole sentence that is appended.
 */
export function onOneLine(
  complaint: string,
  { program, next }: { readonly program: string; readonly next: string },
): string {
  const text = complaint
    .replace(/^error: /, "")
    .trim()
    .replaceAll("\n", " ");
  const end = /[.?)]$/.test(text) ? "" : ".";
  return `${program}: ${text}${end} ${next}\n`;
}
