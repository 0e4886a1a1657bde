import { connect } from 'node:http2';

const service = 'temporal.api.workflowservice.v1.WorkflowService';

/**
 * Asks a Temporal server by the gRPC health protocol whether it serves workflows; anything but a clear yes within a second is no.
 * Written on plain HTTP/2 because the guard process lives as long as the server and shall stay small.
 */
export function isServing(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://${address}`);
    const timer = setTimeout(() => finish(false), 1000);
    const finish = (serving: boolean): void => {
      clearTimeout(timer);
      session.destroy();
      resolve(serving);
    };
    session.once('error', () => finish(false));
    const request = session.request({
      ':method': 'POST', ':path': '/grpc.health.v1.Health/Check', 'content-type': 'application/grpc', te: 'trailers',
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('error', () => finish(false));
    // The answer is five bytes of framing, then field 1 (status) = 1 (SERVING).
    request.once('end', () => finish(Buffer.concat(chunks).subarray(5).equals(Buffer.from([0x08, 0x01]))));
    request.end(frame(Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)])));
  });
}

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
