// Everything works without these: they only make a page that was built yesterday tell the truth today. What only some pages
// need, only those fetch; themes/base/templates/layout.html tells the browser of it beforehand.
import { keepOffline } from "./offline.js";
import { countWishes } from "./wish-way.js";
import { searchHere } from "../components/search-field/search-field.js";

const has = (selector) => document.querySelector(selector);

countWishes(document);
keepOffline(document);
searchHere(document);
if (has("[data-end]")) import("./past.js").then(({ hidePast }) => hidePast(document, new Date()));
if (has("[data-today]")) import("./today.js").then(({ markToday }) => markToday(document, new Date()));
// No other cookie can be read here than how much is in the basket. "pageshow": also when a browser goes back to what it kept.
const basket = () => (document.cookie || has(".is-full")) && import("./basket-way.js").then(({ countBasket }) => countBasket(document));
window.addEventListener("pageshow", basket);
basket();
if (has("[data-live]")) import("./live.js").then(({ tellLive }) => tellLive(document));
if (has("wish-button")) import("./wish-button.js");
if (has("wish-shared")) import("./wish-shared.js");
if (has("waiting-room")) import("./waiting-room.js");
if (has(".till")) import("./till.js");
if (has("last-minute")) import("../components/last-minute/last-minute.js");
