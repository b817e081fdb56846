import { createApp } from "vue";
import { appKey } from "../app";
import { startDisplay } from "../parts/display";
import { makeRouter } from "../router";
import Root from "../screens/Root.vue";
import { fakeApp, type Scene } from "./fake";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/parts.css";

const asked = new URLSearchParams(location.search);
startDisplay();
createApp(Root).provide(appKey, fakeApp(Number(asked.get("doors") ?? 24), (asked.get("state") ?? "typical") as Scene)).use(makeRouter()).mount("#app");
