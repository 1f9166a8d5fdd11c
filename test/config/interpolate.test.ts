import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/config/parse.ts';
import { plainScalar } from '../../src/config/plain-scalar.ts';
import { parseTemplate } from '../../src/config/template.ts';
import { agent, load, loaded, mistakes } from './memory.ts';

const environment = { NAME: 'shop', EMPTY: '', N: '2', TRUE: 'true', KEY: 'secret-1' };

/** The command of an agent that is written as `command: …`. */
const command = (written: string) => agent([`agents:\n  a:\n    command: ${written}`, {}, { environment }]).command;

describe('variables', () => {
  test.each([
    ['run ${NAME}', 'run shop'],
    ['run ${NAME}-${N}', 'run shop-2'],
    ['run ${NOPE:-x}', 'run x'],
    ['run ${NOPE-x}', 'run x'],
    ['run ${EMPTY:-x}', 'run x'],
    ['run ${EMPTY-x}', 'run '],
    ['run ${EMPTY}.', 'run .'],
    ['run ${NOPE:-}.', 'run .'],
    ['run ${NOPE:-${NAME}}', 'run shop'],
    ['run ${NOPE:-${NOPE:-${N}}x}', 'run 2x'],
    ['run ${NAME:?must be set}', 'run shop'],
    ['run $NAME $(date) $1 $', 'run $NAME $(date) $1 $'],
    ['run $${NAME} $$HOME $$$$', 'run ${NAME} $HOME $$'],
    ['run $$${NAME}', 'run $shop'],
    ['run ${NOPE:-a$$b}', 'run a$b'],
    ['run ${NOPE:-$(x)}', 'run $(x)'],
    ['run }', 'run }'],
  ])('%s', (written, line) => expect(command(`'${written}'`)).toEqual({ form: 'shell', line }));

  test('in the words of a list', () => {
    expect(command('[run, "${NAME}", "${N}"]')).toEqual({ form: 'words', words: ['run', 'shop', '2'] });
  });

  test.each([
    ['${NOPE}', 'undefined_variable `agents.a.command` needs the variable `NOPE`, which is not set'],
    [
      '${NOPE:?write it down}',
      'undefined_variable `agents.a.command` needs the variable `NOPE`, which is not set: write it down',
    ],
    [
      '${EMPTY:?write it down}',
      'undefined_variable `agents.a.command` needs the variable `EMPTY`, which is empty: write it down',
    ],
    [
      '${NOPE?not ${KEY}}',
      'undefined_variable `agents.a.command` needs the variable `NOPE`, which is not set: not ${KEY}',
    ],
    ['${A:-${B}}', 'undefined_variable `agents.a.command` needs the variable `B`, which is not set'],
    ['${}', 'bad_variable `agents.a.command` has `${` without the name of a variable at `${}`'],
    ['${NAME', 'bad_variable `agents.a.command` has `${NAME` without a closing `}`'],
    ['${NAME:-x', 'bad_variable `agents.a.command` has `${NAME` without a closing `}`'],
    ['${NAME##*/}', 'bad_variable `agents.a.command` has `${NAME##*/}`, which only a shell understands'],
    ['${NAME:x}', 'bad_variable `agents.a.command` has `${NAME:x}`, which only a shell understands'],
    ['${1}', 'bad_variable `agents.a.command` has `${` without the name of a variable at `${1}`'],
    [`${'${A:-'.repeat(20)}${'}'.repeat(20)}`, 'bad_variable `agents.a.command` nests variables too deeply'],
  ])('%s is refused', (written, mistake) =>
    expect(mistakes(`agents:\n  a:\n    command: '${written}'`, {}, { environment })).toEqual([mistake]),
  );

  test('a name that is nearly right is suggested', () => {
    const result = load('agents: {a: {command: "${HOEM}"}}', {}, { environment: { HOME: '/home/me' } });
    expect(result.ok ? [] : result.error.diagnostics.map(({ hint }) => hint)).toEqual(['did you mean `HOME`?']);
  });

  test('keys stay as they are', () => {
    expect(agent(['agents: {a: {command: x, metadata: {"${NAME}": 1}}}', {}, { environment }]).metadata).toEqual({
      '${NAME}': 1,
    });
  });

  test('what stands under a free key is not looked at', () => {
    expect(load('x-later: ${NOPE}\nagents: {a: {command: x, x-too: "${NOPE}"}}').ok).toBe(true);
  });

  test('the top of the file, and paths of includes', () => {
    const text = 'name: ${NAME}\ninclude: ${NAME}.yaml\nconcurrency: {max_starting: "${NOPE:-x}"}\nagents: {}';
    expect(mistakes(text, { '/home/me/shop/shop.yaml': 'agents: {}' }, { environment })).toEqual([
      'wrong_type `concurrency.max_starting` must be a whole number, got `x`',
    ]);
  });
});

describe('a whole value that is a variable', () => {
  test.each([
    ['replicas: ${N}', 2],
    ['replicas: ${NOPE:-3}', 3],
  ])('%s is a number if it is not quoted', (field, count) => {
    const { desired } = loaded(`agents:\n  a:\n    command: x\n    ${field}`, {}, { environment });
    expect(desired.agents.size).toBe(count);
  });

  test('and a text if it is', () => {
    expect(mistakes('agents: {a: {command: x, replicas: "${N}"}}', {}, { environment })).toEqual([
      'wrong_type `agents.a.replicas` must be a whole number, got a text (not shown)',
    ]);
  });

  test('flags', () => {
    const { desired } = loaded('agents:\n  a:\n    command: x\n    enabled: ${NOPE:-false}');
    expect(desired.agents.get('a')?.enabled).toBe(false);
  });

  test('but never in an environment', () => {
    const { env } = agent([
      'agents:\n  a:\n    command: x\n    env:\n      V: "${X}"\n      W: ${X}\n      T: ${T:-true}',
      {},
      { environment: { X: '1.10' } },
    ]);
    expect(env).toEqual({ V: '1.10', W: '1.10', T: 'true' });
  });

  // A value of a variable has no comments: what looks like one is a part of the text.
  const uncommented = string({ unit: 'grapheme-ascii', maxLength: 6 }).filter((text) => !/\s#/.test(text));

  test('is read as YAML would read it', () =>
    assert(
      property(uncommented, (text) => {
        const { result } = parse('f', `a: ${text}`);
        const read = result.ok ? (result.value.value as { a: unknown }).a : undefined;
        // Only what YAML itself reads as a plain scalar of that very text can be compared.
        if (typeof read === 'number' || typeof read === 'boolean') expect(plainScalar(text.trim())).toBe(read);
        if (typeof read === 'string' && read === text) expect(plainScalar(text)).toBe(read);
      }),
      { numRuns: 3000 },
    ));

  test.each([
    ['0x1F', 31],
    ['0o17', 15],
    ['1e3', 1000],
    ['.5', 0.5],
    ['-7', -7],
    ['TRUE', true],
    ['False', false],
    ['', null],
    ['null', null],
    ['~', null],
    ['1e999', '1e999'],
    ['yes', 'yes'],
    ['1_000', '1_000'],
  ])('%j', (text, value) => expect(plainScalar(text)).toBe(value));
});

describe('where variables come from', () => {
  const text =
    'env_file: top.env\nagents:\n  a: {command: "${V}", env_file: [one.env, two.env]}\n  b: {command: "${V}"}';
  const files = {
    '/home/me/shop/top.env': 'V=top',
    '/home/me/shop/one.env': 'V=one',
    '/home/me/shop/two.env': 'V=two',
  };

  test('the env file of the agent, then that of the top, then the captured environment', () => {
    const { desired, ambient } = loaded(text, files, { environment: { V: 'ambient' } });
    expect([...desired.agents.values()].map(({ command: { ...each } }) => each)).toEqual([
      { form: 'shell', line: 'two' },
      { form: 'shell', line: 'top' },
    ]);
    expect(ambient).toEqual([]);
  });

  test('what came from the captured environment is told, with its place', () => {
    const { ambient } = loaded(
      'agents:\n  a: {command: "${V} ${W:-x}"}\n  b: {command: run}',
      {},
      { environment: { V: '1' } },
    );
    expect(ambient).toEqual([
      { name: 'V', at: { file: '/home/me/shop/colony.yaml', line: 2, column: 16, endColumn: 30 } },
    ]);
  });

  test('the number of the replica', () => {
    const { desired } = loaded(
      'defaults: {description: "no. ${REPLICA}"}\nagents: {a: {command: "run ${REPLICA}", replicas: 3}, b: {command: x}}',
    );
    expect([...desired.agents.values()].map((spec) => [spec.name, spec.replica, spec.description])).toEqual([
      ['a-1', 1, 'no. 1'],
      ['a-2', 2, 'no. 2'],
      ['a-3', 3, 'no. 3'],
      ['b', 1, 'no. 1'],
    ]);
    expect(desired.agents.get('a-2')?.command).toEqual({ form: 'shell', line: 'run 2' });
  });

  test('a mistake of one replica is found', () => {
    const text = 'agents: {a: {command: x, replicas: 3, workdir: "w${REPLICA}"}}';
    expect(mistakes(text, { '/home/me/shop/w1/x': '', '/home/me/shop/w3/x': '' })).toEqual([
      'workdir_missing `agents.a.workdir`: `/home/me/shop/w2` does not exist',
    ]);
  });
});

describe('templates', () => {
  test('any text is read without an exception, and a text without `$` is itself', () =>
    assert(
      property(string(), (text) => {
        const parsed = parseTemplate(text);
        if (!text.includes('$')) expect(parsed).toEqual({ ok: true, value: text === '' ? [] : [text] });
      }),
    ));

  test('doubling every `$` keeps any text as it is', () =>
    assert(
      property(string({ unit: 'grapheme-ascii' }), (text) => {
        const parsed = parseTemplate(text.replaceAll('$', () => '$$'));
        expect(parsed.ok && parsed.value.join('')).toBe(text);
      }),
    ));

  test('a long text', () => {
    const text = 'x$y '.repeat(250_000);
    expect(parseTemplate(text)).toEqual({ ok: true, value: [text] });
  });
});
