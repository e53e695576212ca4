import { type Rng, seededRng } from "@deepwright/core";
import type { Sale } from "./sale.js";

export interface GenerateOptions {
  readonly seed: number;
  /** 100 or more. */
  readonly count: number;
  /** Zip codes over which the sales are spread, 1 or more. */
  readonly zipCodes: number;
}

const firstDay = Date.UTC(2014, 4, 2);
const dayCount = 390;
const dayMs = 86_400_000;

/**
 * House sales with the columns of the King County file. Prices come from a level per square foot that each zip code
 * has of its own and that moves from week to week, from the attributes of the house, and from 17 % of noise: what the
 * rolling index of a zip code says can be had from no other column.
 */
export function generateSales({ seed, count, zipCodes }: GenerateOptions): Sale[] {
  const rng = seededRng(seed);
  const areas = Array.from({ length: zipCodes }, (_, number) => makeArea(rng.fork(`area ${number}`), number));
  const sales = Array.from({ length: count }, (_, number) => {
    const area = areas[rng.integer(areas.length)] as Area;
    return makeSale(rng, area, 1_000_000_000 + number * 37 + rng.integer(37));
  });
  return sales.sort((a, b) => (a.sold_on < b.sold_on ? -1 : a.sold_on > b.sold_on ? 1 : a.id - b.id));
}

interface Area {
  readonly zipcode: number;
  readonly lat: number;
  readonly long: number;
  /** Log of dollars per square foot of a typical house, by week. */
  readonly levels: readonly number[];
}

function makeArea(rng: Rng, number: number): Area {
  let level = Math.log(240) + 0.38 * rng.normal();
  const drift = (0.05 + 0.06 * rng.normal()) / 52;
  const levels = Array.from({ length: Math.ceil(dayCount / 7) }, () => {
    level += drift + 0.018 * rng.normal();
    return level;
  });
  return { zipcode: 98001 + number, lat: 47.5 + 0.15 * rng.normal(), long: -122.2 + 0.14 * rng.normal(), levels };
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
const roundTo = (value: number, step: number): number => Math.round(value / step) * step;

function makeSale(rng: Rng, area: Area, id: number): Sale {
  const day = rng.integer(dayCount);
  const grade = clamp(Math.round(7.6 + 1.15 * rng.normal()), 4, 13);
  const squareFeet = roundTo(clamp(Math.exp(7.54 + 0.13 * (grade - 7.6) + 0.34 * rng.normal()), 420, 9000), 10);
  const basement = rng.uniform() < 0.39 ? roundTo(squareFeet * (0.15 + 0.3 * rng.uniform()), 10) : 0;
  const lot = Math.round(Math.exp(8.98 + 0.75 * rng.normal()));
  const built = clamp(Math.round(2015 - Math.abs(38 * rng.normal())), 1900, 2015);
  const renovated = rng.uniform() < 0.042 ? clamp(built + 20 + rng.integer(40), 1940, 2015) : 0;
  const waterfront = rng.uniform() < 0.0075 ? 1 : 0;
  const view = waterfront === 1 ? 4 : rng.uniform() < 0.1 ? 1 + rng.integer(4) : 0;
  const condition = clamp(Math.round(3.35 + 0.65 * rng.normal()), 1, 5);
  const logPrice =
    (area.levels[Math.floor(day / 7)] as number) +
    Math.log(2000) +
    0.8 * Math.log(squareFeet / 2000) +
    0.11 * (grade - 7.6) +
    0.06 * view +
    0.4 * waterfront +
    0.05 * (condition - 3) +
    (renovated > 0 ? 0.06 : 0) +
    0.03 * Math.log(lot / 8000) +
    0.17 * rng.normal();
  return {
    id,
    sold_on: new Date(firstDay + day * dayMs).toISOString().slice(0, 10),
    price: roundTo(Math.exp(logPrice), 500),
    bedrooms: clamp(Math.round(1.2 + squareFeet / 950 + 0.6 * rng.normal()), 1, 9),
    bathrooms: clamp(roundTo(0.6 + squareFeet / 1350 + 0.35 * rng.normal(), 0.25), 0.75, 7),
    sqft_living: squareFeet,
    sqft_lot: lot,
    floors: [1, 1, 1.5, 2, 2, 3][rng.integer(6)] as number,
    waterfront,
    view,
    condition,
    grade,
    sqft_above: squareFeet - basement,
    sqft_basement: basement,
    yr_built: built,
    yr_renovated: renovated,
    zipcode: area.zipcode,
    lat: Number((area.lat + 0.02 * rng.normal()).toFixed(4)),
    long: Number((area.long + 0.025 * rng.normal()).toFixed(3)),
    sqft_living15: roundTo(squareFeet * Math.exp(0.22 * rng.normal()), 10),
    sqft_lot15: Math.round(lot * Math.exp(0.3 * rng.normal())),
  };
}
