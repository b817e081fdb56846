// Tabler's (Bootstrap's) behaviours that our templates use through data-bs-* attributes; the rest is left out of the bundle.
import { Alert, Collapse, Dropdown, Modal, Offcanvas, Tab, Toast, Tooltip } from "@tabler/core/dist/js/tabler.esm.min.js";

export { Alert, Collapse, Dropdown, Modal, Offcanvas, Tab, Toast, Tooltip };
