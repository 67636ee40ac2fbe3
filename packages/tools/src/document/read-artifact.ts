import { type ArtifactInfo, CallerError, type ToolContext } from '@aumos/agf-domain';
import { artifactId } from '../csv/csv-arguments.js';

/** All of it, in memory. @param code of the error when it has more than `most` bytes @throws CallerError, `ARTIFACT_NOT_FOUND` */
export async function readArtifact(
  source: string,
  most: number,
  { artifacts, signal }: Pick<ToolContext, 'artifacts' | 'signal'>,
  code: string,
): Promise<{ info: ArtifactInfo; bytes: Buffer }> {
  const { info, content } = await artifacts.open(artifactId(source));
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    signal.throwIfAborted();
    size += chunk.length;
    if (size > most) throw new CallerError(code, `the artifact ${info.id} is too large`, { limit: most });
    chunks.push(chunk);
  }
  return { info, bytes: Buffer.concat(chunks) };
}
