import { describe, expect, test } from 'vitest';
import { withAgent } from '../../src/config/insert.ts';

const NEW = '  new:\n    workdir: /w\n    command: [run, "it"]\n';

const ROWS: readonly (readonly [name: string, text: string, expected: string])[] = [
  ['behind the last one', 'agents:\n  a: {command: x}\n', `agents:\n  a: {command: x}\n${NEW}`],
  ['before what follows', 'agents:\n  a: {command: x}\n\nname: b\n', `agents:\n  a: {command: x}\n${NEW}\nname: b\n`],
  ['where no line break ends the file', 'agents:\n  a: {command: x}', `agents:\n  a: {command: x}\n${NEW}`],
  ['where there are none yet', 'version: 1\nagents:\nname: b\n', `version: 1\nagents:\n${NEW}name: b\n`],
  ['where nothing says agents', 'version: 1\n', `version: 1\n\nagents:\n${NEW}`],
  [
    'with the indentation of the others',
    'agents:\n    a:\n        command: x\n',
    'agents:\n    a:\n        command: x\n    new:\n      workdir: /w\n      command: [run, "it"]\n',
  ],
  [
    'behind what is said of the last one, and before what is said of something else',
    'agents:\n  a:  # first\n    command: x  # runs\n    # memory: 1GiB\n\n  # b: {command: y}\n# the name\nname: b\n',
    `agents:\n  a:  # first\n    command: x  # runs\n    # memory: 1GiB\n\n  # b: {command: y}\n${NEW}# the name\nname: b\n`,
  ],
  [
    'apart from the others if they are',
    'agents:\n  a:\n    command: x\n\n  b:\n    command: y\n',
    `agents:\n  a:\n    command: x\n\n  b:\n    command: y\n\n${NEW}`,
  ],
  [
    'behind a text of several lines',
    'agents:\n  a:\n    command: x\n    prompt: |\n      one\n      # two\nname: b\n',
    `agents:\n  a:\n    command: x\n    prompt: |\n      one\n      # two\n${NEW}name: b\n`,
  ],
  ['behind one without a value', 'agents:\n  a:\n', `agents:\n  a:\n${NEW}`],
  [
    'with the line breaks of the file',
    'agents:\r\n  a: {command: x}\r\n',
    `agents:\r\n  a: {command: x}\r\n${NEW.replaceAll('\n', '\r\n')}`,
  ],
];

describe('an agent is put in', () => {
  test.each(ROWS)('%s', (_, text, expected) => {
    expect(withAgent(text, NEW)).toEqual({ ok: true, value: expected });
  });
});

test.each([
  ['{"version": 1, "agents": {}}', 'is written in braces'],
  ['agents: {a: {command: x}}', 'has its `agents:` in braces, or elsewhere'],
  ['x-a: &a {}\nagents: *a', 'has its `agents:` in braces, or elsewhere'],
  ['agents:\n  a: [', 'is no mapping of YAML'],
  ['', 'is no mapping of YAML'],
])('there is no place in %j', (text, error) => {
  expect(withAgent(text, NEW)).toEqual({ ok: false, error });
});
