import type { Kind } from '../../reconciler/types.ts';

/** A coding agent that is installed here. */
export type Installed = { readonly kind: Exclude<Kind, 'shell'>; readonly program: string };

/** What the file is made from. */
export type Plan = {
  readonly name: string;
  /** Path or URL of the JSON Schema; undefined: no editor is told of one. */
  readonly schema: string | undefined;
  /** A file with secrets that is there already. */
  readonly envFile: string | undefined;
  /** Agents that run, as lines that stand below `agents:`. */
  readonly stanzas: readonly string[];
  /** Agents that are only suggested, in the same form. */
  readonly suggested: readonly string[];
  /** From where they come, for the comment above them; undefined: nothing has to be said. */
  readonly origin: string | undefined;
  /** They run on the user's own tmux server, and can become agents only where the colony uses that one. */
  readonly guest: boolean;
};

/** The text of a new colony.yaml, with comments that say how to go on. Pure. */
export function compose({ name, schema, envFile, stanzas, suggested, origin, guest }: Plan): string {
  return [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    '# What runs here, each in a tmux session of its own. `colony plan` says what would change, `colony apply` does it.',
    'version: 1',
    `name: ${name}`,
    ...(guest ? ['tmux: {socket: default}   # your own tmux server, where these sessions are'] : []),
    '',
    '# Secrets stand in a file of their own, NAME=value on each line, which git is told to ignore: ${NAME} is one below.',
    ...(envFile === undefined ? ['# env_file: [.env]'] : [`env_file: [${envFile}]`]),
    '',
    ...(origin === undefined ? [] : [`# ${origin}`]),
    ...(stanzas.length > 0 ? ['agents:', ...stanzas] : ['agents: {}']),
    ...suggested.map(commented),
    '',
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n+$/, '\n');
}

/** An agent of a program that colony knows, with the fields that people add first. */
export function agentLines({ kind, program }: Installed): string {
  return [
    `  ${kind}:`,
    `    command: ${program}`,
    '    # prompt: The first task of a new conversation.',
    '    # memory: 4GiB                          # restarted when it, and all that it has started, uses more',
    '    # idle: {after: 10m, action: {send: Go on with the next task.}}',
  ].join('\n');
}

/** For a machine on which no coding agent was found. */
export const EXAMPLE = [
  '  hello:',
  '    description: any program will do; replace it by your own',
  '    command: while sleep 5; do date; done',
].join('\n');

/** Only a line break ends a line of yaml: JavaScript knows more ends than that. */
function commented(lines: string): string {
  return lines
    .split('\n')
    .map((line) => line.replace(/^ {2}/, '  # '))
    .join('\n');
}
