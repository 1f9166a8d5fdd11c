import { assert, dictionary, property, string, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEnvFile } from '../../src/config/env-file.ts';
import { agent, mistakes, shown } from './memory.ts';

describe('lines', () => {
  test.each([
    ['A=1', { A: '1' }],
    ['A=1\nB=2\n', { A: '1', B: '2' }],
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['export A=1', { A: '1' }],
    ['  A = 1  ', { A: '1' }],
    ['A=', { A: '' }],
    ['A=  # nothing', { A: '' }],
    ['# comment\n\n  # another\nA=1 # behind', { A: '1' }],
    ['A=a#b', { A: 'a#b' }],
    ['A=a b', { A: 'a b' }],
    ['A=a=b', { A: 'a=b' }],
    ["A='a # b $C \\n'", { A: 'a # b $C \\n' }],
    ['A="a # b"', { A: 'a # b' }],
    ['A="a\\n\\t\\"b\\"\\\\ \\$C"', { A: 'a\n\t"b"\\ $C' }],
    ['A="\\d"', { A: '\\d' }],
    ['A="one\ntwo" # end\nB=3', { A: 'one\ntwo', B: '3' }],
    ["A='one\n\ntwo'", { A: 'one\n\ntwo' }],
    ['A=""', { A: '' }],
    ["A=it's", { A: "it's" }],
    ['A=$HOME ${B}', { A: '$HOME ${B}' }],
    ['A=1\nA=2', { A: '2' }],
    ['', {}],
  ])('%j', (text, values) => expect(parseEnvFile(text)).toEqual({ ok: true, value: values }));

  test.each([
    ['hello', 1, 1],
    ['A=1\n  B', 2, 3],
    ['A="open', 1, 3],
    ["A='open\nB=1", 1, 3],
    ['A="x"y', 1, 6],
    ['A="one\ntwo" three', 2, 5],
    ['1A=2', 1, 1],
    ['A-B=2', 1, 1],
  ])('%j is refused at %i:%i', (text, line, column) => {
    const parsed = parseEnvFile(text);
    expect(parsed.ok ? [] : parsed.error.map((error) => [error.line, error.column])[0]).toEqual([line, column]);
  });

  test('any value survives double quotes', async () => {
    const names = stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/);
    await assert(
      property(
        dictionary(
          names,
          string({ unit: 'grapheme' }).filter((value) => !value.includes('\r')),
        ),
        (values) => {
          const lines = Object.entries(values).map(
            ([name, value]) => `${name}="${value.replace(/["\\$]/g, (char) => `\\${char}`)}"`,
          );
          expect(parseEnvFile(lines.join('\n'))).toEqual({ ok: true, value: { ...values } });
        },
      ),
    );
  });

  test('any text is read without an exception', async () => {
    await assert(property(string(), (text) => void parseEnvFile(text)));
    expect(parseEnvFile(`A="${'x\n'.repeat(400_000)}`).ok).toBe(false);
  });
});

describe('files', () => {
  const files = { '/home/me/shop/top.env': 'T=top\nX=top', '/home/me/shop/sub/a.env': 'X=a\nY=a', '/etc/b.env': 'Y=b' };

  test('are merged: env, then the files of the agent, the last one first, then those of the top', () => {
    const text = 'env_file: top.env\nagents: {a: {command: x, env_file: [sub/a.env, /etc/b.env], env: {E: e}}}';
    expect(agent([text, files]).env).toEqual({ T: 'top', X: 'a', Y: 'b', E: 'e' });
  });

  test('of the defaults hold where an agent names none, and null means none', () => {
    const text =
      'defaults: {env_file: sub/a.env}\nagents:\n  a: {command: x}\n  b: {command: x, env_file: top.env}\n' +
      '  c: {command: x, env_file: null}';
    expect(agent([text, files], 'a').env).toEqual({ X: 'a', Y: 'a' });
    expect(agent([text, files], 'b').env).toEqual({ T: 'top', X: 'top' });
    expect(agent([text, files], 'c').env).toEqual({});
  });

  test('null unsets a variable, wherever it comes from', () => {
    const text = 'env_file: top.env\ndefaults: {env: {D: d, E: e}}\nagents: {a: {command: x, env: {X: null, E: ~}}}';
    expect(agent([text, files]).env).toEqual({ T: 'top', D: 'd', X: null, E: null });
  });

  test('start at the file that names them, and at the home folder with ~', () => {
    const more = {
      ...files,
      '/home/me/shop/sub/c.yaml': 'agents: {a: {command: x, env_file: [a.env, ~/h.env]}}',
      '/home/me/h.env': 'H=h',
    };
    expect(agent(['include: sub/c.yaml', more]).env).toEqual({ X: 'a', Y: 'a', H: 'h' });
  });

  test('may be named by variables of the files before', () => {
    expect(
      agent(['env_file: top.env\nagents: {a: {command: x, env_file: "sub/${W:-a}.env"}}', files]).env,
    ).toMatchObject({ Y: 'a' });
  });

  test.each([
    [
      'agents: {a: {command: x, env_file: nope.env}}',
      'file_missing `agents.a.env_file`: /home/me/shop/nope.env does not exist',
    ],
    ['env_file: [top.env, sub]\nagents: {}', 'file_unreadable `env_file.1`: /home/me/shop/sub is a folder'],
    ['agents: {a: {command: x, env_file: [5]}}', 'wrong_type `agents.a.env_file.0` must be a path, got `5`'],
    [
      'agents: {a: {command: x, env_file: "${NOPE}.env"}}',
      'undefined_variable `agents.a.env_file` needs the variable `NOPE`, which is not set',
    ],
  ])('%s', (text, mistake) => expect(mistakes(text, files)).toEqual([mistake]));

  test('no line of theirs is ever shown', () => {
    const text = shown('env_file: top.env\nagents: {}', { '/home/me/shop/top.env': 'sk-1\nA="sk-2' });
    expect(text).toContain('top.env:2:3: error[bad_env_file]');
    expect(text).not.toContain('sk-');
  });
});
