import { roles, type Role } from './table.js';

/**
 * The role of a column whose file does not say it, from its name. Where the name leaves a doubt the column is kept
 * out of models rather than let in: anything that mentions a leak is truth, all text is an id.
 *
 * - clock: times, dates, row and window numbers
 * - truth: labels, targets, everything named after a leak
 * - id: names ending in id, case, file or name; all text
 * - operational: pumps and valves
 * - measured: everything else
 */
export function roleOfName(name: string, kind: 'number' | 'text' | 'time'): Role {
  const plain = name.trim();
  if (kind === 'time' || clockName.test(plain)) return 'clock';
  if (truthName.test(plain)) return 'truth';
  if (kind === 'text' || idName.test(plain)) return 'id';
  return operationalName.test(plain) ? 'operational' : 'measured';
}

export function isRole(text: string | undefined): text is Role {
  return roles.includes(text as Role);
}

const clockName = new RegExp(
  [
    '^(t|times?|timestamp|date|datetime|clock|seconds?|minutes?|hours?|index|row|window)$',
    '^elapsed',
    '^time[ _([-]',
    '[_ ](time|timestamp)$',
    '^(start|end|row|window|onset|wall|case)[ _-]?(time|row|index|number|clock)$',
  ].join('|'),
  'i',
);
const truthName = /leak|acmlk|ptlkup|^(label|target|class|y|truth)$|[_ ](label|target)$/i;
const idName = /(^|[_ ])(id|uuid|case|file|name|fold|split)$/i;
const operationalName = /^(pump|valv|contr)/i;
