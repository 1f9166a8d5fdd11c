import {
  array,
  assert,
  constantFrom,
  dictionary,
  jsonValue,
  nat,
  oneof,
  property,
  record,
  string,
  tuple,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { render } from '../../src/config/diagnostic.ts';
import { shapeOf } from '../../src/config/expand.ts';
import { Agent } from '../../src/spec/agent.ts';
import { Colony } from '../../src/spec/colony.ts';
import { load } from './memory.ts';

const VALID = `version: 1
name: shop
x-base: &base {restart: {policy: always, backoff: {initial: 1s, max: 5m}}}
env_file: [.env]
tmux: {size: 200x50, history_limit: 5000}
defaults:
  labels: {team: core}
  stop: {signal: INT, grace: 5s}
agents:
  db:
    <<: *base
    command: sleep 100
    env: {A: 1.10, B: "\${HOME:-x}"}
  web:
    command: [npx, -y, "@openai/codex@latest"]
    replicas: \${N:-2}
    depends_on: {db: {condition: started}}
    metadata: {a: [1, {b: 2}]}
    description: |
      number \${REPLICA}
      of many
`;

/** What JavaScript prints for values nobody meant to print. A file that says such a word itself may see it quoted. */
const LEAKS = ['undefined', '[object', 'NaN', 'function '];

/** Whatever comes out must be a configuration, or mistakes that can be shown, each with a place in the file. */
function sound(text: string | Uint8Array): void {
  const files = { '/home/me/shop/.env': 'N=3' };
  const result = load(text, files, { environment: { HOME: '/home/me' }, profiles: ['p'] });
  if (result.ok) return;
  const { diagnostics, sources } = result.error;
  expect(diagnostics.length).toBeGreaterThan(0);
  const lines = typeof text === 'string' ? text.split('\n').length : 1;
  for (const { at, message } of diagnostics) {
    expect(at.line).toBeGreaterThanOrEqual(1);
    expect(at.line).toBeLessThanOrEqual(lines + 1);
    expect(at.column).toBeGreaterThanOrEqual(1);
    for (const leak of LEAKS) if (!String(text).includes(leak)) expect(message).not.toContain(leak);
  }
  expect(render(diagnostics, sources, { colour: true })).toContain('mistake');
}

const SNIPPETS = [
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '\n',
  '\t',
  '  ',
  '#',
  '&a ',
  '*a',
  '<<: ',
  '|\n',
  '---\n',
  '!x ',
  '${',
  '$',
  '%',
  '\u0007',
  '\ufeff',
  '\r\n',
  'null',
  '~',
];

describe('loading never throws', () => {
  test('on any text', () => assert(property(string({ maxLength: 200 }), sound), { numRuns: 200 }));

  test('on any bytes', () =>
    assert(
      property(array(nat(255), { maxLength: 100 }), (bytes) => sound(new Uint8Array(bytes))),
      { numRuns: 100 },
    ));

  test('on text made of YAML', () =>
    assert(
      property(array(oneof(constantFrom(...SNIPPETS), constantFrom('agents', 'a', 'command', '1'))), (parts) =>
        sound(parts.join('')),
      ),
      { numRuns: 400 },
    ));

  test('on a valid file that was cut, and had things put in', async () => {
    const edit = tuple(nat(VALID.length), nat(12), oneof(constantFrom(...SNIPPETS), string({ maxLength: 5 })));
    await assert(
      property(array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = edits.reduce((at, [from, drop, put]) => at.slice(0, from) + put + at.slice(from + drop), VALID);
        sound(text);
      }),
      { numRuns: 400 },
    );
  });

  test('on beginnings of a valid file', () => {
    for (let end = 0; end <= VALID.length; end += 7) sound(VALID.slice(0, end));
  });

  test('on known fields with any value', async () => {
    const fields = (names: readonly string[]) =>
      dictionary(constantFrom(...names), jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
    const names = (schema: Parameters<typeof shapeOf>[0]) => Object.keys(shapeOf(schema).properties ?? {});
    const colony = tuple(
      fields(names(Colony)),
      record(
        { agents: dictionary(constantFrom('a', 'b', 'a-1'), fields(names(Agent))), defaults: fields(names(Agent)) },
        { requiredKeys: [] },
      ),
    );
    await assert(
      property(colony, ([top, rest]) => {
        sound(JSON.stringify({ ...top, ...rest }, null, 1));
      }),
      { numRuns: 300 },
    );
  });

  test('on nested fields with values of the wrong type', async () => {
    const value = oneof(
      jsonValue({ maxDepth: 1 }),
      constantFrom('1s', '2GiB', '50%', 'off', 'always', 'INT', '${HOME}', ''),
    );
    const keys = constantFrom(
      'policy',
      'backoff',
      'max',
      'crash_loop',
      'sequence',
      'signal',
      'keys',
      'http',
      'url',
      'startup',
      'limit',
      'action',
      'do',
      'send',
      'a',
    );
    const nested = dictionary(
      keys,
      oneof(
        value,
        dictionary(keys, oneof(value, array(value, { maxLength: 3 }))),
        array(dictionary(keys, value), { maxLength: 3 }),
      ),
    );
    const names = Object.keys(shapeOf(Agent).properties ?? {});
    await assert(
      property(dictionary(constantFrom(...names), oneof(value, nested, array(nested, { maxLength: 2 }))), (fields) => {
        sound(JSON.stringify({ agents: { a: { command: 'x', ...fields } } }, null, 1));
      }),
      { numRuns: 400 },
    );
  });

  test('the generators reach both outcomes', () => {
    expect(load(VALID, { '/home/me/shop/.env': '' }).ok).toBe(true);
    expect(load(VALID.replace('sleep', '[')).ok).toBe(false);
  });
});
