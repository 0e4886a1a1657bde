import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { versitygwVersion } from '../../src/runtime/tools/index.js';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const text = (path: string): string => readFileSync(file(path), 'utf8');

interface Service {
  readonly image: string;
  readonly depends_on?: Record<string, unknown>;
  readonly volumes?: string[];
  readonly build?: { dockerfile: string };
  readonly environment?: Record<string, string>;
}
const compose = parse(text('docker-compose.yml'), { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> };

describe('docker-compose.yml', () => {
  it('runs the versions that temporal/go.mod and the tools pin', () => {
    const pinned = (module: string): string => new RegExp(`${module} v(\\S+)`).exec(text('temporal/go.mod'))?.[1] ?? 'not pinned';
    const images = Object.values(compose.services).map((service) => service.image);
    expect(images).toEqual(expect.arrayContaining([
      `temporalio/server:${pinned('go.temporal.io/server')}`,
      `temporalio/admin-tools:${pinned('go.temporal.io/server')}`,
      `temporalio/ui:${pinned('github.com/temporalio/ui-server/v2')}`,
      `versity/versitygw:v${versitygwVersion}`,
    ]));
  });

  it('names only services, volumes, folders and Dockerfiles that are there', () => {
    for (const service of Object.values(compose.services)) {
      for (const other of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(other);
      if (service.build) expect(existsSync(file(service.build.dockerfile))).toBe(true);
      for (const [source = ''] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
        if (source.startsWith('.')) expect(existsSync(file(source)), source).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
    expect(compose.services['worker']?.environment).toMatchObject({ TEMPORAL_ADDRESS: 'temporal:7233', PENSTOCK_S3_ENDPOINT: 'http://s3:7070' });
  });
});

describe('deploy/Dockerfile', () => {
  it('copies only what is there and what its .dockerignore lets through', () => {
    const sources = [...text('deploy/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) => match[1]?.split(' ') ?? []);
    const allowed = text('deploy/Dockerfile.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect(existsSync(file(source)), source).toBe(true);
      expect(allowed.some((path) => source === path || source.startsWith(`${path}/`)), source).toBe(true);
    }
  });
});
