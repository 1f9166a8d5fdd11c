import type { Command } from 'commander';
import { EVENT_TYPES } from '../../reconciler/describe.ts';
import type { Known } from './colony.ts';
import type { Place, Source } from './place.ts';

/** One thing that may stand at the cursor; `about` says in a few words what it is, and may be empty. */
export type Candidate = { readonly value: string; readonly about: string };

/** Where the words come from that are not those of the command itself. */
export type Sources = {
  readonly commands: readonly Candidate[];
  readonly known: () => Promise<Known>;
  readonly profiles: () => Promise<readonly string[]>;
};

/** All that fits what was begun, as whole words. */
export async function candidatesFor(
  place: Place,
  command: Command | undefined,
  sources: Sources,
): Promise<readonly Candidate[]> {
  const { wanted, before, begun, given } = place;
  const all = wanted.kind === 'options' ? optionsOf(command) : await valuesOf(wanted.of, sources);
  return all
    .filter(({ value }) => value.startsWith(begun) && !given.includes(value))
    .map(({ value, about }) => ({ value: before + value, about }));
}

function optionsOf(command: Command | undefined): readonly Candidate[] {
  const own = command?.options.filter(({ hidden }) => !hidden) ?? [];
  const help = { value: '--help', about: 'show this page' };
  return [...own.flatMap(({ long, description }) => (long ? { value: long, about: description } : [])), help];
}

async function valuesOf(
  of: Source | readonly string[],
  { commands, known, profiles }: Sources,
): Promise<readonly Candidate[]> {
  if (typeof of !== 'string') return of.map(bare);
  switch (of) {
    case 'commands':
      return commands;
    case 'event types':
      return EVENT_TYPES.map(bare);
    case 'agents':
      return (await known()).agents.map(({ name, about }) => ({ value: name, about }));
    case 'labels':
      return (await known()).labels.map(bare);
    case 'profiles':
      return (await profiles()).map(bare);
    // The shell knows the disk better.
    case 'files':
      return [];
  }
}

const bare = (value: string): Candidate => ({ value, about: '' });
