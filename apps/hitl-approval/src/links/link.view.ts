import { ApiProperty } from '@nestjs/swagger';

export class LinkView {
  @ApiProperty({ description: 'An approval waits for a person.' }) waiting: boolean;
  @ApiProperty({ description: 'A decision came by this link already.' }) used: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'Where to decide, signed in; null: nothing waits.' })
  decide_at: string | null;
  @ApiProperty({ format: 'date-time' }) expires_at: string;
}
