import { createApp } from "vue";
import { appKey } from "./app";
import { startDisplay } from "./parts/display";
import { makeRouter } from "./router";
import Root from "./screens/Root.vue";
import { createFirstline } from "./shell/create";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";

startDisplay();
const phone = createFirstline();
createApp(Root).provide(appKey, phone).use(makeRouter()).mount("#app");
void phone.start();
