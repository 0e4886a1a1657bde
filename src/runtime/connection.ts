import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { PenstockError } from '../errors/index.js';
import { attachServer, registerNamespace } from './server/index.js';
import type { Report } from './tools/index.js';

/** Where a Temporal server is and how to speak to it. */
export interface ServerPlace {
  /** `host:port` of the gRPC service. */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  /** Encrypt the connection: true for the system's certificate authorities, or own files. */
  readonly tls?: true | TlsFiles;
}

/** Paths of PEM files. */
export interface TlsFiles {
  readonly certificate?: string;
  readonly key?: string;
  readonly authority?: string;
  /** The name to expect in the server's certificate, where it is not the address. */
  readonly serverName?: string;
}

export interface ChosenServer extends ServerPlace {
  /** The Web UI; undefined for a server of somebody else, who alone knows it (or says so in `TEMPORAL_UI_URL`). */
  readonly uiUrl?: string;
  /** True where the server is the embedded one. */
  readonly embedded: boolean;
  /** Gives the embedded server back; for others it does nothing. */
  release(): Promise<void>;
}

export interface ChooseOptions {
  /** Folder of the embedded server's database and logs. */
  readonly stateFolder: string;
  /** Port that the embedded server's Web UI shall have if it is free. */
  readonly uiPort?: number;
  /** Use the embedded server whatever the environment says: tests and the demo must never reach anybody's production. */
  readonly ignoreEnvironment?: boolean;
  readonly report: Report;
}

const connectSeconds = 5;

/** The server that `TEMPORAL_ADDRESS` names, else the embedded one with its namespace made ready. Fails with `server/unavailable`. */
export async function chooseServer({ stateFolder, uiPort, ignoreEnvironment, report }: ChooseOptions): Promise<ChosenServer> {
  const given = ignoreEnvironment ? undefined : serverFromEnvironment();
  if (given) {
    const uiUrl = process.env['TEMPORAL_UI_URL'];
    return { ...given, ...(uiUrl && { uiUrl }), embedded: false, release: async () => {} };
  }
  const server = await attachServer({ stateFolder, uiPort, report });
  const place = { address: server.address, namespace: 'default' };
  try {
    const client = await connectClient(place);
    await registerNamespace(client.connection as Connection, place.namespace);
    await client.connection.close();
  } catch (error) {
    await server.release();
    throw error;
  }
  return { ...place, uiUrl: server.uiUrl, embedded: true, release: server.release };
}

/** What the `TEMPORAL_*` variables say, under the names that Temporal's own tools use; undefined without `TEMPORAL_ADDRESS`. */
export function serverFromEnvironment(environment: NodeJS.ProcessEnv = process.env): ServerPlace | undefined {
  const value = (name: string): string | undefined => environment[`TEMPORAL_${name}`] || undefined;
  const address = value('ADDRESS');
  if (!address) return undefined;
  const [certificate, key, authority, serverName] = ['TLS_CLIENT_CERT_PATH', 'TLS_CLIENT_KEY_PATH', 'TLS_SERVER_CA_CERT_PATH', 'TLS_SERVER_NAME'].map(value);
  if (Boolean(certificate) !== Boolean(key)) {
    throw new PenstockError('config/invalid', 'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH belong together; only one is set');
  }
  const files: TlsFiles = { ...(certificate && { certificate }), ...(key && { key }), ...(authority && { authority }), ...(serverName && { serverName }) };
  const asked = value('TLS')?.toLowerCase();
  const apiKey = value('API_KEY');
  const encrypted = asked === undefined ? Boolean(apiKey) || Object.keys(files).length > 0 : asked !== 'false' && asked !== '0';
  return {
    address: address.includes(':') ? address : `${address}:7233`,
    namespace: value('NAMESPACE') ?? 'default',
    ...(apiKey && { apiKey }),
    ...(encrypted && { tls: Object.keys(files).length > 0 ? files : true as const }),
  };
}

/** A client for starting, asking and listing workflows. Close it by `client.connection.close()`. Fails with `server/unavailable`. */
export async function connectClient(place: ServerPlace): Promise<Client> {
  const options = { ...connectionOptions(place), connectTimeout: connectSeconds * 1000 };
  const connection = await Connection.connect(options).catch((cause: Error) => { throw unavailable(place, cause); });
  return new Client({ connection, namespace: place.namespace });
}

/** The connection that workers need. Fails with `server/unavailable`. */
export async function connectWorker(place: ServerPlace): Promise<NativeConnection> {
  const connecting = NativeConnection.connect(connectionOptions(place));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${connectSeconds} s`)), connectSeconds * 1000);
  });
  try {
    return await Promise.race([connecting, late]);
  } catch (cause) {
    void connecting.then((connection) => connection.close(), () => {});
    throw unavailable(place, cause as Error);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(place: ServerPlace, cause: Error): PenstockError {
  return new PenstockError('server/unavailable', `no Temporal server answers at ${place.address} (${cause.message})`, {}, { cause });
}

function connectionOptions({ address, apiKey, tls }: ServerPlace) {
  return { address, ...(apiKey && { apiKey }), ...(tls && { tls: tls === true || tlsConfig(tls) }) };
}

function tlsConfig({ certificate, key, authority, serverName }: TlsFiles) {
  return {
    ...(certificate && key && { clientCertPair: { crt: readPem(certificate), key: readPem(key) } }),
    ...(authority && { serverRootCACertificate: readPem(authority) }),
    ...(serverName && { serverNameOverride: serverName }),
  };
}

function readPem(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new PenstockError('config/invalid', `the certificate file cannot be read (${(cause as Error).message})`, { file: path }, { cause });
  }
}
