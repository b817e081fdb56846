/** Chance with a seed: what happened can be made to happen again, as far as a network lets it. */

export class Chance {
  constructor(private state: number) {}

  /** mulberry32 */
  next = (): number => {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  of<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.next() * list.length)];
  }

  /** One of the named things, each as likely as its number says among all. */
  pick<K extends string>(likely: Record<K, number>): K {
    const all = Object.entries(likely) as [K, number][];
    let left = this.next() * all.reduce((sum, [, n]) => sum + n, 0);
    return (all.find(([, n]) => (left -= n) < 0) ?? all[0]!)[0];
  }
}
