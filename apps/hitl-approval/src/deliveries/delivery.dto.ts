import { DELIVERY_STATUSES, type DeliveryStatus } from '@aumos/agf-domain';
import { IfPresent, PageQuery } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';

export class DeliveriesQueryDto extends PageQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATUSES })
  @IfPresent()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;

  @ApiPropertyOptional({ format: 'uuid' })
  @IfPresent()
  @IsUUID()
  channel_id?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IfPresent()
  @IsUUID()
  approval_id?: string;
}
