import type { MetricScale } from "./metric.js";

interface Scale {
  to(value: number): number;
  from(value: number): number;
}

/** Transformations after which the noise of a metric is about normal, with a deviation that does not hang on its size. */
export const scales: Readonly<Record<MetricScale, Scale>> = {
  plain: { to: (value) => value, from: (value) => value },
  positive: { to: (value) => value, from: (value) => Math.max(0, value) },
  log: { to: (value) => Math.log1p(value), from: (value) => Math.max(0, Math.expm1(value)) },
  angle: {
    to: (value) => Math.asin(Math.sqrt(Math.min(1, Math.max(0, value)))),
    from: (value) => Math.sin(Math.min(Math.PI / 2, Math.max(0, value))) ** 2,
  },
};
