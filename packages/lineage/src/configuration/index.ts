export { type ConfigurationDebt, configurationDebt, type DebtInput, type SourceLine, type SourceText } from "./debt.js";
export { inferProjectSchema, projectConfigurationDebt } from "./project.js";
export {
  type ConfigurationSchema,
  type ConfigurationViolation,
  checkConfiguration,
  inferConfigurationSchema,
  parseConfigurationSchema,
} from "./schema.js";
