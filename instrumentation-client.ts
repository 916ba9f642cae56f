import { mendBrowserApis } from "@/lib/browser-apis";
import { limitActions } from "@/lib/http/answer-limit";

// Next runs this file before the router and everything else in the browser.
mendBrowserApis(window);
limitActions(window);
