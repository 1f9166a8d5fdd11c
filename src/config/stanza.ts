import { Document, isCollection } from 'yaml';
import type { Live } from './live.ts';

/** What is known of a program that is to become an agent. */
export type Found = {
  readonly name: string;
  readonly folder: string;
  readonly live: Live;
};

/** The lines that stand below `agents:` for such an agent, each indented by two. */
export function stanza({ name, folder, live }: Found): string {
  const { kind, words, hidden } = live;
  const plain = words.every((word) => /^[\w./:@=+,-]+$/.test(word));
  const document = new Document({
    [name]: {
      ...(kind === 'shell' ? {} : { kind }),
      workdir: escaped(folder),
      command: plain ? words.join(' ') : words.map(escaped),
    },
  });
  const command = document.getIn([name, 'command'], true);
  if (isCollection(command)) command.flow = true;
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  const notes = hidden.map((what) => `# left out, because it may be secret: ${what}; give it by env: or env_file:\n`);
  return indented(`${notes.join('')}${text}`, '  ');
}

/** Only what yaml takes for the end of a line is one: JavaScript knows more of them. */
export function indented(text: string, by: string): string {
  const lines = text.split('\n');
  return lines.map((line) => (line === '' ? '' : `${by}${line}`)).join('\n');
}

/** A dollar sign would begin a variable. */
function escaped(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** A name that an agent may have, made from any other one. */
export function agentName(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return plain === '' ? 'agent' : plain;
}

/** Such a name for each text; of several that would have the same one, the later ones are numbered. */
export function agentNames(texts: readonly string[]): readonly string[] {
  const names = new Set<string>();
  return texts.map((text) => {
    const plain = agentName(text);
    const chosen = firstFree(plain, names);
    names.add(chosen);
    return chosen;
  });
}

function firstFree(name: string, taken: ReadonlySet<string>, number = 1): string {
  const numbered = number === 1 ? name : `${name}-${number}`;
  return taken.has(numbered) ? firstFree(name, taken, number + 1) : numbered;
}
