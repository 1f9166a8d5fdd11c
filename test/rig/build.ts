import { bundle } from '../../scripts/build.mjs';

/** Tests of the whole program run the bundle that a user gets, so it is made anew before them. */
export default async function setup(): Promise<void> {
  await bundle();
}
