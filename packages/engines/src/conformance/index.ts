export { type ConformanceSuite, conformanceSuite, type OpenEngine } from "./suite.js";
