export {
  personColumns,
  personTables,
  type PersonAction,
  type PersonColumn,
  personalColumns,
  saysNobody,
} from './person-columns.js';
export { forgottenRows, forgottenValue } from './forgotten-rows.js';
