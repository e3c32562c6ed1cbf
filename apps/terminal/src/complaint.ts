/**
 * Formats commander's error about arguments as one line, since commander writes its "did you mean"
 * on a second. `next`: a whole sentence to append.
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
