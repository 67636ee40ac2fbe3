import { PersistenceModule } from '@aumos/agf-persistence';
import { artifactStorageOf } from '@aumos/agf-platform';
import { RedisModule } from '@aumos/agf-resilience';
import { BuiltinTools } from '@aumos/agf-tools';
import { type DynamicModule, Module } from '@nestjs/common';
import { ArtifactsController } from './artifacts/artifacts.controller.js';
import { ManageArtifacts } from './artifacts/manage-artifacts.js';
import type { GatewaySettings } from './config.js';
import { CalledWorkflows } from './definitions/called-workflows.js';
import { CheckDefinition } from './definitions/check-definition.js';
import { PublishCatalog } from './definitions/definition-catalog.js';
import { PublishVersion } from './definitions/publish-version.js';
import { PublishWorkflow } from './definitions/publish-workflow.js';
import { ReadWorkflows } from './definitions/read-workflows.js';
import { ValidateWorkflow } from './definitions/validate-workflow.js';
import { WorkflowsController } from './definitions/workflows.controller.js';
import { CancelExecution } from './executions/cancel-execution.js';
import { ControlController } from './executions/control/control.controller.js';
import { PauseExecution } from './executions/control/pause-execution.js';
import { SendSignal } from './executions/control/send-signal.js';
import { DispatchHints } from './executions/dispatch-hints.js';
import { ExecutionsController } from './executions/executions.controller.js';
import { ReadExecutions } from './executions/read-executions.js';
import { StartExecution } from './executions/start-execution.js';
import { FollowExecution } from './executions/stream/follow-execution.js';
import { LogNudges } from './executions/stream/log-nudges.js';
import { StreamController } from './executions/stream/stream.controller.js';
import { WorkflowExecutionsController } from './executions/workflow-executions.controller.js';
import { GatewayHealth } from './health.js';
import { ToolsController } from './tools/tools.controller.js';

export const NAME = 'api-gateway';

@Module({})
export class GatewayModule {
  static with(settings: GatewaySettings): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        RedisModule.for({ url: settings.redisUrl, clientName: NAME }),
        PersistenceModule.for({
          databaseUrl: settings.databaseUrl,
          artifacts: artifactStorageOf(settings),
          applicationName: NAME,
          poolSize: 30,
        }),
      ],
      controllers: [
        WorkflowsController,
        WorkflowExecutionsController,
        ExecutionsController,
        ControlController,
        StreamController,
        ArtifactsController,
        ToolsController,
      ],
      providers: [
        { provide: BuiltinTools, useFactory: () => new BuiltinTools() },
        CalledWorkflows,
        PublishCatalog,
        CheckDefinition,
        ValidateWorkflow,
        PublishWorkflow,
        PublishVersion,
        ReadWorkflows,
        DispatchHints,
        StartExecution,
        CancelExecution,
        PauseExecution,
        SendSignal,
        ReadExecutions,
        LogNudges,
        FollowExecution,
        ManageArtifacts,
        GatewayHealth,
      ],
    };
  }
}
