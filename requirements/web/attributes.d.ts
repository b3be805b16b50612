/** The attributes of <kompas-chat> as properties, which widget/properties.js defines when the element is made. */

import type {} from "../../web/widget/element.js";

declare module "../../web/widget/element.js" {
  interface KompasChat {
    contact: string;
    endpoint: string;
    factsheet: string;
    heading: string;
    intro: string;
    language: string;
    mode: string;
    questions: string;
    site: string;
    theme: string;
  }
}
