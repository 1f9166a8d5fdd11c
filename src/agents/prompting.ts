/** The kernel takes no single word of 128 KiB, and the program's own words need a place beside it. */
const LONGEST_WORD = 100_000;

/** Whether a prompt can be one word of a command; others have to be typed. */
export function fitsIntoWord(prompt: string): boolean {
  return !prompt.includes('\0') && new TextEncoder().encode(prompt).length <= LONGEST_WORD;
}

/** More than anybody types, in bytes of UTF-8. tmux has to hold it, and a conversation has to bear it. */
export const LONGEST_TEXT = 256 * 1024;

/** What is said of a text that is longer; `bytes` is how long it is, as far as anybody has counted. */
export function tooLong(bytes: number | undefined): string {
  return `it has ${bytes ?? `more than ${LONGEST_TEXT}`} bytes, and ${LONGEST_TEXT} can be typed at most`;
}
