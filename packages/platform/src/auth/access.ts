import { type PrivilegeLevel, type Role } from '@aumos/agf-domain';
import { applyDecorators, type CustomDecorator, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const PUBLIC = 'agf:public';
export const ROLES_NEEDED = 'agf:roles';
export const LEVEL_NEEDED = 'agf:level';

/** Marks a public route in the raw OpenAPI document; it is turned into `security: []`. */
export const PUBLIC_EXTENSION = 'x-public';

/** No token is asked for. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC, true), ApiExtension(PUBLIC_EXTENSION, true));
/** The actor must have one of these roles; else 403 FORBIDDEN. */
export const RequireRoles = (...roles: [Role, ...Role[]]): CustomDecorator => SetMetadata(ROLES_NEEDED, roles);
/** The token's level must be at least this; else 403 PRIVILEGE_DENIED. */
export const RequireLevel = (level: PrivilegeLevel): CustomDecorator => SetMetadata(LEVEL_NEEDED, level);
