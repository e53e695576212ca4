import { formatMetric } from "../why/format-metric.js";
import { safeText } from "./html.js";
import type { MetricPoint } from "./metric-points.js";

const width = 840;
const height = 260;
const margin = { left: 64, right: 16, top: 16, bottom: 28 };

/**
 * The metric over runs as inline SVG: one dot a run in the order of their start, the baseline and the run in question
 * marked, runs whose metric is no number as crosses at the top.
 */
export function metricChart(
  points: readonly MetricPoint[],
  marks: { readonly runId: string; readonly baselineId: string; readonly metric: string },
): string {
  const finite = points.map((point) => point.value).filter(Number.isFinite);
  if (finite.length === 0) return "";
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const span = high - low || Math.abs(high) || 1;
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const x = (index: number): string =>
    (margin.left + (points.length === 1 ? inner.width / 2 : (index / (points.length - 1)) * inner.width)).toFixed(1);
  const y = (value: number): string =>
    (margin.top + inner.height * (1 - (value - low + 0.08 * span) / (1.16 * span))).toFixed(1);
  const grid = [low, low + span / 2, high].map(
    (value) =>
      `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y(value)}" y2="${y(value)}" stroke="var(--line)"/>` +
      `<text x="${margin.left - 8}" y="${y(value)}" dy="4" text-anchor="end">${formatMetric(value)}</text>`,
  );
  const dots = points.map((point, index) =>
    dot(point, marks, x(index), Number.isFinite(point.value) ? y(point.value) : null),
  );
  const label = `${safeText(marks.metric, 80)} over ${points.length} runs, oldest first`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${grid.join("")}${dots.join("")}<text x="${margin.left}" y="${height - 6}">${label}; filled: this run (red) and its baseline (green)</text></svg>`;
}

function dot(
  point: MetricPoint,
  marks: { readonly runId: string; readonly baselineId: string },
  x: string,
  y: string | null,
): string {
  const color = point.runId === marks.runId ? "--bad" : point.runId === marks.baselineId ? "--good" : null;
  const title = `<title>${safeText(`${point.runId} ${point.name}`, 60)}: ${formatMetric(point.value)}</title>`;
  if (y === null) {
    return `<text x="${x}" y="${margin.top}" text-anchor="middle" style="fill:var(${color ?? "--soft"})">×${title}</text>`;
  }
  return color === null
    ? `<circle cx="${x}" cy="${y}" r="3.5" fill="none" stroke="var(--soft)">${title}</circle>`
    : `<circle cx="${x}" cy="${y}" r="6" fill="var(${color})">${title}</circle>`;
}
