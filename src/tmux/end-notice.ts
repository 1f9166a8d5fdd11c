/**
 * What tmux writes on the last line of the screen when a program has ended (`remain-on-exit-format`, from 3.3).
 *
 * It begins like tmux's own words, which 3.2a writes and cannot be told to change.
 */
export const END_NOTICE =
  'Pane is dead (#{?#{!=:#{pane_dead_status},},exit code #{pane_dead_status},signal #{pane_dead_signal}}, ' +
  '#{t:pane_dead_time}): colony decides what is next';

/** The text of a screen without that line and the blank ones at the end: what the program itself had written. */
export function programText(lines: readonly string[]): readonly string[] {
  const text = withoutBlankEnd(lines);
  const isNotice = text.at(-1)?.startsWith('Pane is dead (') ?? false;
  return isNotice ? withoutBlankEnd(text.slice(0, -1)) : text;
}

function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);
}
