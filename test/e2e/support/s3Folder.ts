import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Server } from '../../s3Server.js';

/** A prefix of a bucket, seen past Penstock's own storage. */
export interface S3Folder {
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Path to SHA-256 of all objects but the raw files and run.json. */
  results(): Promise<Record<string, string>>;
}

export function openS3Folder(server: S3Server, prefix: string): S3Folder {
  const client = new S3Client({
    endpoint: server.endpoint, region: 'us-east-1', forcePathStyle: true,
    credentials: { accessKeyId: server.accessKey, secretAccessKey: server.secretKey },
  });
  return {
    async write(path, bytes) {
      await client.send(new PutObjectCommand({ Bucket: server.bucket, Key: prefix + path, Body: bytes }));
    },
    async results() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: server.bucket, Prefix: prefix }));
      const keys = Contents.map(({ Key }) => Key!.slice(prefix.length)).filter((key) => !key.startsWith('raw/') && !/(^|\/)run\.json$/.test(key));
      const entries = await Promise.all(keys.map(async (key): Promise<[string, string]> => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: server.bucket, Key: prefix + key }));
        return [key, createHash('sha256').update(await Body!.transformToByteArray()).digest('hex')];
      }));
      return Object.fromEntries(entries);
    },
  };
}
