import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { waitFor } from './wait.ts';

type Report = { readonly event: string; readonly [key: string]: unknown };

/** One life of a fake agent, in the hands of a test. */
export class Life {
  readonly agent: string;
  readonly generation: number;
  readonly pid: number;
  readonly run: string;
  readonly reports: Report[] = [];
  readonly #socket: Socket;
  ended = false;

  constructor(socket: Socket, hello: Report) {
    this.#socket = socket;
    this.agent = String(hello.agent);
    this.generation = Number(hello.generation);
    this.pid = Number(hello.pid);
    this.run = String(hello.run);
    socket.on('close', () => {
      this.ended = true;
    });
    socket.on('error', () => undefined);
  }

  /** Tell it to do something. */
  tell(command: { readonly do: string; readonly [key: string]: unknown }): void {
    this.#socket.write(`${JSON.stringify(command)}\n`);
  }

  /** Tell it to do something, and wait for what it says to that. */
  async ask(command: { readonly do: string; readonly [key: string]: unknown }, event: string): Promise<Report> {
    const before = this.reports.length;
    this.tell(command);
    return waitFor(`${this.agent} to report ${event}`, () => this.reports.slice(before).find((r) => r.event === event));
  }
}

/** Where fake agents call in. */
export class FakeAgents {
  readonly socket: string;
  readonly lives: Life[] = [];
  readonly #server: Server;

  private constructor(socket: string, server: Server) {
    this.socket = socket;
    this.#server = server;
  }

  static async at(socket: string): Promise<FakeAgents> {
    const server = createServer();
    const agents = new FakeAgents(socket, server);
    server.on('connection', (connection) => agents.#welcome(connection));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    return agents;
  }

  #welcome(connection: Socket): void {
    let life: Life | undefined;
    createInterface({ input: connection })
      .on('line', (line) => {
        const report = JSON.parse(line) as Report;
        if (life) life.reports.push(report);
        else {
          life = new Life(connection, report);
          this.lives.push(life);
        }
      })
      .on('error', () => undefined);
  }

  /** The latest life of an agent that has not ended, of at least this generation. */
  alive(agent: string, generation = 1): Promise<Life> {
    return waitFor(`a life of ${agent}, generation ${generation} or later`, () =>
      this.lives.findLast((life) => life.agent === agent && life.generation >= generation && !life.ended),
    );
  }

  close(): void {
    this.#server.close();
  }
}

/** The command line of a fake agent; further words are passed to it and change nothing. */
export function fakeAgent(...words: string[]): string[] {
  return [process.execPath, fileURLToPath(new URL('./fake-agent.mjs', import.meta.url)), ...words];
}
