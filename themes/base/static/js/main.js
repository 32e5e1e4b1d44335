// Everything works without these: they only make a page that was built yesterday tell the truth today.
import { hidePast } from "./past.js";
import { markToday } from "./today.js";
import { searchHere } from "../components/search-field/search-field.js";

hidePast(document, new Date());
markToday(document, new Date());
searchHere(document);
