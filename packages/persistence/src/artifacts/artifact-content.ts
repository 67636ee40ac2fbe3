import { type ArtifactEntity } from '../entities/index.js';

/** What an artifact's content is found by. */
export interface ArtifactKey {
  tenant_id: string;
  artifact_id: string;
}

/**
 * Where the bytes of artifacts are; what is known of them is in PostgreSQL. One suite holds every adapter to the same
 * behaviour: test/support/artifact-storage.contract.ts.
 */
export abstract class ArtifactContent {
  /** what the artifact's row says */
  abstract readonly storage: ArtifactEntity['storage'];

  /**
   * Takes the stream to its end, with at most a few MiB of it in memory. Throws what the stream throws; what is there
   * of it by then goes by {@link remove}.
   * @param maxBytes the stream breaks off with an error before it is longer
   */
  abstract write(key: ArtifactKey, content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void>;

  /** The bytes as they came, in pieces of any length; a reader who leaves early leaves nothing open. */
  abstract read(key: ArtifactKey): AsyncIterable<Uint8Array>;

  /** Complete content, and whatever an interrupted write left. Again: nothing more happens. */
  abstract remove(key: ArtifactKey): Promise<void>;

  /** For readiness. @throws when it does not answer */
  abstract check(): Promise<void>;

  /** Lets go of connections of its own. */
  abstract close(): void;
}
