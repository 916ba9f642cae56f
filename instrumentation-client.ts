import { mendBrowserApis } from "@/lib/browser-apis";

// Next runs this file before the router and everything else in the browser.
mendBrowserApis(window);
