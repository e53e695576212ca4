/** Reads images in a thread of its own: gets paths, posts what was found. */

import { parentPort, workerData } from "node:worker_threads";
import { type ImageLimits, readImage } from "../read-image.js";

parentPort?.on("message", (path: string) => {
  void readImage(path, workerData as ImageLimits).then((facts) => parentPort?.postMessage(facts));
});
