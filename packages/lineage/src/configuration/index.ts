export type { ConfigurationDebt } from "./debt.js";
export {
  checkDeclaredConfiguration,
  configurationSchemaFile,
  declaredConfiguration,
  findConfigurationSchema,
  readConfigurationSchema,
  violationText,
} from "./declared.js";
export { inferProjectSchema, projectConfigurationDebt } from "./project.js";
export {
  type ConfigurationSchema,
  type ConfigurationViolation,
  checkConfiguration,
  parseConfigurationSchema,
} from "./schema.js";
