export { columnsQuery, type ColumnRow } from './columns.sql.js';
export { relationsQuery, type RelationRow } from './relations.sql.js';
export { userRightsQuery, type UserRightsRow } from './user-rights.sql.js';
