export { type MetricPoint, metricPoints } from "./metric-points.js";
export { renderDiff, type TextOptions } from "./render-diff.js";
export { renderWhy } from "./render-why.js";
export { whyHtml } from "./why-html.js";
