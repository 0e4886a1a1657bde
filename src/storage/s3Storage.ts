import type { CompletedPart, GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { PenstockError } from '../errors/index.js';
import { s3Error, statusOf } from './s3Error.js';
import type { Content, Storage, StoredFile } from './storage.js';
import { isNormal, s3Place } from './uri.js';

export interface StorageSettings {
  /** Address of an S3 server. Default: PENSTOCK_S3_ENDPOINT, else what the AWS variables and files say, else AWS. */
  readonly endpoint?: string | undefined;
  /** Default: what the AWS variables and files say; `us-east-1` where an endpoint is named. */
  readonly region?: string | undefined;
  /** `endpoint/bucket` instead of `bucket.endpoint`. Default: true where an endpoint is named. */
  readonly forcePathStyle?: boolean | undefined;
}

type Sdk = typeof import('@aws-sdk/client-s3');

/** As the SDK names bucket and key. */
type Place = { Bucket: string; Key: string };

/** Files up to this size are sent in one request, larger ones in parts of it (10,000 at most, 640 GB). */
const defaultPartBytes = 64 << 20;

/**
 * Objects of an S3 server. Credentials come from the ordinary AWS variables, files and roles of the host. The client is
 * loaded and made at the first call. Keys that no URI names (with empty, `.` or `..` parts) are not listed.
 */
export function s3Storage(settings: StorageSettings = {}, partBytes: number = defaultPartBytes): Storage {
  const endpoint = settings.endpoint ?? process.env['PENSTOCK_S3_ENDPOINT'];
  let connected: Promise<{ sdk: Sdk; client: S3Client }> | undefined;

  /** Runs one call and gives its failure a code of the error table. */
  async function call<T>(uri: string, run: (sdk: Sdk, client: S3Client, place: Place) => Promise<T>): Promise<T> {
    const { bucket, key } = s3Place(uri);
    try {
      connected ??= connect(settings, endpoint);
      const { sdk, client } = await connected;
      return await run(sdk, client, { Bucket: bucket, Key: key });
    } catch (error) {
      throw s3Error(error, uri, bucket, endpoint);
    }
  }

  return {
    stat: (uri) =>
      call(uri, async (sdk, client, place) => {
        if (place.Key === '') return undefined;
        try {
          const facts = await client.send(new sdk.HeadObjectCommand(place));
          return storedFile(place.Bucket, place.Key, facts.ContentLength, facts.ETag);
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
          throw error;
        }
      }),

    sweep: (folder) =>
      call(folder, async (sdk, client, { Bucket, Key }) => {
        const { Uploads = [] } = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key === '' ? '' : `${Key}/` }));
        for (const upload of Uploads) await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key: upload.Key, UploadId: upload.UploadId }));
      }),

    list: (folder) =>
      call(folder, async (sdk, client, { Bucket, Key }) => {
        const files: StoredFile[] = [];
        const pages = sdk.paginateListObjectsV2({ client }, { Bucket, Prefix: Key === '' ? '' : `${Key}/` });
        for await (const page of pages) {
          for (const { Key: key = '', Size, ETag } of page.Contents ?? []) {
            if (isNormal(key)) files.push(storedFile(Bucket, key, Size, ETag));
          }
        }
        return files.sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
      }),

    read: (uri, { start = 0, end, etag } = {}) =>
      call(uri, async (sdk, client, place) => {
        // HTTP has no empty range; the answer must still tell whether the file is there.
        const empty = end !== undefined && end <= start;
        const part = start > 0 || end !== undefined ? `bytes=${start}-${end === undefined ? '' : end - 1}` : undefined;
        const range = empty ? 'bytes=0-0' : part;
        try {
          const request = { ...place, ...(range && { Range: range }), ...(etag && { IfMatch: etag }) };
          const bytes = await bodyOf(uri, () => client.send(new sdk.GetObjectCommand(request)));
          return empty ? new Uint8Array() : bytes;
        } catch (error) {
          if (statusOf(error) === 416) return new Uint8Array();
          throw error;
        }
      }),

    write: (uri, content) =>
      call(uri, async (sdk, client, place) => {
        if (place.Key === '') throw new PenstockError('storage/invalid-uri', `${uri} names a bucket, not a file in it`, { file: uri });
        const parts = partsOf(content, partBytes);
        const first = (await parts.next()).value ?? new Uint8Array();
        const second = first.length < partBytes ? undefined : (await parts.next()).value;
        if (second === undefined) await client.send(new sdk.PutObjectCommand({ ...place, Body: first }));
        else await writeParts(sdk, client, place, [first, second], parts);
      }),

    remove: (uri) =>
      call(uri, async (sdk, client, place) => {
        try {
          await client.send(new sdk.DeleteObjectCommand(place));
        } catch (error) {
          if ((error as Error).name !== 'NoSuchKey') throw error;
        }
      }),
  };
}

async function connect({ region, forcePathStyle }: StorageSettings, endpoint: string | undefined): Promise<{ sdk: Sdk; client: S3Client }> {
  // The SDK's notice about future Node.js versions is for developers, not for those who run a pipeline.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const environment = process.env;
  const named = endpoint ?? environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'];
  const knownRegion = region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? (named ? 'us-east-1' : undefined);
  const client = new sdk.S3Client({
    ...(endpoint && { endpoint }),
    ...(knownRegion && { region: knownRegion }),
    forcePathStyle: forcePathStyle ?? named !== undefined,
    // A server that goes silent must become an error, which is tried again, and not a wait without end.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 120_000 },
  });
  return { sdk, client };
}

/**
 * The whole body of an answer. The SDK asks again where a server does not answer, but not where an answer breaks off or
 * does not have its checksum, as happens on servers whose files are replaced while they are read.
 */
async function bodyOf(uri: string, ask: () => Promise<GetObjectCommandOutput>): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const { Body } = await ask();
    try {
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      // Small answers come as views on memory that is shared with others and cannot be transferred.
      return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
    } catch (error) {
      if (attempt < 5) continue;
      const message = `the answer for ${uri} broke off ${attempt} times (${(error as Error).message})`;
      throw new PenstockError('storage/unavailable', message, { file: uri }, { cause: error });
    }
  }
}

function storedFile(bucket: string, key: string, size: number | undefined, etag: string | undefined): StoredFile {
  return { uri: `s3://${bucket}/${key}`, size: size ?? 0, ...(etag && { etag }) };
}

/** Sends parts, two at a time, and joins them at the end; what was sent is given up if any fails. */
async function writeParts(sdk: Sdk, client: S3Client, place: Place, first: Uint8Array[], rest: AsyncGenerator<Uint8Array>): Promise<void> {
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm }));
  const upload = { ...place, UploadId };
  const parts: CompletedPart[] = [];
  const send = async (body: Uint8Array, PartNumber: number): Promise<void> => {
    const { ETag, ChecksumCRC32 } = await client.send(new sdk.UploadPartCommand({ ...upload, PartNumber, Body: body, ChecksumAlgorithm }));
    parts[PartNumber - 1] = { PartNumber, ETag, ChecksumCRC32 };
  };
  try {
    await Promise.all(first.map((body, index) => send(body, index + 1)));
    let ahead: Promise<void> = Promise.resolve();
    let count = first.length;
    for await (const body of rest) {
      await ahead;
      ahead = send(body, ++count);
      // Its failure is seen at the next turn; until then it must not count as unhandled.
      ahead.catch(() => undefined);
    }
    await ahead;
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }));
  } catch (error) {
    await rest.return(undefined);
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** The server compares it for each part and for the whole. */
const ChecksumAlgorithm = 'CRC32';

/** The content in parts of `partBytes`, the last one shorter. */
async function* partsOf(content: Content, partBytes: number): AsyncGenerator<Uint8Array, undefined> {
  if (typeof content === 'string' || content instanceof Uint8Array) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    for (let start = 0; start < bytes.length; start += partBytes) yield bytes.subarray(start, start + partBytes);
    return;
  }
  let part: Uint8Array = new Uint8Array();
  let filled = 0;
  for await (const piece of content) {
    for (let from = 0; from < piece.length;) {
      if (filled === part.length) part = larger(part, partBytes);
      const count = Math.min(piece.length - from, part.length - filled);
      part.set(piece.subarray(from, from + count), filled);
      from += count;
      filled += count;
      if (filled < partBytes) continue;
      yield part;
      part = new Uint8Array();
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

const firstRoom = 1 << 20;

/** The same bytes with room for more: most contents are much smaller than a part. */
function larger(part: Uint8Array, most: number): Uint8Array {
  const room = new Uint8Array(Math.min(most, Math.max(firstRoom, 2 * part.length)));
  room.set(part);
  return room;
}
