export { type ConformanceDialect, type DialectFeature, sparkDialect, standardDialect } from "./dialect.js";
export { type ConformanceSuite, conformanceSuite, type OpenEngine } from "./suite.js";
