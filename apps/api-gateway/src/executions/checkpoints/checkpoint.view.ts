import type { Json, JsonObject } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

class BeginningNodeView {
  @ApiProperty() node: string;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'the first of its visits in the step', nullable: true })
  first_visit: number | null;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'more than one in a for-each; 0: over an empty list' })
  visits: number;
}

export class CheckpointView {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'the step that begins with it' }) step: number;
  @ApiProperty({ type: [BeginningNodeView], description: 'what begins, by name; nothing: it is the last one' })
  nodes: BeginningNodeView[];
  @ApiProperty({ type: [String], description: 'channels that the step before it wrote, by name' })
  changed: string[];
  @ApiProperty({ description: 'a branch had reached END' }) ended: boolean;
  @ApiProperty({ format: 'date-time', description: 'when it was recorded' }) recorded_at: string;
  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'when the last visit of the step ended; null while one runs, and of the last checkpoint',
  })
  ended_at: string | null;
}

export class CheckpointDetailView extends CheckpointView {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'every channel, as the step begins with it; of the last checkpoint, the final state',
  })
  state: JsonObject;
  @ApiProperty({ type: Boolean, description: 'nothing follows: the state is the final one' }) final: boolean;
}

class ChannelChangeView {
  @ApiProperty() channel: string;
  @ApiProperty({ nullable: true, description: 'any JSON value' }) before: Json;
  @ApiProperty({ nullable: true, description: 'any JSON value' }) after: Json;
}

export class CheckpointDiffView {
  @ApiProperty({ type: 'integer' }) step: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'null: there is none before the first one' })
  against: number | null;
  @ApiProperty({ type: [ChannelChangeView], description: 'channels whose values differ, by name, with whole values' })
  changes: ChannelChangeView[];
}
