export { type ConfigurationDebt, configurationDebt, type DebtInput, type SourceLine, type SourceText } from "./debt.js";
export {
  checkDeclaredConfiguration,
  configurationSchemaFile,
  configurationViolated,
  type DeclaredInput,
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
