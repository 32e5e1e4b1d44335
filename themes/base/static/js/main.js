// Everything works without these: they only make a page that was built yesterday tell the truth today.
import { hidePast } from "./past.js";
import { markToday } from "./today.js";
import { showWishes } from "./wish-button.js";
import { keepOffline } from "./offline.js";
import { searchHere } from "../components/search-field/search-field.js";

hidePast(document, new Date());
markToday(document, new Date());
showWishes(document);
keepOffline(document);
searchHere(document);
if (document.querySelector("wish-list")) import("./wish-list.js");
if (document.querySelector("wish-shared")) import("./wish-shared.js");
if (document.querySelector("last-minute")) import("../components/last-minute/last-minute.js");
