import { afterAll, beforeAll } from 'vitest';
import { newProject, type Project, type ProjectOptions } from './project.js';
import { endStarted } from './processes.js';
import { startTestServer, type TestServer } from './server.js';

/** What the tests of one file share, and what must be gone after them. */
export interface House {
  readonly server: TestServer;
  project(options?: ProjectOptions): Project;
}

/** One embedded server for a test file; `ready` runs once it serves. Afterwards nothing is left running or lying about. */
export function openHouse(ready: (house: House) => Promise<void> = async () => undefined): House {
  let server: TestServer | undefined;
  const projects: Project[] = [];
  const house: House = {
    get server() {
      if (!server) throw new Error('the server is there inside of tests only');
      return server;
    },
    project(options) {
      const project = newProject(options);
      projects.push(project);
      return project;
    },
  };
  beforeAll(async () => {
    server = await startTestServer();
    await ready(house);
  }, 120_000);
  afterAll(async () => {
    await endStarted();
    await server?.stop();
    for (const project of projects) project.remove();
  }, 60_000);
  return house;
}
