// The console's own script: every page works without it; it saves reloads and keystrokes.
import "@tabler/core/dist/css/tabler.min.css";
import "./console.css";
import "./bootstrap.js";
import "./htmx.js";
import "./keyboard.js";
import "./lazy.js";
import "./parts.js";
