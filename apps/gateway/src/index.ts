export {
  configSchema,
  type GatewayConfig,
  type GatewayConfigInput,
  type GatewayLimits,
  parseConfig,
  printConfig,
} from "./config/config.js";
export { composeSchema } from "./schema/compose.js";
export { gatewaySchema } from "./schema/gateway-schema.js";
export { printGatewaySchema } from "./schema/print.js";
export { type Gateway, type GatewayOptions, startGateway } from "./start-gateway.js";
