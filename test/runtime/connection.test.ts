import { createServer, type Server } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { connectClient, connectWorker, serverFromEnvironment } from '../../src/runtime/connection.js';
import { freePort } from '../../src/runtime/server/freePort.js';

describe('the server that the environment names', () => {
  it('is none without TEMPORAL_ADDRESS', () => {
    expect(serverFromEnvironment({ TEMPORAL_NAMESPACE: 'plant' })).toBeUndefined();
  });

  it('has the usual port and namespace, and no encryption, unless told', () => {
    expect(serverFromEnvironment({ TEMPORAL_ADDRESS: 'host' })).toEqual({ address: 'host:7233', namespace: 'default' });
  });

  it('is encrypted where there is an API key or a certificate, or where asked', () => {
    const of = (rest: NodeJS.ProcessEnv) => serverFromEnvironment({ TEMPORAL_ADDRESS: 'host:1', ...rest });
    expect(of({ TEMPORAL_API_KEY: 'secret', TEMPORAL_NAMESPACE: 'plant' })).toEqual({ address: 'host:1', namespace: 'plant', apiKey: 'secret', tls: true });
    expect(of({ TEMPORAL_TLS: 'true' })).toMatchObject({ tls: true });
    expect(of({ TEMPORAL_TLS: 'false', TEMPORAL_API_KEY: 'secret' })).not.toHaveProperty('tls');
    expect(of({ TEMPORAL_TLS_CLIENT_CERT_PATH: 'a.pem', TEMPORAL_TLS_CLIENT_KEY_PATH: 'a.key', TEMPORAL_TLS_SERVER_CA_CERT_PATH: 'ca.pem' }))
      .toMatchObject({ tls: { certificate: 'a.pem', key: 'a.key', authority: 'ca.pem' } });
  });

  it('is refused with half a certificate', () => {
    expect(() => serverFromEnvironment({ TEMPORAL_ADDRESS: 'host', TEMPORAL_TLS_CLIENT_CERT_PATH: 'a.pem' })).toThrow(/belong together/);
  });
});

describe.concurrent('connecting', () => {
  let silent: Server | undefined;
  afterAll(() => silent?.close());

  it('names the address where nobody listens', async () => {
    const place = { address: `127.0.0.1:${await freePort()}`, namespace: 'default' };
    const unavailable = { code: 'server/unavailable', message: expect.stringContaining(place.address) as string };
    await Promise.all([expect(connectClient(place)).rejects.toMatchObject(unavailable), expect(connectWorker(place)).rejects.toMatchObject(unavailable)]);
  });

  it('gives up on a port that never answers', async () => {
    const server = createServer();
    silent = server;
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const place = { address: `127.0.0.1:${port}`, namespace: 'default' };
    const started = Date.now();
    await Promise.all([expect(connectClient(place)).rejects.toMatchObject({ code: 'server/unavailable' }), expect(connectWorker(place)).rejects.toMatchObject({ code: 'server/unavailable' })]);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('says which certificate file cannot be read', async () => {
    const place = { address: '127.0.0.1:1', namespace: 'default', tls: { authority: '/not/there.pem' } };
    await expect(connectClient(place)).rejects.toMatchObject({ code: 'config/invalid', place: { file: '/not/there.pem' } });
  });
});
