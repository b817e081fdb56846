/** Phones' clocks are wrong, some by hours. The server's time is believed; the difference is measured at each contact. */

/** Seconds this phone is ahead. The answer was written somewhere between asking and hearing it. */
export function secondsAhead(asked: number, heard: number, serverTime: string): number {
  const there = Date.parse(serverTime);
  if (Number.isNaN(there)) return 0;
  return Math.round((asked + (heard - asked) / 2 - there) / 1000);
}

export const WORTH_TELLING = 120; // seconds
