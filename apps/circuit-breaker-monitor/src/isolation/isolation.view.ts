import { ApiProperty } from '@nestjs/swagger';

/** Who took a breaker out of use, and until when. */
export class IsolationView {
  @ApiProperty() reason: string;
  @ApiProperty({ description: 'sub of who isolated it' }) isolated_by: string;
  @ApiProperty({ format: 'date-time' }) since: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true, description: 'null: until it is released' })
  expires_at: string | null;
}

export class IsolationChangeView {
  @ApiProperty({ example: 'tool:table_load' }) circuit_key: string;
  @ApiProperty({ type: IsolationView, nullable: true, description: 'null: it is released' })
  isolation: IsolationView | null;
  @ApiProperty({ description: 'false: Redis is away; processes follow within seconds, Redis once it is back' })
  in_force: boolean;
}
