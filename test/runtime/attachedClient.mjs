// A process that uses the embedded server until it is killed: `node attachedClient.mjs STATE_FOLDER`.
import { attachServer } from '../../dist/src/runtime/server/index.js';

const server = await attachServer({ stateFolder: process.argv[2], report: () => {} });
process.stdout.write(`${JSON.stringify({ address: server.address, guardPid: server.guardPid, serverPid: server.serverPid })}\n`);
setInterval(() => {}, 1000);
