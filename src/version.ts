import pkg from '../package.json' with { type: 'json' };

/** The version of this program, as `colony --version` prints it. */
export const VERSION: string = pkg.version;
