import { baseSlice, lineageTypeDefs } from "@deepwright/lineage/graphql";
import { printSchema } from "graphql";
import { gatewayVersion } from "../version.js";
import { composeSchema } from "./compose.js";

const header = `# The GraphQL schema of the gateway. Made from the packages' slices by \`node build/check-schema.mjs --write\`;
# do not edit by hand.

`;

/** The text of `schema.graphql`. Needs no database. */
export function printGatewaySchema(): string {
  const slices = [baseSlice(), { name: "lineage", typeDefs: lineageTypeDefs, resolvers: {} }];
  return `${header}${printSchema(composeSchema(slices, gatewayVersion))}\n`;
}
