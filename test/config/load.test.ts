import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { agent, load, loaded, MAIN, mistakes } from './memory.ts';

const ONE = 'agents: {a: {command: sleep 1}}';

describe('the smallest file', () => {
  const { desired, files, patterns, ambient } = loaded(ONE);

  test('the colony', () => {
    expect({ ...desired, agents: [...desired.agents.keys()] }).toMatchObject({
      name: 'shop',
      path: MAIN,
      generation: 1,
      profiles: [],
      tmux: {
        server: { kind: 'own', socket: 'colony-shop' },
        config: undefined,
        history_limit: 5000,
        size: { columns: 200, rows: 50 },
      },
      concurrency: { max_starting: 8, stagger: 0 },
      circuit_breaker: { mode: 'on', failures: 10, window: 60_000, cool_off: 300_000 },
      history: { keep: 20, ttl: 7 * 24 * 3_600_000 },
      agents: ['a'],
    });
    expect({ files, patterns, ambient }).toEqual({ files: [MAIN], patterns: [], ambient: [] });
  });

  test('the agent has every default', () => {
    const { fingerprint, ...spec } = agent([ONE]);
    expect(spec).toEqual({
      name: 'a',
      kind: 'shell',
      description: '',
      enabled: true,
      labels: {},
      workdir: '/home/me/shop',
      command: { form: 'shell', line: 'sleep 1' },
      env: {},
      metadata: {},
      replica: 1,
      depends_on: {},
      restart: {
        policy: 'unless-stopped',
        backoff: { initial: 1000, factor: 2, max: 300_000, jitter: 0.2 },
        reset_after: 600_000,
        crash_loop: { restarts: 5, window: 600_000, action: 'hold' },
        success_exit_codes: [0],
        never_restart_exit_codes: [126, 127],
      },
      stop: { sequence: [{ signal: 'TERM' }], grace: 30_000 },
      update: { mode: 'immediate', wait: undefined },
      probes: { startup: [], readiness: [], liveness: [] },
      hooks: {},
      memory: undefined,
      cpu: undefined,
      max_age: undefined,
      prompt: undefined,
      resume: 'auto',
      context: undefined,
      idle: undefined,
      limit: undefined,
      waiting: undefined,
      completion: undefined,
      schedule: [],
      on_reboot: 'last_state',
      size: { columns: 200, rows: 50 },
      settings: { command: 'sleep 1' },
    });
    expect(fingerprint).toMatch(/^v1:[0-9a-f]{64}$/);
  });
});

describe('short forms', () => {
  test.each([
    ['restart: always', { restart: { policy: 'always', reset_after: 600_000 } }],
    ['restart: {crash_loop: off}', { restart: { crash_loop: { action: 'off', restarts: 5 } } }],
    ['restart: {backoff: {initial: 0s}}', { restart: { backoff: { initial: 0, factor: 2 } } }],
    ['stop: {signal: INT}', { stop: { sequence: [{ signal: 'INT' }], grace: 30_000 } }],
    ['stop: {signal: INT, grace: 1m}', { stop: { sequence: [{ signal: 'INT' }], grace: 60_000 } }],
    ['stop: {sequence: [{keys: [C-c]}, {wait: 2s}]}', { stop: { sequence: [{ keys: ['C-c'] }, { wait: 2000 }] } }],
    ['depends_on: [b]', { depends_on: { b: { condition: 'ready' } } }],
    ['depends_on: {b: {condition: started}}', { depends_on: { b: { condition: 'started' } } }],
    ['profiles: night', { name: 'a' }],
    ['update: immediate', { update: { mode: 'immediate' } }],
    ['update: {mode: when_idle, wait: 10m}', { update: { mode: 'when_idle', wait: 600_000 } }],
    [
      'memory: 2GiB',
      { memory: { limit: 2 ** 31, for: 30_000, measure: 'rss', action: { do: 'restart' }, when: 'now' } },
    ],
    ['memory: {growth: {by: 1MiB}}', { memory: { limit: undefined, growth: { by: 2 ** 20, within: 3_600_000 } } }],
    ['memory: {limit: 1GB, action: {send: trim}}', { memory: { limit: 1e9, action: { send: 'trim' } } }],
    [
      'cpu: {above: 90%}',
      { cpu: { above: 0.9, for: 300_000, while: 'silent', action: { do: 'warn' }, wait: 600_000 } },
    ],
    ['max_age: 24h', { max_age: { after: 86_400_000, jitter: 0, when: 'idle', wait: 600_000 } }],
    [
      'schedule: [{cron: "0 4 * * *"}, {cron: "0 5 * * *", tz: Europe/Berlin, action: stop, when: now}]',
      {
        schedule: [
          { tz: 'UTC', action: { do: 'restart' }, when: 'idle', jitter: 0, overlap: 'skip', catch_up: 300_000 },
          { tz: 'Europe/Berlin', action: { do: 'stop' }, when: 'now' },
        ],
      },
    ],
    [
      'probes: {readiness: {http: "http://127.0.0.1/ok"}, liveness: [{tcp: 80, on_failure: notify}]}',
      {
        probes: {
          startup: [],
          readiness: [{ http: { url: 'http://127.0.0.1/ok', status: '200-399' }, period: 10_000, timeout: 5000 }],
          liveness: [{ tcp: { port: 80, host: '127.0.0.1' }, failure_threshold: 3, on_failure: 'notify' }],
        },
      },
    ],
    ['hooks: {pre_start: make}', { hooks: { pre_start: { command: 'make', timeout: 30_000 } } }],
    ['workdir: ~/x', { workdir: '/home/me/x' }],
    ['workdir: sub/..', { workdir: '/home/me/shop' }],
    ['workdir: "~"', { workdir: '/home/me' }],
    ['env: {A: 1.10, B: 0x10, C: true, D: "x"}', { env: { A: '1.10', B: '0x10', C: 'true', D: 'x' } }],
    ['metadata: {a: [1, {b: null}]}', { metadata: { a: [1, { b: null }] } }],
    ['x-mine: {any: thing}', { name: 'a' }],
    ['restart: {x-why: because}', { restart: { policy: 'unless-stopped' } }],
    ['kind: codex', { kind: 'codex' }],
    ['enabled: false', { enabled: false }],
  ])('%s', (field, part) => {
    const text = `agents:\n  a:\n    command: x\n    ${field}\n  b: {command: x}`;
    expect(
      agent([text, { '/home/me/x/': '' }, { profiles: field.startsWith('profiles') ? ['night'] : [] }]),
    ).toMatchObject(part);
  });

  test.each([
    ['off', { mode: 'off' }],
    ['on', { mode: 'on', failures: 10 }],
    ['{failures: 3, cool_off: 30s}', { mode: 'on', failures: 3, window: 60_000, cool_off: 30_000 }],
  ])('circuit_breaker: %s', (written, part) => {
    expect(loaded(`circuit_breaker: ${written}\n${ONE}`).desired.circuit_breaker).toMatchObject(part);
  });

  test('crash_loop: notify', () => {
    const text = 'agents: {a: {command: x, restart: {crash_loop: {action: notify}}}}';
    expect(agent([text]).restart.crash_loop.action).toBe('notify');
  });
});

describe('the name of the colony', () => {
  test.each([
    ['/home/me/shop', 'shop'],
    ['/home/me/My Shop.v2', 'my-shop-v2'],
    ['/home/me/2024-shop-', 'shop'],
    [`/home/me/${'x'.repeat(80)}`, 'x'.repeat(63)],
  ])('%s', (folder, name) => {
    const path = `${folder}/colony.yaml`;
    expect(loaded(ONE, { [path]: ONE }, { path }).desired.name).toBe(name);
  });

  test('must be written where the folder has none', () => {
    const path = '/home/me/2024/colony.yaml';
    expect(mistakes(ONE, { [path]: ONE }, { path })).toEqual([
      "missing_key the colony needs a `name`: none can be made of the folder's name, `2024`",
    ]);
    expect(loaded(ONE, { [path]: `name: x\n${ONE}` }, { path }).desired.name).toBe('x');
  });
});

describe('tmux', () => {
  test.each([
    ['socket: default', { server: { kind: 'default' } }],
    ['socket: mine', { server: { kind: 'own', socket: 'mine' } }],
    ['config: none', { config: undefined }],
    ['config: ~/tmux.conf', { config: '/home/me/tmux.conf' }],
    ['size: 80x24, history_limit: 0', { size: { columns: 80, rows: 24 }, history_limit: 0 }],
  ])('%s', (written, part) => {
    const { tmux } = loaded(`tmux: {${written}}\n${ONE}`, { '/home/me/tmux.conf': '' }).desired;
    expect(tmux).toMatchObject(part);
  });
});

describe('defaults', () => {
  test('are merged key by key; lists and single values are replaced', () => {
    const text =
      'defaults: {restart: {policy: never, backoff: {initial: 2s, max: 1m}}, labels: {a: x, b: x}, stop: {sequence: [{wait: 1s}]}}\n' +
      'agents: {a: {command: x, restart: {backoff: {max: 2m}}, labels: {b: y}, stop: {sequence: [{keys: [q]}]}}}';
    expect(agent([text])).toMatchObject({
      restart: { policy: 'never', backoff: { initial: 2000, max: 120_000 } },
      labels: { a: 'x', b: 'y' },
      stop: { sequence: [{ keys: ['q'] }] },
    });
  });

  test('a short form above a long one', () => {
    const text = 'defaults: {restart: {backoff: {max: 1m}}}\nagents: {a: {command: x, restart: always}}';
    expect(agent([text]).restart).toMatchObject({ policy: 'always', backoff: { max: 60_000 } });
  });

  test('null resets to what is built in', () => {
    const text =
      'defaults: {restart: {policy: never, backoff: {max: 1m}}, kind: claude, workdir: /tmp}\n' +
      'agents: {a: {command: x, restart: null, kind: ~, workdir: }, b: {command: x, restart: {backoff: null}}}';
    expect(agent([text, { '/tmp/x': '' }])).toMatchObject({
      restart: { policy: 'unless-stopped', backoff: { max: 300_000 } },
      kind: 'shell',
      workdir: '/home/me/shop',
    });
    expect(agent([text, { '/tmp/x': '' }], 'b').restart).toMatchObject({ policy: 'never', backoff: { max: 300_000 } });
  });

  test('a command may be one', () => {
    const text = 'defaults: {command: [run, it]}\nagents: {a: , b: {command: x}}';
    expect(agent([text]).command).toEqual({ form: 'words', words: ['run', 'it'] });
  });

  test('are checked even if nobody uses them', () => {
    expect(mistakes('defaults: {restart: {backoff: {max: 5}}}\nagents: {}')).toEqual([
      'wrong_type `defaults.restart.backoff.max` must be a length of time with units, got `5`',
    ]);
  });

  test('are reported once, however many agents share a mistake', () => {
    expect(mistakes('defaults: {kind: x}\nagents: {a: {command: x}, b: {command: x}}')).toHaveLength(1);
  });
});

describe('what a section takes from the defaults', () => {
  test('may be of no use to one agent', () => {
    const text = 'defaults: {update: {mode: when_idle, wait: 5m}}\nagents: {a: {command: x, update: immediate}}';
    expect(agent([text]).update).toEqual({ mode: 'immediate', wait: 300_000 });
  });

  test('is wrong where it was written, and that is said once', () => {
    const text = 'defaults: {max_age: 0s}\nagents: {a: {command: x}, b: {command: x}}';
    expect(mistakes(text)).toEqual(['bad_value `defaults.max_age` must be more than 0, got `0s`']);
  });

  test('is not shown if it may be secret', () => {
    const text = 'agents: {a: {command: x, schedule: [{cron: "${WHEN}"}]}}';
    expect(mistakes(text, {}, { environment: { WHEN: '0 0 31 4 *' } })).toEqual([
      'bad_value `agents.a.schedule.0.cron` must be a time that comes, and no year has such a day',
    ]);
  });
});

describe('profiles', () => {
  const text =
    'agents:\n  a: {command: x}\n  night: {command: "${NOPE}", workdir: nowhere, profiles: [night, late]}\n' +
    '  day: {command: x, profiles: [day]}';

  test('an agent with profiles exists only with one of them', () => {
    expect([...loaded(text).desired.agents.keys()]).toEqual(['a']);
    expect([...loaded(text, {}, { profiles: ['day'] }).desired.agents.keys()]).toEqual(['a', 'day']);
  });

  test('what is missing for it counts only then', () => {
    expect(mistakes(text, {}, { profiles: ['late'] })).toEqual([
      'undefined_variable `agents.night.command` needs the variable `NOPE`, which is not set',
    ]);
  });

  test('but what is wrong in the file always does', () => {
    expect(mistakes('agents: {a: {command: x, profiles: [p], restart: 5}}')).toHaveLength(1);
  });

  test('a profile that no agent has', () => {
    const result = load(text, {}, { profiles: ['nihgt', 'x'] });
    expect(result.ok ? [] : result.error.diagnostics.map(({ message, hint }) => [message, hint])).toEqual([
      ['no agent has the profile `nihgt`', 'did you mean `night`?'],
      ['no agent has the profile `x`', 'the profiles are: day, late, night'],
    ]);
  });
});

describe('replicas', () => {
  test.each([
    ['', ['a']],
    ['replicas: 1', ['a']],
    ['replicas: 2', ['a-1', 'a-2']],
    ['replicas: 0', []],
  ])('%s', (field, names) => {
    const { agents } = loaded(`agents:\n  a:\n    command: x\n    ${field}`).desired;
    expect([...agents.keys()]).toEqual(names);
    expect([...agents.values()].map(({ replica }) => replica)).toEqual(names.map((_, index) => index + 1));
  });

  test('whoever depends on an agent waits for all of them, or for the one that is named', () => {
    const text =
      'agents: {w: {command: x, replicas: 2}, a: {command: x, depends_on: [w]}, b: {command: x, depends_on: [w-2]}}';
    expect(Object.keys(agent([text]).depends_on)).toEqual(['w-1', 'w-2']);
    expect(Object.keys(agent([text], 'b').depends_on)).toEqual(['w-2']);
  });
});

describe('dependencies', () => {
  test('of what does not run itself are not asked after', () => {
    expect(load('agents: {a: {command: x, enabled: false, depends_on: [nope]}}').ok).toBe(true);
  });

  test('a long chain is no circle, and costs no stack', () => {
    const agents = Array.from({ length: 3000 }, (_, i) => `  a${i}: {command: x, depends_on: [a${i + 1}]}`);
    expect(load(`agents:\n${agents.join('\n')}\n  a3000: {command: x}`).ok).toBe(true);
  });

  test('two circles through one agent are both named', () => {
    const text =
      'agents: {a: {command: x, depends_on: [b, c]}, b: {command: x, depends_on: [a]}, c: {command: x, depends_on: [a]}}';
    expect(mistakes(text)).toEqual([
      'dependency_cycle these agents wait for each other, so none can start: `a` -> `b` -> `a`',
      'dependency_cycle these agents wait for each other, so none can start: `a` -> `c` -> `a`',
    ]);
  });
});

describe('includes', () => {
  const files = {
    '/home/me/shop/agents/one.yaml': 'x-free: 1\nagents: {one: {command: x, workdir: ../two}}',
    '/home/me/shop/agents/two.yaml': 'agents: {two: {command: x}}',
    '/home/me/shop/agents/.hidden.yaml': 'agents: {hidden: {command: x}}',
    '/home/me/shop/agents/notes.txt': 'not yaml: [',
    '/home/me/shop/agents/empty.yaml': '',
    '/home/me/shop/two/x': '',
  };

  test('by pattern, sorted, relative to the file; each once', () => {
    const {
      desired,
      files: read,
      patterns,
    } = loaded(
      'include: [agents/*.yaml, agents/one.yaml, "*.none"]\ndefaults: {kind: aider}\nagents: {a: {command: x}}',
      files,
    );
    expect([...desired.agents.keys()]).toEqual(['a', 'one', 'two']);
    expect(desired.agents.get('one')).toMatchObject({ workdir: '/home/me/shop/two', kind: 'aider' });
    expect(desired.agents.get('two')?.workdir).toBe('/home/me/shop/agents');
    expect(read).toEqual([MAIN, ...['empty', 'one', 'two'].map((name) => `/home/me/shop/agents/${name}.yaml`)]);
    expect(patterns).toEqual(['/home/me/shop/agents/*.yaml', '/home/me/shop/agents/one.yaml', '/home/me/shop/*.none']);
  });

  test('the main file needs no agents of its own then, and is not included by its own pattern', () => {
    expect(loaded('include: ["*.yaml", ~/shop/agents/two.yaml]', files).desired.agents.size).toBe(1);
  });

  test('the same agent in two files is told with both places', () => {
    const result = load('include: agents/two.yaml\nagents:\n  two: {command: x}', files);
    const [diagnostic] = result.ok ? [] : result.error.diagnostics;
    expect(diagnostic).toMatchObject({
      code: 'duplicate_agent',
      at: { file: '/home/me/shop/agents/two.yaml', line: 1 },
      also: { at: { file: MAIN, line: 3, column: 3 } },
    });
  });

  test('mistakes of all files come together, those of the main file first', () => {
    const more = { ...files, '/home/me/shop/agents/aaa.yaml': 'agents: [' };
    expect(
      mistakes('include: agents/*.yaml\nagents: {a: {comand: x}}', more).map((text) => text.split(' ')[0]),
    ).toEqual(['unknown_key', 'syntax']);
  });
});

describe('what is not a configuration', () => {
  test.each([
    ['too large', ' '.repeat(1024 * 1024 + 1), `file_too_large ${MAIN} is larger than 1 MiB`],
    ['binary', new Uint8Array([0x7f, 0x45, 0, 1]), `not_text ${MAIN} is not text: it holds a NUL byte`],
    ['not UTF-8', new Uint8Array([0x61, 0xff, 0xfe]), `not_text ${MAIN} is not UTF-8 text`],
    ['empty', '', 'missing_key the file is empty; it needs `agents:`'],
    ['half a file', 'agents:\n  a:\n    command: "sle', 'syntax a closing quote is missing'],
  ])('%s', (_name, text, mistake) => expect(mistakes(text)).toEqual([mistake]));

  test('a missing file, with a similar name', () => {
    const result = load(ONE, {}, { path: '/home/me/shop/colony.yml' });
    expect(result.ok ? [] : result.error.diagnostics).toMatchObject([
      { code: 'file_missing', message: '/home/me/shop/colony.yml does not exist', hint: `did you mean ${MAIN}?` },
    ]);
  });

  test('byte order mark and CRLF are fine', () => {
    expect(agent([`\ufeffagents:\r\n  a:\r\n    command: |\r\n      one\r\n      two\r\n`]).command).toEqual({
      form: 'shell',
      line: 'one\ntwo\n',
    });
  });

  test('exactly 1 MiB is fine', () => expect(load(ONE.padEnd(1024 * 1024, ' ')).ok).toBe(true));

  test('an empty colony must be meant', () => {
    expect(loaded('agents: {}').desired.agents.size).toBe(0);
    expect(mistakes('agents:')).toEqual(['missing_key the file says nothing under `agents`']);
  });

  test('a broken agent does not hide what is wrong between others', () => {
    const text =
      'agents: {a: {comand: x}, b: {command: x, depends_on: [nope]}, c: {command: x, workdir: nope, depends_on: [a]}}';
    expect(mistakes(text).map((mistake) => mistake.split(' ')[0])).toEqual([
      'unknown_key',
      'unknown_dependency',
      'workdir_missing',
    ]);
  });
});

describe('on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'colony-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const read = (name: string) =>
    loadConfig({ path: join(folder, name), profiles: [], environment: {}, home: folder, generation: 7 });

  test('files, folders and links', () => {
    mkdirSync(join(folder, 'agents'));
    write('agents/b.yaml', 'agents: {b: {command: x, workdir: ~}}');
    write('colony.yaml', 'name: disk\ninclude: agents/*.yaml\nagents: {a: {command: x, workdir: agents}}');
    symlinkSync('colony.yaml', join(folder, 'link.yaml'));
    for (const name of ['colony.yaml', 'link.yaml']) {
      const result = read(name);
      expect(result.ok && [...result.value.desired.agents.keys()]).toEqual(['a', 'b']);
    }
  });

  test.each([
    ['agents', 'file_unreadable', 'is a folder'],
    ['nowhere/colony.yaml', 'file_missing', 'does not exist'],
    ['agents/b.yaml/c', 'file_missing', 'a part of its path is not a folder'],
    ['loop.yaml', 'file_unreadable', 'leads back to itself'],
  ])('%s', (name, code, why) => {
    if (name === 'loop.yaml') symlinkSync('loop.yaml', join(folder, name));
    const result = read(name);
    const [diagnostic] = result.ok ? [] : result.error.diagnostics;
    expect(diagnostic).toMatchObject({ code, message: expect.stringContaining(why) });
  });
});
