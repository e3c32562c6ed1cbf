/**
 * Makes text from others safe for a terminal. Replaces characters that move the cursor, change
 * colours or reverse the direction of writing by visible symbols. Keeps line breaks and tabs.
 */
export function visible(text: string): string {
  return text
    .replace(CONTROL, (character) => String.fromCodePoint(0x2400 + (character.codePointAt(0) ?? 0)))
    .replace(UNSHOWABLE, "\u{fffd}");
}

/**
 * C0 control characters except tab and line feed. Each has a symbol in the Unicode block at U+2400.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what it replaces
const CONTROL = /[\u0000-\u0008\u000b-\u001f]/g;

/**
 * Characters that have no symbol in the Unicode block at U+2400: DEL, C1, line and paragraph
 * separators, direction marks, the byte order mark.
 */
const UNSHOWABLE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
