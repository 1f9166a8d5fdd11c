import { action, patience } from './action.ts';
import { duration, oneOf, percent, type Static, section } from './define.ts';

/** What counts as a program that spins. */
export const Cpu = section(
  {
    above: percent({ description: 'CPU use of the whole process tree; one core is `100%`.' }),
    for: duration({ description: 'It must be exceeded for this long.', default: '5m' }),
    while: oneOf(['silent', 'always'], {
      description: '`silent`: only while the program prints nothing.',
      default: 'silent',
    }),
    action: action('What to do then.', 'warn'),
    wait: patience(),
  },
  { description: 'When CPU use is a sign of trouble.', required: ['above'] },
);

export type CpuSpec = Static<typeof Cpu>;
