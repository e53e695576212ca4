/** Share of `rounds` in which `happens`, with three standard errors of a share that is truly `nominal`. */
export function simulatedRate(rounds: number, nominal: number, happens: (round: number) => boolean) {
  let count = 0;
  for (let round = 0; round < rounds; round++) if (happens(round)) count += 1;
  return { rate: count / rounds, slack: 3 * Math.sqrt((nominal * (1 - nominal)) / rounds) };
}
