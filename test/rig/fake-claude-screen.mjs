// What the fake Claude Code shows: the turns above, and below them the box, or a dialog in its place.
import { draw, size, widthOf, wrap } from './fake-terminal.mjs';

const GLYPHS = '·✢✳✶✻✽';
const DIM = '\x1b[2m';
const PLAIN = '\x1b[0m';
const NBSP = '\u00a0';

/** A time of day as the program writes it: `6:49 PM`. */
export function clock(at) {
  const date = new Date(at);
  const minutes = String(date.getMinutes()).padStart(2, '0');
  return `${date.getHours() % 12 || 12}:${minutes} ${date.getHours() < 12 ? 'AM' : 'PM'}`;
}

/** The same as limits are written: `6:50pm`. */
export const resetClock = (at) => clock(at).replace(' ', '').toLowerCase();

const rule = () => '─'.repeat(size().columns);

export function render(me) {
  const { columns } = size();
  if (me.dialog?.first) return draw([], me.dialog.lines(columns), { tight: true, visible: false });
  const above = [...banner(me), ...me.blocks.flatMap((block) => lines(block, columns))];
  if (me.dialog) return draw(above, me.dialog.lines(columns), { tight: true, visible: false });
  const { rows, cursor, before } = bottom(me, columns);
  draw(above, rows, { cursor: { row: before + cursor.row, column: cursor.column }, visible: false });
}

function banner(me) {
  const account = process.env.CLAUDE_CODE_OAUTH_TOKEN ? 'Claude API' : 'API Usage Billing';
  const model = me.model === 'claude-opus-5-5' ? 'Opus 5.5' : me.model;
  return ['', ` ▐▛███▛█   Claude Code v2.1.329`, `▝▜██████▀  ${model} · ${account}`, ` ▝▝   ▝▝   ${me.cwd}`, '', ''];
}

/** A block is a list of [head, text]; an empty line ends it. */
const lines = (block, columns) => [...block.flatMap(([head, text]) => wrap(text, columns, head)), ''];

function bottom(me, columns) {
  const hint = me.hint ?? (me.hinted ? '' : '◐ medium · /effort');
  const notes = [...spinner(me), hint === '' ? '' : hint.padStart(columns)];
  const box = boxOf(me, columns);
  const rows = [...notes, rule(), ...box.lines, rule(), ...limitLines(me), ...statusLines(me), `  ${footer(me)}`];
  return { rows, cursor: box.cursor, before: notes.length + 1 };
}

function spinner({ turn, background }) {
  if (!turn)
    return background > 0 ? [`✻ Waiting for ${background} background agent${background > 1 ? 's' : ''} to finish`] : [];
  const glyph = GLYPHS[Math.floor(Date.now() / 300) % GLYPHS.length];
  if (turn.retrying) return [`${glyph} ${turn.retrying}`];
  const left = Math.round(((turn.hungUntil ?? Number.POSITIVE_INFINITY) - Date.now()) / 1000);
  if (left < 270) {
    const time = `${Math.floor(left / 60)}m ${left % 60}s`.replace(/^0m /, '');
    return [`${glyph} Waiting for API response · will retry in ${time} · check your network`];
  }
  const seconds = Math.floor((Date.now() - turn.began) / 1000);
  if (turn.compacting) return [`${glyph} Compacting conversation… (${seconds}s)`];
  return [`${glyph} Orchestrating… (${seconds}s · ↓ ${turn.tokens ?? 6} tokens)`];
}

function boxOf(me, columns) {
  const { text: typed } = me.box;
  if (typed.startsWith('!')) {
    const text = ` ${typed.slice(1)}`.replace(/^ {2,}/, ' ');
    return { lines: [`!${text}`], cursor: { row: 0, column: 1 + widthOf(text) } };
  }
  if (typed !== '') {
    const wrapped = wrap(typed, columns - 1, `❯${NBSP}`);
    return { lines: wrapped, cursor: { row: wrapped.length - 1, column: widthOf(wrapped.at(-1)) } };
  }
  const ghost = me.queue.length > 0 ? 'Press up to edit queued messages' : (me.ghost ?? '');
  return { lines: [`❯${NBSP}${ghost && `${DIM}${ghost}${PLAIN}`}`], cursor: { row: 0, column: 2 } };
}

function limitLines({ limit }) {
  if (!limit) return [];
  const at = resetClock(limit.resets);
  return [`  ⚠ Usage limit reached · limit resets ${at}`, `    Continuing automatically at ${at} · Esc to cancel`];
}

const statusLines = ({ statusText }) => (statusText ? [`  ${statusText}`] : []);

function footer(me) {
  if (me.leaving) return `Press ${me.leaving} again to exit`;
  if (me.box.text.startsWith('!')) return '! for shell mode';
  const mode = {
    default: '⏸ manual mode on',
    plan: '⏸ plan mode on',
    acceptEdits: '⏵⏵ accept edits on (shift+tab to cycle)',
  };
  const words = [mode[me.mode] ?? '⏵⏵ auto mode on (shift+tab to cycle)'];
  if (me.turn) words.push('esc to interrupt');
  if (me.box.text === '') words.push('← for agents');
  return words.join(' · ');
}
