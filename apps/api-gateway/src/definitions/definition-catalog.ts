import { type DefinitionCatalog, RUNNABLE } from '@aumos/agf-domain';
import { SETTINGS } from '@aumos/agf-platform';
import { BuiltinTools } from '@aumos/agf-tools';
import { Inject, Injectable } from '@nestjs/common';
import type { PrivilegeLevel } from '@aumos/agf-domain';
import type { GatewaySettings } from '../config.js';

/** What a definition's names stand for when it is published. */
@Injectable()
export class PublishCatalog {
  constructor(
    private readonly tools: BuiltinTools,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  current(): DefinitionCatalog {
    return {
      tools: this.tools.specs,
      max_privilege_level: this.settings.agentMaxPrivilegeLevel as PrivilegeLevel,
      availableNodeTypes: RUNNABLE.nodeTypes,
      availableMembers: RUNNABLE.members,
    };
  }
}
