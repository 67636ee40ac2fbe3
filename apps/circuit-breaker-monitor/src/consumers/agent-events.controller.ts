import { type DeliveredEvent, HandleEvent } from '@aumos/agf-events';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { CountCall } from '../statistics/count-call.js';

/** How often agents are invoked. Runs in the inbox's transaction: each counts once. */
@Controller()
export class AgentEventsController {
  constructor(private readonly calls: CountCall) {}

  @HandleEvent('agf.agent.invoked')
  invoked(@Payload() event: DeliveredEvent<'agf.agent.invoked'>): Promise<void> {
    return this.calls.ofAgent(event, event.message.agentId, { invoked: 1 });
  }
}
