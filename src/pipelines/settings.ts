import { z } from 'zod';

/** Top-level keys that are not sections. */
export const settings = z.strictObject({
  storage: z.strictObject({
    type: z.enum(['local', 's3']).default('local').describe('Where relative paths lie'),
    bucket: z.string().min(3).optional().describe('Bucket for relative paths, required for `s3`'),
    prefix: z.string().optional().describe('Prefix inside the bucket'),
    endpoint: z.string().optional().describe('Address of an S3 server other than Amazon\'s'),
    region: z.string().optional().describe('Region of the bucket'),
    force_path_style: z.boolean().optional().describe('Address buckets as path instead of host name; other S3 servers need it'),
  }).refine((s) => s.type === 'local' || s.bucket !== undefined, { message: 'type s3 needs a bucket', path: ['bucket'] })
    .prefault({}).describe('Where relative paths lie: in the project folder, or in a bucket'),
});

export const settingKeys = Object.keys(settings.shape);
