// Histogram gradient boosting for squared loss (Friedman 2001; histograms as in LightGBM, Ke et al. 2017).
import { makeRandom } from "../lib/random.mjs";

const BINS = 64;

// Cuts at quantiles; a value falls into the bin of the number of cuts below it.
function makeCuts(column) {
  const sorted = Float64Array.from(column).sort();
  const cuts = [];
  for (let i = 1; i < BINS; i++) {
    const cut = sorted[Math.floor((i * sorted.length) / BINS)];
    if (cuts.length === 0 || cut > cuts[cuts.length - 1]) cuts.push(cut);
  }
  return Float64Array.from(cuts);
}

function binOf(cuts, value) {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function fitBoosting(columns, target, options) {
  const random = makeRandom(options.seed);
  const count = target.length;
  const cuts = columns.map(makeCuts);
  const bins = columns.map((column, f) => Uint8Array.from(column, (value) => binOf(cuts[f], value)));
  let base = 0;
  for (let i = 0; i < count; i++) base += target[i] / count;
  const prediction = new Float64Array(count).fill(base);
  const gradient = new Float64Array(count);
  const trees = [];
  for (let t = 0; t < options.trees; t++) {
    for (let i = 0; i < count; i++) gradient[i] = target[i] - prediction[i];
    const rows = sampleRows(count, options.row_share, random);
    const features = sampleFeatures(columns.length, options.column_share, random);
    const tree = growTree(bins, gradient, rows, features, options);
    trees.push(tree);
    for (let i = 0; i < count; i++) {
      let node = 0;
      while (tree.feature[node] >= 0)
        node = bins[tree.feature[node]][i] <= tree.bin[node] ? tree.left[node] : tree.right[node];
      prediction[i] += tree.value[node];
    }
  }
  return { base, cuts: cuts.map((c) => Array.from(c)), trees };
}

function sampleRows(count, share, random) {
  const rows = new Int32Array(count);
  let size = 0;
  for (let i = 0; i < count; i++) if (random() < share) rows[size++] = i;
  return rows.slice(0, size);
}

function sampleFeatures(count, share, random) {
  const chosen = [];
  for (let f = 0; f < count; f++) if (random() < share) chosen.push(f);
  return chosen.length > 0 ? chosen : [Math.floor(random() * count)];
}

function growTree(bins, gradient, rows, features, options) {
  const tree = { feature: [], bin: [], left: [], right: [], value: [] };
  const sums = new Float64Array(BINS);
  const counts = new Int32Array(BINS);
  const addNode = (from, to, depth) => {
    const node = tree.feature.push(-1) - 1;
    tree.bin.push(0);
    tree.left.push(0);
    tree.right.push(0);
    let total = 0;
    for (let k = from; k < to; k++) total += gradient[rows[k]];
    const size = to - from;
    tree.value.push((options.learning_rate * total) / (size + 1));
    if (depth >= options.depth || size < 2 * options.minimum_leaf) return node;
    let best = 1e-9;
    let bestFeature = -1;
    let bestBin = 0;
    for (const f of features) {
      sums.fill(0);
      counts.fill(0);
      const column = bins[f];
      for (let k = from; k < to; k++) {
        const row = rows[k];
        const bin = column[row];
        sums[bin] += gradient[row];
        counts[bin]++;
      }
      let leftSum = 0;
      let leftCount = 0;
      for (let b = 0; b < BINS - 1; b++) {
        leftSum += sums[b];
        leftCount += counts[b];
        const rightCount = size - leftCount;
        if (leftCount < options.minimum_leaf || rightCount < options.minimum_leaf) continue;
        const rightSum = total - leftSum;
        const gain =
          (leftSum * leftSum) / (leftCount + 1) +
          (rightSum * rightSum) / (rightCount + 1) -
          (total * total) / (size + 1);
        if (gain > best) {
          best = gain;
          bestFeature = f;
          bestBin = b;
        }
      }
    }
    if (bestFeature < 0) return node;
    const column = bins[bestFeature];
    let middle = from;
    for (let k = from; k < to; k++) {
      if (column[rows[k]] <= bestBin) {
        const kept = rows[k];
        rows[k] = rows[middle];
        rows[middle++] = kept;
      }
    }
    tree.feature[node] = bestFeature;
    tree.bin[node] = bestBin;
    tree.left[node] = addNode(from, middle, depth + 1);
    tree.right[node] = addNode(middle, to, depth + 1);
    return node;
  };
  addNode(0, rows.length, 0);
  return tree;
}

export function predict(model, columns) {
  const count = columns[0].length;
  const bins = columns.map((column, f) => Uint8Array.from(column, (value) => binOf(model.cuts[f], value)));
  const result = new Float64Array(count).fill(model.base);
  for (const tree of model.trees) {
    for (let i = 0; i < count; i++) {
      let node = 0;
      while (tree.feature[node] >= 0)
        node = bins[tree.feature[node]][i] <= tree.bin[node] ? tree.left[node] : tree.right[node];
      result[i] += tree.value[node];
    }
  }
  return result;
}
