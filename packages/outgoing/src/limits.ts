/** What one request may take at most; a request may ask for less. */
export interface OutgoingLimits {
  /** for all of it: names, redirects and the body */
  timeoutMs: number;
  connectTimeoutMs: number;
  /** of the body, both as it comes and decompressed */
  maxBytes: number;
  maxHeaderBytes: number;
  maxRedirects: number;
}

export const DEFAULT_LIMITS: OutgoingLimits = {
  timeoutMs: 30_000,
  connectTimeoutMs: 5_000,
  maxBytes: 5 * 1024 * 1024,
  maxHeaderBytes: 16 * 1024,
  maxRedirects: 5,
};
