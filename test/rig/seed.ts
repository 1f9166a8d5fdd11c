import { configureGlobal } from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a red run means a changed program and not a lucky draw.
 * `COLONY_TEST_SEED=random` (or a number) looks for new ones.
 */
const asked = process.env.COLONY_TEST_SEED ?? '20261121';
if (asked !== 'random') configureGlobal({ seed: Number(asked) });
