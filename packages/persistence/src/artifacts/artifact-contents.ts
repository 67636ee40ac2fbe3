import { type ArtifactEntity } from '../entities/index.js';
import { type ArtifactContent } from './artifact-content.js';

/** Every place that this app can reach: new artifacts go to `current`, old ones are read from where they are. */
export class ArtifactContents {
  constructor(
    readonly current: ArtifactContent,
    readonly all: readonly ArtifactContent[],
  ) {}

  /** @throws Error when artifacts are there that this app was not told how to reach */
  of(storage: ArtifactEntity['storage']): ArtifactContent {
    const found = this.all.find((one) => one.storage === storage);
    if (!found) throw new Error(`an artifact is kept in ${storage}, and this app has no settings for it`);
    return found;
  }

  close(): void {
    for (const one of this.all) one.close();
  }
}
