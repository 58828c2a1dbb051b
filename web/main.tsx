import { render } from "preact";
import { App } from "./app";
import { followLinks } from "./route";

document.addEventListener("click", followLinks);
const place = document.getElementById("app");
if (place !== null) {
  place.replaceChildren();
  render(<App />, place);
}
