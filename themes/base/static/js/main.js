// Everything works without these: they only make a page that was built yesterday tell the truth today.
import { hidePast } from "./past.js";
import { markToday } from "./today.js";

hidePast(document, new Date());
markToday(document, new Date());
if (document.querySelector("last-minute")) import("../components/last-minute/last-minute.js");
