import { optionOf, wordsOf } from '../agents/command.ts';
import type { Conflict, Launcher } from '../agents/launcher.ts';
import { LAUNCHERS } from '../agents/launching.ts';
import { promptsAmong } from '../agents/prompt-words.ts';
import { readLine } from '../agents/simple-command.ts';
import type { Command } from '../reconciler/types.ts';
import type { Diagnostic } from './diagnostic.ts';
import { handsOn, kindOf } from './kind.ts';
import { commandOf } from './normalise.ts';
import type { Subject } from './subject.ts';

/** Whether the command of a program that colony knows leaves room for the words that colony adds to it. */
export function checkKinds(subject: Subject): readonly Diagnostic[] {
  const { kind, fields } = subject;
  const written = fields.command as string | readonly string[] | undefined | null;
  if (kind === 'shell' || !written || !needsWords(subject)) return [];
  const command = commandOf(written);
  const flaw = flawOf(command);
  if (flaw !== undefined) return [notSimple(subject, flaw)];
  return [
    ...conflictsOf(subject, LAUNCHERS[kind], command),
    ...promptsOf(subject, LAUNCHERS[kind], command),
    ...(kind === 'claude' ? settingsOf(subject, command) : []),
  ];
}

/** Claude Code and Codex are always given something by which they tell what they are doing. */
function needsWords({ kind, fields }: Subject): boolean {
  if (!neverResumes(fields)) return true;
  const prompt = typeof fields.prompt === 'string' ? fields.prompt : undefined;
  const order = { agent: '', prompt, settings: 'file', words: [], folder: '', life: '' };
  return LAUNCHERS[kind].launch({ ...order, start: { do: 'new', id: undefined } }).words.length > 0;
}

const neverResumes = ({ resume }: Subject['fields']): boolean => resume === 'never';

/** Why more words would not reach the program, after "it"; undefined: they would. */
function flawOf(command: Command): string | undefined {
  const flaw = command.form === 'shell' ? readLine(command.line).flaw : undefined;
  if (flaw !== undefined) return flaw;
  const shell = handsOn(wordsOf(command).map(({ text }) => text));
  return shell === undefined ? undefined : `hands a line to \`${shell}\``;
}

function notSimple({ kind, wrong }: Subject, flaw: string): Diagnostic {
  const rule = 'one simple command';
  const what = `must be ${rule}, because colony adds words for \`${kind}\` to it: it ${flaw}`;
  const hint =
    'the folder is `workdir`, variables are `env`; for more write a script that ends with `exec PROGRAM "$@"`, and its name here';
  return wrong(['command'], what, { rule, hint });
}

function conflictsOf(subject: Subject, { conflicts }: Launcher, command: Command): readonly Diagnostic[] {
  const words = wordsOf(command).map(({ text }) => text);
  const never = neverResumes(subject.fields);
  return conflicts.flatMap((conflict) => {
    if (never && conflict.unless === 'resume-never') return [];
    const found = words.find((word, at) => at > 0 && isMeant(conflict, word, words[at - 1] ?? ''));
    return found === undefined ? [] : [contradiction(subject, conflict, nameOf(found))];
  });
}

/** The option without its value: that may be secret, or long. */
function nameOf(word: string): string {
  return /^-\w/.test(word) ? word.slice(0, 2) : (word.split('=', 1)[0] ?? word);
}

/** A conversation that goes on would be given it once more by each restart. */
function promptsOf({ kind, fields, wrong }: Subject, { grammar }: Launcher, command: Command): readonly Diagnostic[] {
  const words = wordsOf(command).map(({ text }) => text);
  const program = words.findIndex((word) => kindOf({ form: 'words', words: [word] }) === kind);
  if (neverResumes(fields) || program < 0) return [];
  const [prompt] = promptsAmong(words.slice(program + 1), grammar);
  if (prompt === undefined) return [];
  const rule = 'a command without a prompt';
  const hint = 'write it as `prompt`: the first task of a new conversation, which one that goes on is not given again';
  return [wrong(['command'], `must be ${rule}, because each restart would give it once more`, { rule, hint })];
}

/** A word behind an option may be its value, and then names no other command. */
function isMeant({ are, words }: Conflict, word: string, before: string): boolean {
  if (are === 'commands') return words.includes(word) && !before.startsWith('-');
  return words.some((each) => word === each || isJoined(each, word));
}

/** `--resume=VALUE`, and `-rVALUE`. */
function isJoined(option: string, word: string): boolean {
  if (option.startsWith('--')) return option !== '--' && word.startsWith(`${option}=`);
  return option.length === 2 && !word.startsWith('--') && word.startsWith(option);
}

function contradiction({ wrong }: Subject, { are, why, unless }: Conflict, word: string): Diagnostic {
  const rule = `a command without ${are === 'options' ? 'the option' : 'the word'} \`${word}\``;
  const hint =
    unless === 'resume-never'
      ? 'leave it out; or `resume: never` starts the command as it is written, and each life begins anew'
      : 'leave it out; or `kind: shell` starts the command as it is written, and nothing more is known of it';
  return wrong(['command'], `must be ${rule}, because colony ${why}`, { rule, hint });
}

/** Of two settings only the last would count, so colony reads those of the user and adds its own. */
function settingsOf({ wrong }: Subject, command: Command): readonly Diagnostic[] {
  const given = optionOf(wordsOf(command), '--settings');
  if (!given || given.plain) return [];
  const rule = 'without variables in the value of `--settings`';
  const hint = 'write the path as it is: colony reads the file, and no shell is there to say what the variables mean';
  return [wrong(['command'], `must be ${rule}`, { rule, hint })];
}
