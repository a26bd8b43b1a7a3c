const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * Text of several lines for a terminal. What would move its cursor, or turn the order of letters around (Unicode's control and bidirectional control
 * characters), is written as JSON writes it: `\u001b`, `\u202e`. In JSON it says the same as before.
 */
export const visibleText = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, escaped);

/** The same of one line, which stays one. */
export const visibleLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, escaped);

/** Sentences as the page has them isolate names that run from right to left (`vmLabel`); a terminal would show that as two characters more. */
export const withoutIsolates = (text: string): string => text.replaceAll(/\u2068([^\n\p{Bidi_Control}]*)\u2069/gu, "$1");
