import { isMap, isScalar, type YAMLMap } from 'yaml';
import type { Result } from '../reconciler/types.ts';
import { indented } from './stanza.ts';
import { compose } from './syntax.ts';
import { rangeOf } from './tree.ts';

/**
 * Put an agent behind the last one of a colony.yaml, and leave every other character as it is. `stanza` is what stands
 * below `agents:`, indented by two. The error says why the text has no place for it, as the rest of a sentence.
 *
 * Lines are put in, and the document is not printed anew: that would set all of it in one style.
 */
export function withAgent(text: string, stanza: string): Result<string, string> {
  const { document, problems } = compose(text);
  const top = document?.contents;
  if (problems.length > 0 || !isMap(top)) return { ok: false, error: 'is no mapping of YAML' };
  if (top.flow) return { ok: false, error: 'is written in braces' };
  const agents = top.items.find(({ key }) => isScalar(key) && key.value === 'agents');
  if (!agents) return { ok: true, value: inserted(text, text.length, `\nagents:\n${stanza}`) };
  const { key, value } = agents;
  if (isScalar(value) && value.source === '') return { ok: true, value: inserted(text, behind(text, key), stanza) };
  if (isMap(value) && !value.flow) return { ok: true, value: behindLast(text, value, stanza) };
  return { ok: false, error: 'has its `agents:` in braces, or elsewhere' };
}

function behindLast(text: string, { items }: YAMLMap, stanza: string): string {
  const last = items.at(-1);
  const [start] = rangeOf(last?.key);
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const lines = indented(stanza.replace(/^ {2}/gm, ''), ' '.repeat(column));
  const apart = items.length > 1 && /\n[ \t]*\r?\n(?: *#.*\n)* *$/.test(text.slice(0, start));
  const at = behindComments(text, behind(text, last?.value ?? last?.key), column);
  return inserted(text, at, apart ? `\n${lines}` : lines);
}

/** The beginning of the line after a node. */
function behind(text: string, node: unknown): number {
  const [, end] = rangeOf(node);
  // A text of several lines ends with the last of them.
  if (text[end - 1] === '\n') return end;
  const next = text.indexOf('\n', end);
  return next < 0 ? text.length : next + 1;
}

/** Comments that are indented like the agents, or more, belong to them. */
function behindComments(text: string, at: number, column: number): number {
  const comment = /(?:[ \t]*\r?\n)*( *)#.*(?:\n|$)/y;
  comment.lastIndex = at;
  const [whole = '', indent = ''] = comment.exec(text) ?? [];
  return whole === '' || indent.length < column ? at : behindComments(text, at + whole.length, column);
}

function inserted(text: string, at: number, lines: string): string {
  const whole = text.slice(0, at);
  const before = whole === '' || whole.endsWith('\n') ? whole : `${whole}\n`;
  const added = text.includes('\r\n') ? `${before === whole ? '' : '\r'}${lines.replaceAll('\n', '\r\n')}` : lines;
  return `${before}${added}${text.slice(at)}`;
}
