/** A bucket of S3, or of anything that speaks its protocol. */
export interface S3Options {
  bucket: string;
  region: string;
  /** without it: AWS, in the region */
  endpoint?: string;
  /** the bucket in the path and not in the host's name, as most other servers need it; default false */
  forcePathStyle?: boolean;
  /** without them: the default chain (environment, profile, the pod's role …) */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}
