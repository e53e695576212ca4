import { splitPath } from "@deepwright/core";
import type { Difference, LeafDifference } from "../contract/index.js";
import { groupBySubject, makeDifference } from "./difference.js";

/** The layer that a tensor belongs to: its name without the last part (`dense_1/kernel`, `encoder.0.weight`). */
function layerOf(tensor: string): string {
  const cut = Math.max(tensor.lastIndexOf("/"), tensor.lastIndexOf("."));
  return cut > 0 ? tensor.slice(0, cut) : tensor;
}

/** All that differs in the models that were written: one difference, a consequence, with the layers that differ. */
export function modelDifferences(leaves: readonly LeafDifference[]): Difference[] {
  if (leaves.length === 0) return [];
  const files = [...groupBySubject(leaves).keys()].map((subject) => splitPath(subject).at(-1) ?? subject);
  const tensors = leaves.filter(({ path }) => splitPath(path)[2] === "tensors");
  const layers = [...new Set(tensors.map(({ path }) => layerOf(splitPath(path).slice(3).join("/"))))];
  const reshaped = tensors.filter(
    ({ before, after }) => String(before ?? "").split(" ")[0] !== String(after ?? "").split(" ")[0],
  );
  const where = files.length === 1 ? files[0] : `${files.length} files`;
  const what =
    tensors.length === 0
      ? "other content"
      : `${tensors.length} other ${tensors.length === 1 ? "tensor" : "tensors"} in ${layers.length} ${layers.length === 1 ? "layer" : "layers"}${reshaped.length > 0 ? `, ${reshaped.length} of another shape` : ""}`;
  return [
    makeDifference({
      id: "model:files",
      kind: "model",
      component: "model",
      path: "files",
      title: `model ${where}: ${what}`,
      before: undefined,
      after: undefined,
      consequence: true,
      ...(layers.length > 0 ? { parts: layers } : {}),
    }),
  ];
}
