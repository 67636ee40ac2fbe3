import { type ArtifactInfo, ArtifactReader, CallerError } from '@aumos/agf-domain';
import { ArtifactStore } from '@aumos/agf-persistence';

/** The artifacts of one tenant, as a tool sees them. */
export class ExecutionArtifacts extends ArtifactReader {
  constructor(
    private readonly store: ArtifactStore,
    private readonly tenantId: string,
  ) {
    super();
  }

  async open(id: string): Promise<{ info: ArtifactInfo; content: AsyncIterable<Uint8Array> }> {
    const artifact = await this.store.open(this.tenantId, id);
    if (!artifact) throw new CallerError('ARTIFACT_NOT_FOUND', `there is no artifact ${id}`);
    return artifact;
  }
}
