/**
 * Makes foreign text safe for a terminal: characters that move the cursor, change colours or
 * reverse the direction of writing become visible symbols. Line breaks and tabs stay.
 */
export function visible(text: string): string {
  return text
    .replace(CONTROL, (character) => String.fromCodePoint(0x2400 + (character.codePointAt(0) ?? 0)))
    .replace(UNSHOWABLE, "\u{fffd}");
}

/** C0 but for tab and line feed: each has a picture in the block at U+2400. */
// oxlint-disable-next-line no-control-regex -- control characters are what it replaces
const CONTROL = /[\u0000-\u0008\u000b-\u001f]/g;

/** DEL, C1, line and paragraph separators, marks of direction, the byte order mark. */
const UNSHOWABLE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
