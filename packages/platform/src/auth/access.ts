import { type PrivilegeLevel, type Role } from '@aumos/agf-domain';
import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const PUBLIC = 'agf:public';
export const ROLES_NEEDED = 'agf:roles';
export const LEVEL_NEEDED = 'agf:level';

/** No token is asked for. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC, true);
/** The actor must have one of these roles; else 403 FORBIDDEN. */
export const RequireRoles = (...roles: [Role, ...Role[]]): CustomDecorator => SetMetadata(ROLES_NEEDED, roles);
/** The token's level must be at least this; else 403 PRIVILEGE_DENIED. */
export const RequireLevel = (level: PrivilegeLevel): CustomDecorator => SetMetadata(LEVEL_NEEDED, level);
