import type { Facts, Step } from './types.ts';

/** What is there already need not be made. */
export function isThere(step: Step, files: Facts['files']): boolean {
  return (
    (step.kind === 'write' && files.get(step.path) === step.text) ||
    (step.kind === 'link' && files.get(step.path) === step.to)
  );
}

/** The removal of those files that there are. */
export function removals(paths: readonly string[], files: Facts['files']): readonly Step[] {
  return paths.filter((path) => files.has(path)).map((path) => ({ kind: 'remove', path }));
}

/** A step as a line: what is going to be done, or what was. */
export function stepText(step: Step, when: 'before' | 'after'): string {
  const verb = (before: string, after: string) => (when === 'before' ? before : after);
  switch (step.kind) {
    case 'write':
      return `${verb('write', 'wrote')} ${step.path}`;
    case 'link':
      return `${verb('link', 'linked')} ${step.path} to ${step.to}`;
    case 'remove':
      return `${verb('remove', 'removed')} ${step.path}`;
    case 'run':
      return `${verb('run', 'ran')} ${step.argv.join(' ')}`;
  }
}

/** What a step brings with it, line by line, for whoever wants to see all before it is done. */
export function stepContent(step: Step): string {
  const text = step.kind === 'write' ? step.text : step.kind === 'run' ? inputText(step) : '';
  return text === '' ? '' : text.trimEnd().replace(/^/gm, '    ');
}

/** A table of others is shown as if it were UTF-8, which it mostly is. */
function inputText({ input = '', coding }: Extract<Step, { kind: 'run' }>): string {
  return coding === undefined ? input : Buffer.from(input, coding).toString('utf8');
}
