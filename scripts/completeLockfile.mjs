// npm leaves packages of other platforms out of the lockfile where the registry it used did not have them, and `npm ci` then
// refuses the lockfile everywhere. This adds them by name and version; run it after every `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';
const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];
for (const [, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || !/^\d/.test(version)) continue;
    const tail = name.replace(/^.*?(android|darwin|freebsd|linux|openharmony|win32)/, '$1');
    const [os, cpu, abi] = tail.split('-');
    lock.packages[key] = {
      version, cpu: [cpu], ...(entry.dev && { dev: true }), license: entry.license, optional: true, os: [os],
      ...(os === 'linux' && { libc: [abi?.startsWith('musl') ? 'musl' : 'glibc'] }), ...(entry.engines && { engines: entry.engines }),
    };
    added.push(`${name}@${version} ${os} ${cpu}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.join('\n'));
