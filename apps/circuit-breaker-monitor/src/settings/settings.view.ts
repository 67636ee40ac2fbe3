import { BreakerSettingsDto } from '@aumos/agf-platform';
import type { BreakerConfig, BreakerSettings } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

export class BreakerSettingsView {
  @ApiProperty({ type: BreakerSettingsDto, description: "the tenant's own; what is not here is the platform's" })
  settings: BreakerSettings;

  @ApiProperty({ type: BreakerSettingsDto, description: 'of a breaker whose definition or agent says nothing' })
  effective: BreakerConfig;

  @ApiProperty({ type: String, nullable: true, description: 'null: nobody has set any' }) updated_by: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) updated_at: string | null;
}
