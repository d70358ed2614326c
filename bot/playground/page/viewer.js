// A photo over the whole window.

import { byId, el } from "./dom.js";
import { t } from "./i18n.js";

/** Shows a picture large until it is clicked or Escape is pressed. */
export function panelPicture(url, caption) {
  const node = el("dialog", { class: "viewer", "aria-label": t("photo"), data: { testid: "viewer" } }, el("img", { src: url, alt: caption || t("photo") }), caption && el("p", { dir: "auto", text: caption }));
  node.addEventListener("close", () => node.remove());
  node.addEventListener("click", () => node.close());
  byId("app").append(node);
  node.showModal();
}
