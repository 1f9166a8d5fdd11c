// A program that does what a test tells it. It calls the test's socket ($FAKE_SOCKET), says who it is, and then obeys
// one JSON command a line: say, exit, ignore, fork, leak, echo_env.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const socket = connect(process.env.FAKE_SOCKET);
const tell = (message) => socket.write(`${JSON.stringify(message)}\n`);
const leaked = [];

const COMMANDS = {
  say: ({ text }) => console.log(text),
  exit: ({ code }) => process.exit(code),
  ignore: ({ signals }) => {
    for (const signal of signals) process.on(signal, () => tell({ event: 'ignored', signal }));
    tell({ event: 'ignoring' });
  },
  /** A child that outlives its parent unless somebody ends it; `away`: in a session of its own, and reparented. */
  fork: ({ away, deaf, stopped }) => {
    const ears = deaf ? "trap '' TERM HUP INT;" : '';
    const stop = stopped ? 'kill -STOP $$;' : '';
    const body = `${ears} echo $$ >&3; exec 3>&-; ${stop} while :; do sleep 0.2; done`;
    const argv = away ? ['setsid', 'sh', '-c', `sh -c '${body.replaceAll("'", `'\\''`)}' & :`] : ['sh', '-c', body];
    const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    child.stdio[3].once('data', (text) => tell({ event: 'forked', pid: Number(text) }));
  },
  leak: ({ mebibytes }) => leaked.push(Buffer.alloc(mebibytes * 1024 * 1024, 1)),
  env: () => tell({ event: 'env', env: process.env, cwd: process.cwd(), argv: process.argv.slice(2) }),
};

socket.on('connect', () => {
  const { COLONY_AGENT: agent, COLONY_GENERATION: generation, COLONY_RUN_ID: run } = process.env;
  tell({ event: 'hello', agent, generation: Number(generation), run, pid: process.pid });
});
socket.on('error', () => process.exit(70));
createInterface({ input: socket }).on('line', (line) => {
  const command = JSON.parse(line);
  COMMANDS[command.do]?.(command);
});
console.log('fake agent ready');
setInterval(() => undefined, 1 << 30);
