import { duration, maybe, oneOf, type Static, section, short } from './define.ts';

const mode = oneOf(['immediate', 'when_idle', 'manual'], {
  description: 'When a change that needs a new process is carried out.',
  default: 'immediate',
  built: ['immediate'],
});

/** When a change that needs a new process is carried out. */
export const Update = short(
  section(
    {
      mode,
      wait: maybe(duration({ description: 'With `when_idle`: do it anyway after this long.', notBuilt: true })),
    },
    { description: 'When a change that needs a new process is carried out.', default: {} },
  ),
  [mode],
  (value) => ({ mode: value }),
);

export type UpdateSpec = Static<typeof Update>;
