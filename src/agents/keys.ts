/** What tmux calls the keys that no character stands for. */
const NAMES = new Set(
  [
    ...['Enter', 'Escape', 'Tab', 'BTab', 'Space', 'BSpace', 'Up', 'Down', 'Left', 'Right', 'Home', 'End'],
    ...['PageUp', 'PPage', 'PageDown', 'NPage', 'IC', 'Insert', 'DC', 'Delete'],
    ...Array.from({ length: 12 }, (_, i) => `F${i + 1}`),
  ].map((name) => name.toLowerCase()),
);

/** The first of these that is no key: neither one character nor a name that tmux knows, with or without `C-`, `M-`, `S-`. */
export function notAKey(keys: readonly string[]): string | undefined {
  return keys.find((key) => {
    const bare = key.replace(/^(?:[CMS]-)+(?=.)/, '');
    return !NAMES.has(bare.toLowerCase()) && !/^[^\p{C}\s]$/u.test(bare);
  });
}
