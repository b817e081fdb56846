/** The phone as a page has it. */

import type { App } from "../app";
import { Phone } from "../core/phone";
import { browser } from "./browser";
import { watchForUpdates } from "./updates";

export function createFirstline(): App {
  const platform = browser();
  const phone = new Phone(platform);
  platform.update = watchForUpdates(() => phone.updateReady());
  return phone;
}
