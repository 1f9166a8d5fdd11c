import { readFileSync, readlinkSync } from 'node:fs';

// No real program is ever started where it could reach anybody: not even by a test that is run in another way.
const routes = readFileSync('/proc/net/route', 'utf8').trim().split('\n').slice(1);
if (
  readlinkSync('/proc/self/ns/net') === process.env.COLONY_REAL_OUTSIDE ||
  routes.length > 0 ||
  !process.env.COLONY_REAL_OUTSIDE
) {
  throw new Error('These tests run only in a namespace without a network. Start them with `npm run test:real`.');
}
