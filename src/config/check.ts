import { checkConversation } from './check-conversation.ts';
import { checkDependencies } from './check-dependencies.ts';
import { checkKinds } from './check-kinds.ts';
import { checkPolicies } from './check-policies.ts';
import { checkProbes } from './check-probes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Draft, Instance } from './draft.ts';
import { type LoadRequest, type Mention, mistakeAt } from './gather.ts';
import { similarPath } from './paths.ts';
import type { Reader } from './read.ts';
import type { Source } from './source.ts';
import { subjectOf } from './subject.ts';
import { closest, didYouMean } from './suggest.ts';

/** Everything that a schema cannot say: about several agents together, and about the machine. */
export function check(
  drafts: readonly Draft[],
  main: Source,
  request: LoadRequest,
  reader: Reader,
): readonly Diagnostic[] {
  const sound = drafts.filter(({ valid }) => valid);
  return [
    ...checkProfiles(drafts, main, request.profiles),
    ...checkNames(sound),
    ...checkDependencies(drafts),
    ...sound.flatMap(checkSections),
    ...sound.flatMap((draft) => (draft.active ? checkAgent(draft, reader) : [])),
  ];
}

function checkProfiles(drafts: readonly Draft[], main: Source, requested: readonly string[]): readonly Diagnostic[] {
  // A profile that only a broken agent has is not unknown.
  if (drafts.some(({ valid, profiles }) => !valid && profiles.length === 0)) return [];
  const known = [...new Set(drafts.flatMap(({ profiles }) => profiles))].sort();
  return requested
    .filter((profile) => !known.includes(profile))
    .map((profile) => ({
      code: 'unknown_profile',
      message: `no agent has the profile \`${profile}\``,
      at: main.keyAt(['agents']),
      hint:
        didYouMean(closest(profile, known)) ??
        (known.length > 0 ? `the profiles are: ${known.join(', ')}` : 'no agent of this file has `profiles`'),
    }));
}

/** tmux cuts no names, but a status line and a person do; the limit is that of a host name. */
const LONGEST_NAME = 63;

function checkNames(drafts: readonly Draft[]): readonly Diagnostic[] {
  const owners = new Map<string, Draft>();
  const found: Diagnostic[] = [];
  for (const draft of drafts) {
    const last = draft.names.at(-1) ?? '';
    if (draft.names.length > 1 && last.length > LONGEST_NAME)
      found.push({
        code: 'bad_name',
        message: `with its number, the name \`${last}\` has more than ${LONGEST_NAME} characters`,
        at: draft.written.source.keyAt(draft.written.path),
        field: draft.written.path.join('.'),
      });
    for (const name of draft.names) {
      const owner = owners.get(name);
      if (owner) found.push(sameName(name, draft, owner));
      else owners.set(name, draft);
    }
  }
  return found;
}

/** The same name can only come about by replicas: that of another file is found when the files are put together. */
function sameName(name: string, second: Draft, first: Draft): Diagnostic {
  return {
    code: 'duplicate_agent',
    message: `\`${second.name}\` and \`${first.name}\` both make an agent named \`${name}\``,
    at: second.written.source.keyAt(second.written.path),
    field: second.written.path.join('.'),
    hint: 'an agent with `replicas` also uses its name with `-1`, `-2`, … behind it',
    also: { at: first.written.source.keyAt(first.written.path), message: 'the other one' },
  };
}

/** What is wrong in the file is said even of an agent that is not to run. */
function checkSections(draft: Draft): readonly Diagnostic[] {
  const subject = subjectOf(draft);
  if (!subject) return [];
  return [...checkKinds(subject), ...checkPolicies(subject), ...checkConversation(subject), ...checkProbes(subject)];
}

function checkAgent(draft: Draft, reader: Reader): readonly Diagnostic[] {
  const { fields } = draft.instances[0] ?? { fields: { command: '' } };
  if ((fields.command ?? null) === null) return [noCommand(draft)];
  if (!draft.enabled) return [];
  return draft.instances.flatMap((instance) => checkWorkdir(instance, reader));
}

const noCommand = ({ written: { source, path } }: Draft): Diagnostic => ({
  code: 'missing_key',
  message: `\`${path.join('.')}\` needs a \`command\``,
  at: source.keyAt(path),
  field: [...path, 'command'].join('.'),
  hint: 'command: a line for `sh -c`, or a list of words that are executed as they are',
});

/** tmux would start the program in the home folder instead, without a word. */
function checkWorkdir({ fields, origin, secret }: Instance, reader: Reader): readonly Diagnostic[] {
  const { workdir } = fields;
  if (typeof workdir !== 'string') return [];
  const kind = reader.kindOf(workdir);
  if (kind === 'folder') return [];
  const mention = origin('workdir');
  const shown = secret.has('workdir') ? 'the folder' : `\`${workdir}\``;
  if (kind === 'missing') return [missingWorkdir(mention, workdir, shown, reader)];
  return [mistakeAt(mention, 'workdir_missing', `\`${mention.path.join('.')}\`: ${shown} is not a folder`)];
}

function missingWorkdir(mention: Mention, workdir: string, shown: string, reader: Reader): Diagnostic {
  const similar = similarPath(workdir, reader);
  const hint = similar === undefined ? 'create it, or correct the path' : `did you mean \`${similar}\`?`;
  return mistakeAt(mention, 'workdir_missing', `\`${mention.path.join('.')}\`: ${shown} does not exist`, { hint });
}
