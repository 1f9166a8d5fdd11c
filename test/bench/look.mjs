// What one look at the processes of all agents costs: `node test/bench/look.mjs [AGENTS] [PROCESSES OF EACH]`.
//
// Beside it, in the same run, the least it could cost: reading /proc/*/stat and making nothing of it. Linux only.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [agents = 100, each = 10] = process.argv.slice(2).map(Number);
const ROUNDS = 25;

/** The parts of the program that are measured. */
async function load(dir) {
  const outfile = join(dir, 'parts.mjs');
  const contents =
    "export { Gauge } from './src/supervisor/vitals/gauge.ts'; export { askPidusage } from './src/processes/usage.ts'; export { readTable } from './src/supervisor/processes/table.ts';";
  await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    banner: {
      js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
    },
  });
  return import(pathToFileURL(outfile).href);
}

/** Programs with sleeping children, each in a process group of its own. */
function startPrograms() {
  const script = `i=1; while [ $i -lt ${each} ]; do sleep 600 & i=$((i+1)); done; echo up; exec sleep 600`;
  return Promise.all(
    Array.from({ length: agents }, (_, i) => {
      const env = { PATH: process.env.PATH, COLONY_RUN_ID: `bench-${process.pid}-${i}` };
      const child = spawn('sh', ['-c', script], { env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
      return new Promise((resolve) => child.stdout.once('data', () => resolve(child)));
    }),
  );
}

const buffer = Buffer.alloc(4096);

/** Read what every process shows, and look at none of it. */
function bare() {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const file = openSync(`/proc/${name}/stat`);
      readSync(file, buffer, 0, buffer.length, 0);
      closeSync(file);
    } catch {
      // It has just ended.
    }
  }
}

async function once(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

const dir = mkdtempSync('/tmp/colony-bench-');
const programs = await startPrograms();
try {
  const { Gauge, askPidusage, readTable } = await load(dir);
  const subjects = programs.map(({ pid }, i) => ({
    run: `bench-${process.pid}-${i}`,
    pid,
    pss: false,
    horizon: 3_600_000,
  }));
  const gauge = new Gauge();
  let now = 0;
  const look = (pss) => {
    now += 5_000;
    return gauge.look(pss ? subjects.map((subject) => ({ ...subject, pss })) : subjects, now);
  };
  const first = await once(() => look(false));
  const table = readTable();
  const ours = subjects.flatMap(({ run }) => gauge.remembered(run)).map(({ pid }) => table.get(pid));
  const times = { bare: [], look: [], pss: [], pidusage: [] };
  for (let i = 0; i < ROUNDS; i++) {
    times.bare.push(await once(bare));
    times.look.push(await once(() => look(false)));
    if (i % 5 === 0) times.pss.push(await once(() => look(true)));
    if (i % 5 === 0) times.pidusage.push(await once(() => askPidusage(ours)));
  }
  const floor = median(times.bare);
  const row = (name, ms) =>
    console.log(`${name.padEnd(34)} ${ms.toFixed(1).padStart(7)} ms ${(ms / floor).toFixed(2).padStart(6)}`);
  console.log(
    `${table.size} processes, ${ours.length} of them of ${agents} agents; medians of ${ROUNDS}, ratios to the first`,
  );
  row('readdir /proc, read stat', floor);
  row('a look', median(times.look));
  row('the first look (environments)', first);
  row('a look with proportional memory', median(times.pss));
  row('pidusage (by ps) for ours alone', median(times.pidusage));
} finally {
  for (const { pid } of programs) process.kill(-pid, 'SIGKILL');
  rmSync(dir, { recursive: true });
}
process.exit(0);
