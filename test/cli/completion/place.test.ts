import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joined, lastPiece } from '../../../src/cli/completion/bash-words.ts';
import { placeOf } from '../../../src/cli/completion/place.ts';
import { COMMAND_NAMES, commandNamed } from '../../../src/cli/program.ts';

describe('what a word is to be', () => {
  const values = (of: unknown, more = {}) => ({
    wanted: { kind: 'values', of },
    before: '',
    begun: '',
    given: [],
    ...more,
  });

  test.each([
    ['an argument', 'attach', [''], values('agents')],
    ['one that is begun', 'attach', ['we'], values('agents', { begun: 'we' })],
    ['one of several', 'start', ['web', 'w'], values('agents', { begun: 'w', given: ['web'] })],
    ['behind a flag', 'start', ['--now', ''], values('agents')],
    ['behind an option with its value', 'start', ['--wait', '5s', ''], values('agents')],
    ['behind an option with its value in one word', 'start', ['--wait=5s', ''], values('agents')],
    ['behind --', 'start', ['--', '-'], values('agents', { begun: '-' })],
    ['one argument too many', 'attach', ['web', ''], undefined],
    ['an argument with choices', 'completion', [''], values(['bash', 'zsh', 'fish'])],
    ['an option', 'start', ['-'], { wanted: { kind: 'options' }, before: '', begun: '-', given: [] }],
    ['the value of an option', 'wait', ['--for', 'r'], values(expect.arrayContaining(['ready']), { begun: 'r' })],
    [
      'that value in one word',
      'wait',
      ['--for=r'],
      values(expect.arrayContaining(['ready']), { before: '--for=', begun: 'r' }),
    ],
    ['the value of a short option', 'status', ['-l', 'te'], values('labels', { begun: 'te' })],
    ['a value that anything can be', 'start', ['--wait', ''], undefined],
    ['an unknown option with a value', 'start', ['--bogus=x'], undefined],
    ['a file', 'plan', ['-f', ''], values('files')],
    ['a glob', 'plan', ['--target', ''], values('agents')],
    ['a profile', 'apply', ['--profile', ''], values('profiles')],
    [
      'one of several in one word',
      'events',
      ['--type', 'held,ex'],
      values('event types', { before: 'held,', begun: 'ex', given: ['held'] }),
    ],
  ])('%s', async (_, name, words, place) => {
    const command = await commandNamed(name);
    expect(command && placeOf(command, words)).toEqual(place);
  });

  test('whatever stands on a line of whatever command', async () => {
    const commands = await Promise.all(COMMAND_NAMES.map((name) => commandNamed(name)));
    const word = fc.oneof(fc.string(), fc.constantFrom('-', '--', '--for=', '-f', '--file', '--label=a=b', ',', '='));
    fc.assert(
      fc.property(fc.constantFrom(...commands), fc.array(word), (command, words) => {
        const place = command && placeOf(command, words);
        const current = words.at(-1) ?? '';
        // What is completed is the end of what was typed, or else a completion would change it.
        if (place) expect(place.before + place.begun).toBe(current);
      }),
    );
  });
});

describe('words as bash takes them apart', () => {
  test.each([
    [
      ['wait', '--for', '=', 're'],
      ['wait', '--for=re'],
    ],
    [
      ['wait', '--for', '='],
      ['wait', '--for='],
    ],
    [
      ['wait', '--for', '=', 'ready', ''],
      ['wait', '--for=ready', ''],
    ],
    [
      ['status', '-l', 'team', '=', 'co'],
      ['status', '-l', 'team=co'],
    ],
    [
      ['events', '--since', '12', ':', '30', ':', '05'],
      ['events', '--since', '12:30:05'],
    ],
    [
      ['attach', ''],
      ['attach', ''],
    ],
  ])('%j', (pieces, words) => {
    expect(joined(pieces)).toEqual(words);
  });

  test.each([
    ['--for=ready', '--for=re', 'ready'],
    ['team=core', 'te', 'team=core'],
    ['team=core', 'team=', 'core'],
    ['web', '', 'web'],
  ])('%s behind %s is %s', (word, begun, piece) => {
    expect(lastPiece(word, begun)).toBe(piece);
  });
});
