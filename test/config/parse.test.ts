import { assert, dictionary, jsonValue, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/config/json.ts';
import { parse } from '../../src/config/parse.ts';

function dataOf(text: string): unknown {
  const { result } = parse('f.yaml', text);
  if (!result.ok) throw new Error(result.error.map(({ message }) => message).join('\n'));
  return result.value.value;
}

const problemsOf = (text: string): readonly string[] => {
  const { result } = parse('f.yaml', text);
  return result.ok ? [] : result.error.map(({ code, message, at }) => `${at.line}:${at.column} ${code} ${message}`);
};

describe('YAML 1.2 core', () => {
  test.each([
    ['a: yes', { a: 'yes' }],
    ['a: off', { a: 'off' }],
    ['a: 010', { a: 10 }],
    ['a: 0o10', { a: 8 }],
    ['a: ~', { a: null }],
    ['a: 2024-01-01', { a: '2024-01-01' }],
    ['1: x\ntrue: y', { 1: 'x', true: 'y' }],
    ['a: !!str 5', { a: '5' }],
    ['a: |\n  one\n  two\n', { a: 'one\ntwo\n' }],
    ['%YAML 1.1\n---\na: yes', { a: 'yes' }],
    ['a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['constructor: 1\ntoString: 2', { constructor: 1, toString: 2 }],
  ])('%j', (text, value) => expect(dataOf(text)).toEqual(value));
});

describe('anchors', () => {
  test.each([
    ['a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    ['a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}', { a: { b: 1, c: 2 }, d: { b: 3, c: 2 } }],
    ['a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}', { a: { b: 1 }, c: { b: 2, d: 3 }, e: { b: 1, d: 3 } }],
    ['a: {"<<": 1}', { a: { '<<': 1 } }],
    ['a: {<<: {b: 1}, c: 2}', { a: { b: 1, c: 2 } }],
    ['a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
  ])('%j', (text, value) => expect(dataOf(text)).toEqual(value));

  test.each([
    ['a: *x', '1:4 bad_alias no anchor `&x` stands before this alias'],
    ['a: &x [*x]', '1:8 bad_alias `*x` contains itself'],
    ['a: {<<: 5}', '1:9 bad_alias `<<` takes mappings: `<<: *anchor` or `<<: [*one, *two]`'],
    ['a: &x 1\nb: {<<: *x}', '2:9 bad_alias `<<` takes mappings: `<<: *anchor` or `<<: [*one, *two]`'],
    ['a: 1\n__proto__: {}', '2:1 bad_name `__proto__` cannot be a key'],
    ['? [a]\n: 1', '1:3 syntax a key must be a plain text'],
    ['a: .nan', '1:4 bad_value infinity and not-a-number cannot be used'],
    ['a: 1\na: 2', '2:1 duplicate_key `a` is written twice in the same mapping'],
    ['a: {<<: {}, <<: {}}', '1:13 duplicate_key `<<` is written twice in the same mapping'],
  ])('%j is refused', (text, problem) => expect(problemsOf(text)).toEqual([problem]));

  test('an alias bomb is refused quickly, and by name', () => {
    const levels = 'abcdefghij'.split('');
    const bomb = levels.map((name, level) => {
      const below = level === 0 ? '"lol"' : `*${levels[level - 1]}`;
      return `${name}: &${name} [${Array.from({ length: 10 }, () => below).join(', ')}]`;
    });
    const before = performance.now();
    expect(problemsOf(bomb.join('\n'))).toEqual([
      expect.stringContaining('bad_alias aliases blow this file up to more than 600000 values'),
    ]);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test('a hundred agents may share one anchor', () => {
    const agents = Array.from({ length: 200 }, (_, index) => `  a${index}: {<<: *base}`);
    expect(problemsOf(`x-base: &base {command: [a, b]}\nagents:\n${agents.join('\n')}`)).toEqual([]);
  });
});

describe('what would bring the parser down', () => {
  test.each([
    ['brackets', '['.repeat(200_000)],
    ['mappings', '{a: '.repeat(50_000)],
    ['lists', '- '.repeat(50_000)],
    ['block mappings', Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['explicit keys', '? '.repeat(50_000)],
    ['valid JSON', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`],
  ])('%s, nested endlessly', (_name, text) => expect(problemsOf(text)).toEqual([expect.stringContaining('too_deep')]));

  test('a mapping with very many keys', () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `k${index}: ${index}`).join('\n');
    const before = performance.now();
    expect(problemsOf(text)).toEqual([]);
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

describe('JSON', () => {
  test('is read as the YAML parser would read it', () =>
    assert(
      property(dictionary(string(), jsonValue()), (value) => {
        const text = JSON.stringify(value);
        if (text.includes('__proto__')) return;
        // A leading comment keeps the fast way from being taken.
        expect(parseJson(text)).toEqual(dataOf(`# YAML\n${text}`));
      }),
    ));

  test.each(['{"a": 1, "a": 2}', '{"a": 1e999}', '{"__proto__": 1}', '[1]', '{"a": 1,}', '{a: 1}'])(
    '%s is left to the YAML parser',
    (text) => expect(parseJson(text)).toBeUndefined(),
  );

  test('the same key twice is found there', () =>
    expect(problemsOf('{"a": 1,\n "a": 2}')).toEqual(['2:2 duplicate_key `a` is written twice in the same mapping']));
});

describe('places', () => {
  const text = 'x: &x\n  b: {c: [1, two]}\ny:\n  <<: *x\n  d: "q"\nz: *x\n';
  const { result } = parse('f.yaml', text);
  if (!result.ok) throw new Error('must parse');
  const source = result.value;
  const at = ({ line, column, endColumn }: { line: number; column: number; endColumn?: number }) =>
    `${line}:${column}-${endColumn}`;

  test.each([
    [['x', 'b', 'c', 1], '2:14-17', '2:14-17'],
    [['x', 'b'], '2:3-4', '2:3-4'],
    [['y', 'b', 'c', 0], '2:11-12', '2:11-12'],
    [['y', 'd'], '5:3-4', '5:6-9'],
    [['z', 'b'], '2:3-4', '2:3-4'],
    [['z'], '6:1-2', '6:4-6'],
    [['y', 'nowhere', 'd'], '5:3-4', '5:6-9'],
    [['nowhere'], '1:1-2', '1:1-2'],
  ])('%j', (path, key, value) => {
    expect(at(source.keyAt(path))).toBe(key);
    expect(at(source.valueAt(path))).toBe(value);
  });
});
