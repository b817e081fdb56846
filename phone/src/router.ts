/** Where one can go. The address is behind `#`, so that the server and the service worker only ever see /phone/. */
import { createRouter, createWebHashHistory, type Router, type RouteRecordRaw } from "vue-router";
import AddDoor from "./screens/AddDoor.vue";
import ContactScreen from "./screens/people/ContactScreen.vue";
import DoorScreen from "./screens/door/DoorScreen.vue";
import FollowUp from "./screens/FollowUp.vue";
import HouseholdScreen from "./screens/people/HouseholdScreen.vue";
import Me from "./screens/Me.vue";
import MyDoors from "./screens/MyDoors.vue";
import Notices from "./screens/Notices.vue";
import OutboxScreen from "./screens/outbox/OutboxScreen.vue";
import OutboxItemScreen from "./screens/outbox/OutboxItemScreen.vue";
import OwnerScreen from "./screens/people/OwnerScreen.vue";
import PersonScreen from "./screens/people/PersonScreen.vue";
import PinScreen from "./screens/sign/ChangePin.vue";
import RecordScreen from "./screens/record/RecordScreen.vue";
import SafetyScreen from "./screens/people/SafetyScreen.vue";
import Scan from "./screens/Scan.vue";
import Shifts from "./screens/Shifts.vue";
import SignIn from "./screens/sign/SignIn.vue";

declare module "vue-router" {
  interface RouteMeta { tab?: boolean }
}

const tab = { tab: true };
const ROUTES: RouteRecordRaw[] = [
  { path: "/", redirect: "/doors" },
  { path: "/doors", component: MyDoors, meta: tab },
  { path: "/follow-up", component: FollowUp, meta: tab },
  { path: "/shifts", component: Shifts, meta: tab },
  { path: "/notices", component: Notices, meta: tab },
  { path: "/me", component: Me, meta: tab },
  { path: "/doors/:id", component: DoorScreen, props: true },
  { path: "/doors/:id/record", component: RecordScreen, props: true },
  { path: "/doors/:id/member", component: PersonScreen, props: true },
  { path: "/doors/:id/member/:person", component: PersonScreen, props: true },
  { path: "/doors/:id/household/:household", component: HouseholdScreen, props: true },
  { path: "/doors/:id/owner", component: OwnerScreen, props: true },
  { path: "/doors/:id/contact/:contact", component: ContactScreen, props: true },
  { path: "/doors/:id/safety", component: SafetyScreen, props: true },
  { path: "/new-door", component: AddDoor },
  { path: "/new-door/record", component: RecordScreen },
  { path: "/scan", component: Scan },
  { path: "/outbox", component: OutboxScreen },
  { path: "/outbox/:id", component: OutboxItemScreen, props: true },
  { path: "/pin", component: PinScreen },
  { path: "/sign-in", component: SignIn },
  { path: "/:rest(.*)*", redirect: "/doors" },
];

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory("/phone/"),
    routes: ROUTES,
    scrollBehavior: (to, _from, saved) => saved ?? (to.path === "/doors" ? false : { top: 0 }), // the list finds its own place
  });
  router.afterEach((to, from) => {
    if (from.matched.length && to.path !== from.path) requestAnimationFrame(focusTitle);
  });
  return router;
}

/** A screen reader hears where it is; the keyboard starts at the top. */
function focusTitle(): void {
  document.querySelector<HTMLElement>("h1[tabindex]")?.focus({ preventScroll: true });
}
