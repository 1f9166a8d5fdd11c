// The example's server: says hello, and shows on its terminal who asked.
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 8321);
let served = 0;

createServer((request, response) => {
  if (request.url === '/ok') return response.end('ok\n');
  served += 1;
  console.log(`${new Date().toISOString()} ${request.method} ${request.url} (${served} so far)`);
  response.end(`hello from ${process.env.COLONY_AGENT ?? 'nobody'}, life ${process.env.COLONY_GENERATION ?? '?'}\n`);
}).listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}`));
