// What the fake Codex shows, and the titles that tell its state.
import { basename } from 'node:path';
import { draw, size, title, widthOf, wrap } from './fake-terminal.mjs';

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const DIM = '\x1b[2m';
const PLAIN = '\x1b[0m';

/** A time of day: `18:44`. */
export const clock = (at) => new Date(at).toTimeString().slice(0, 5);

export function render(me) {
  const { columns } = size();
  showTitle(me);
  if (me.dialog?.first) return draw([], me.dialog.lines(columns), { tight: true, visible: false });
  const above = [
    '',
    '  >_ OpenAI Codex (v0.169.0)',
    `     ${me.cwd}`,
    '',
    ...me.blocks.flatMap((block) => lines(block, columns)),
  ];
  if (me.dialog) return draw(above, me.dialog.lines(columns), { visible: false });
  const box = boxOf(me, columns);
  const notes = [...working(me), ...queued(me), ...(me.warning ? [me.warning.padStart(columns - 1), ''] : [])];
  const rows = ['', ...notes, ...box.lines, '', `  ${me.model} default · ${me.cwd}`, footer(me)];
  draw(above, rows, { cursor: { row: 1 + notes.length + box.row, column: box.column } });
}

const lines = (block, columns) => ['', ...block.flatMap(([head, text]) => wrap(text, columns, head)), ''];

function working({ turn }) {
  if (!turn || turn.text) return turn?.text ? ['', `• ${turn.text}`, ''] : [];
  const seconds = Math.floor((Date.now() - turn.began) / 1000);
  if (turn.retrying) return ['', `◦ ${turn.retrying} (${seconds}s • esc to interrupt)`, `  └ ${turn.because}`, ''];
  if (turn.compacting)
    return ['', `• Compacting context (${seconds}s • esc to interrupt)`, '  └ Making room to continue.', ''];
  return ['', `• Working (${seconds}s • esc to interrupt)`, ''];
}

function queued({ later, steered }) {
  const after =
    steered.length > 0
      ? [
          '• Messages to be submitted after next tool call (press esc to interrupt and send immediately)',
          ...steered.map((text) => `  ↳ ${text}`),
          '',
        ]
      : [];
  const follow =
    later.length > 0
      ? ['• Queued follow-up inputs', ...later.map((text) => `  ↳ ${text}`), '    shift+← edit last queued message', '']
      : [];
  return [...after, ...follow];
}

function boxOf({ box: { text: box } }, columns) {
  if (box.startsWith('!')) {
    const text = `! ${box.slice(1).trimStart()}`;
    return { lines: [text], row: 0, column: widthOf(text) };
  }
  if (box === '') return { lines: [`\x1b[1m›${PLAIN} ${DIM}Ask Codex to do anything${PLAIN}`], row: 0, column: 2 };
  const wrapped = wrap(box, columns - 2, '› ');
  return { lines: wrapped, row: wrapped.length - 1, column: widthOf(wrapped.at(-1)) };
}

function footer({ box: { text: box }, turn }) {
  if (box.startsWith('!')) return '  Shell mode';
  if (box !== '' && turn) return '  tab to queue message';
  return box === '' ? '  ← for agents · ? for shortcuts' : '';
}

let shown;

/** Nothing before the program is ready and in its first dialogs; then the folder, with what goes on before it. */
function showTitle(me) {
  if (!me.ready) return;
  const folder = basename(me.cwd);
  const spinner = SPINNER[Math.floor(Date.now() / 100) % SPINNER.length];
  const blink = Math.floor(Date.now() / 1000) % 2 === 0 ? '!' : '.';
  const text = me.dialog?.urgent
    ? `[ ${blink} ] Action Required | ${folder}`
    : me.turn || me.booting
      ? `${spinner} ${folder}`
      : folder;
  if (text === shown) return;
  shown = text;
  title(text);
}
