/** Questionnaires by the hash of their content: nothing about people, so in clear, and never changed. */

import { isFull, type Database } from "./db";
import type { FormRef } from "./types";

export class Forms {
  constructor(private readonly db: Database, private readonly now: () => number) {}

  async get(hash: string): Promise<string | undefined> {
    return (await this.db.forms.get(hash))?.xform;
  }

  /** A full phone can still show the form; it is only not kept. */
  async keep(form: FormRef, xform: string): Promise<void> {
    const row = { hash: form.hash, id: form.id, version: form.version, xform, used: this.now() };
    await this.db.forms.put(row).catch((error: unknown) => {
      if (!isFull(error)) throw error;
    });
  }

  async missing(forms: readonly FormRef[]): Promise<FormRef[]> {
    const there = new Set(await this.db.forms.toCollection().primaryKeys());
    return forms.filter((form) => !there.has(form.hash));
  }
}
