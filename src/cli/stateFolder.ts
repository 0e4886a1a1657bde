import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where the embedded server keeps its database and logs: `PENSTOCK_STATE`, else `penstock` in the user's state folder. */
export function stateFolder(): string {
  const { PENSTOCK_STATE, XDG_STATE_HOME } = process.env;
  if (PENSTOCK_STATE) return resolve(PENSTOCK_STATE);
  return join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'penstock');
}
