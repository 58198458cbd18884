/** The icons of the panel, drawn after Lucide (ISC licence). */

import { icon } from "../host";

export const close = (): SVGSVGElement => icon("M18 6 6 18", "M6 6l12 12");
export const trash = (): SVGSVGElement =>
  icon("M3 6h18", "M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6", "M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2", "M10 11v6", "M14 11v6");
export const send = (): SVGSVGElement => icon("M5 12h14", "M12 5l7 7-7 7");
export const microphone = (): SVGSVGElement =>
  icon("M12 2a3 3 0 0 0-3 3v7a3 3 0 0 0 6 0V5a3 3 0 0 0-3-3z", "M19 10v2a7 7 0 0 1-14 0v-2", "M12 19v3");
export const back = (): SVGSVGElement => icon("M15 18l-6-6 6-6");
export const forward = (): SVGSVGElement => icon("M9 18l6-6-6-6");
export const up = (): SVGSVGElement =>
  icon("M7 10v12", "M15 5.9 14 10h5.8a2 2 0 0 1 1.9 2.6l-2.3 8A2 2 0 0 1 17.5 22H4a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2h2.8a2 2 0 0 0 1.8-1.1L12 2a3.1 3.1 0 0 1 3 3.9z");
export const down = (): SVGSVGElement =>
  icon("M17 14V2", "M9 18.1 10 14H4.2a2 2 0 0 1-1.9-2.6l2.3-8A2 2 0 0 1 6.5 2H20a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-2.8a2 2 0 0 0-1.8 1.1L12 22a3.1 3.1 0 0 1-3-3.9z");
