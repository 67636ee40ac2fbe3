import type { CalledVersion, ChildCall } from '@aumos/agf-engine/common';
import { DefinitionsRepository, type WorkflowVersionEntity } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** With what its tools needed when it was published. */
type PublishedVersion = CalledVersion & Pick<WorkflowVersionEntity, 'tool_levels'>;

/** Which version a visit calls. Needs an open tenant scope. */
@Injectable()
export class CalledVersions {
  constructor(private readonly definitions: DefinitionsRepository) {}

  /** The one that the node names, else the one recorded with the parent's; the parent's own name is its very version. */
  async of(call: ChildCall): Promise<PublishedVersion | null> {
    const { ref, workflow: name } = call;
    const isOwn = name === ref.workflow_name;
    const version = call.version ?? (isOwn ? ref.version : await this.recorded(call));
    const id = isOwn ? ref.workflow_id : (await this.definitions.findByName(name))?.id;
    return id === undefined || version === undefined ? null : this.at(id, version);
  }

  async at(workflow_id: string, version: number): Promise<PublishedVersion | null> {
    const found = await this.definitions.getVersion(workflow_id, version);
    if (!found) return null;
    const { definition, tool_levels } = found;
    return { workflow_id, version, definition, tool_levels };
  }

  private async recorded({ ref, workflow }: ChildCall): Promise<number | undefined> {
    const parent = await this.definitions.getVersion(ref.workflow_id, ref.version);
    return parent?.called_versions[workflow];
  }
}
