/** The kernel takes no single word of 128 KiB, and the program's own words need a place beside it. */
const LONGEST_WORD = 100_000;

/** Whether a prompt can be one word of a command; others have to be typed. */
export function fitsIntoWord(prompt: string): boolean {
  return !prompt.includes('\0') && new TextEncoder().encode(prompt).length <= LONGEST_WORD;
}
